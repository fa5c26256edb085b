// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Hub

/// `hadal pull`.
struct PullCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pull",
    abstract: "Fetch a model from a hub.",
    discussion: """
      Fetches what the model needs (configuration, tokenizer, templates,
      weights), verifies every hash, and prints the folder; then -m NAME finds
      it. What is here already is not fetched again, and a pull that was stopped
      goes on where it was.

        hadal pull deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B
        hadal pull org/name --revision v2 --include '*.json' --exclude 'onnx/'

      Patterns: * stands for any characters, slashes too, ? for one, [a-z] for
      one of a set. Variables: HF_ENDPOINT, HF_TOKEN, HF_HOME, HF_HUB_CACHE,
      HF_HUB_OFFLINE, HF_HUB_DOWNLOAD_TIMEOUT, SSL_CERT_FILE.
      """
  )

  @Argument(help: "The model: org/name, or org/name@revision.")
  var name: String

  @Option(help: "A branch, a tag or a commit (default: main).")
  var revision: String?

  @Option(
    help: ArgumentHelp(
      "Fetch files that match, instead of what a model needs; may be given several times.",
      valueName: "pattern"
    )
  )
  var include: [String] = []

  @Option(
    help: ArgumentHelp(
      "Fetch no file that matches; may be given several times.",
      valueName: "pattern"
    )
  )
  var exclude: [String] = []

  @Flag(help: "Hash the files that are here again, and fetch those that differ.")
  var force = false

  @Flag(help: "Print one JSON object for each file, and one for the model.")
  var json = false

  func run() throws {
    var model = try ModelPlace.name(name)
    if let revision {
      guard ModelName.isRevision(revision) else {
        throw ValidationError("--revision is '\(revision)', but must be a branch, tag or commit")
      }
      guard model.revision == nil || model.revision == revision else {
        throw ValidationError("NAME and --revision name two revisions")
      }
      model.revision = revision
    }
    let pull = PullRun(
      name: model,
      selection: FileSelection(include: include, exclude: exclude),
      isForced: force,
      json: json
    )
    let pulled = try pull.run(ModelPlace.settings())
    if json {
      try Output.json(pulled.json)
    } else {
      try Output.line(pulled.folder)
    }
  }
}
