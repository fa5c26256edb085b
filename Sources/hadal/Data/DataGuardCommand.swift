// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Diagnostics
import Identity
import JSON

/// `hadal data guard`.
struct DataGuardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "guard",
    abstract: "Find text in which a model would claim another assistant's identity.",
    discussion: """
      Each line of a .jsonl file is a document, {"text"} or {"messages"}, with an "id" if it has
      one; in all other files each paragraph is. In conversations the assistant's turns are judged,
      and the user's tell what they mean. English, Hindi, Chinese, Spanish and Arabic have rules,
      and simple self-introductions are found in more languages. A claim says it; what is suspicious
      leaves a trace of another assistant, as a knowledge cutoff does.

      --allow names whose identity may be claimed, in the place of Hadal; it may come several times.
      The name of a known model or company allows all names of that company. The exit code is 1
      where anything was found, 0 where nothing was.

      A hit has a hash. Lines of --json to which somebody adds "decision":"accept", "drop" or
      "rewrite" are what data shards takes with --decisions; here they leave decided hits out.

        hadal data guard conversations.jsonl book.txt
        hadal data guard distilled.jsonl --allow Hadal --allow Qwen --json
      """
  )

  @Option(help: "A name that the model may claim; without it Hadal.")
  var allow: [String] = []

  @Option(
    help: ArgumentHelp(
      "Lines of --json with a \"decision\"; their hits are left out.",
      valueName: "file"
    )
  )
  var decisions: String?

  @Flag(help: "Print one JSON object a line: each hit, then the counts.")
  var json = false

  @Argument(help: ArgumentHelp("Files of JSON lines or of text.", valueName: "file"))
  var files: [String]

  func run() throws {
    let guardian = IdentityGuard(
      allow.isEmpty ? IdentityGuard.Settings() : IdentityGuard.Settings(allowed: allow)
    )
    let decided = try decisions.map { try IdentityDecisions(path: $0).byHash } ?? [:]
    let start = ContinuousClock.now
    var count = GuardedFile.Count()
    var decidedCount = 0
    for path in files {
      var progress = Progress(path)
      defer { progress.clear() }
      count += try GuardedFile(path: path).check(
        with: guardian,
        while: { bytes in
          progress.show(bytes)
          return !Interruption.isRequested
        },
        report: { hit in
          if !decided.isEmpty, decided[hit.hit.hash] != nil {
            decidedCount += 1
            return
          }
          progress.clear()
          try show(hit, in: path)
        }
      )
      try Interruption.check()
    }
    count.hits -= decidedCount
    let time = start.duration(to: .now) / .seconds(1)
    try summarize(count, seconds: time)
    if count.hits > 0 { throw ArgumentParser.ExitCode(Diagnostics.ExitCode.checkFailed.rawValue) }
  }

  private func show(_ found: GuardedFile.Hit, in path: String) throws {
    let text = HitText(hit: found.hit, path: path, line: found.line, id: found.id)
    if json { try Output.json(text.json) } else { try Output.line(text.text) }
  }

  private func summarize(_ count: GuardedFile.Count, seconds: Double) throws {
    guard json else {
      let rate = seconds > 0 ? ", \(ByteCount.text(Int(Double(count.bytes) / seconds)))/s" : ""
      return try Output.line(
        "\(count.documents) documents, \(count.hits) hits, \(ByteCount.text(count.bytes))\(rate)"
      )
    }
    try Output.json(
      .object([
        ("documents", .integer(count.documents)), ("hits", .integer(count.hits)),
        ("bytes", .integer(count.bytes)), ("seconds", .double(seconds)),
      ])
    )
  }
}
