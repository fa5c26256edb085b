// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Diagnostics

/// The command line: one file a command, no logic beyond parsing and printing.
@main
struct Hadal: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hadal",
    abstract: "Runs DeepSeek-style language models, exactly, on your own machine.",
    discussion: """
      Start with:
        hadal chat -m FOLDER                      talk to a model
        hadal run -m FOLDER "Once upon a time"    continue a text
        hadal inspect FOLDER                      what a checkpoint is and needs
        hadal doctor                              what this machine can do

      FOLDER holds a checkpoint as Hugging Face publishes it: config.json, tokenizer.json, and
      safetensors or pytorch_model.bin. Results go to standard output, everything else to
      standard error.
      """,
    subcommands: [
      ChatCommand.self, RunCommand.self, ScoreCommand.self, TokenizeCommand.self,
      DetokenizeCommand.self, RenderCommand.self, InspectCommand.self, ConvertCommand.self,
      BenchCommand.self, DoctorCommand.self, PullCommand.self, ListCommand.self, RemoveCommand.self,
    ]
  )

  @Flag(help: "Print version, arithmetic version and kernel path.")
  var version = false

  func run() throws {
    guard version else { throw CleanExit.helpRequest(self) }
    try Output.line(VersionText.line)
  }

  static func main() {
    Interruption.install()
    do {
      var command = try parseAsRoot(Arguments.given)
      try command.run()
    } catch {
      ErrorReport.exit(with: error)
    }
  }
}
