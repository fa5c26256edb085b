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
        hadal chat                                talk to nano, the small model inside
        hadal chat -m FOLDER                      talk to another
        hadal serve                               let other programs ask it
        hadal run -m FOLDER "Once upon a time"    continue a text
        hadal inspect FOLDER                      what a checkpoint is and needs
        hadal plan deepseek-v3                    what training a model takes
        hadal doctor                              what this machine can do

      FOLDER holds a checkpoint as Hugging Face publishes it: config.json, tokenizer.json, and
      safetensors or pytorch_model.bin. Results go to standard output, everything else to
      standard error.
      """,
    subcommands: [
      ChatCommand.self, RunCommand.self, ScoreCommand.self, TokenizeCommand.self,
      DetokenizeCommand.self, RenderCommand.self, InspectCommand.self, ConvertCommand.self,
      BenchCommand.self, ServeCommand.self, KeysCommand.self, ReplayCommand.self, EvalCommand.self,
      TrainCommand.self, DataCommand.self, LedgerCommand.self, LabelCommand.self, PlanCommand.self,
      DoctorCommand.self, PullCommand.self, ListCommand.self, RemoveCommand.self,
    ]
  )

  @Flag(help: "Print version, arithmetic version and kernel path.")
  var version = false

  @Option(
    help: ArgumentHelp(
      "Defaults of options, in the place of config.yaml; '' for none. May stand behind COMMAND too.",
      valueName: "file"
    )
  )
  var config: String?

  func run() throws {
    guard version else { throw CleanExit.helpRequest(self) }
    try Output.line(VersionText.line)
  }

  static func main() {
    Interruption.install()
    var arguments = Arguments.given
    do {
      var command = try ConfiguredCommand.parse(&arguments)
      try command.run()
    } catch {
      ErrorReport.exit(with: error, arguments: arguments)
    }
  }
}
