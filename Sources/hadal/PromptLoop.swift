// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Inference

/// Continues what a person types, line by line, until the end of input.
struct PromptLoop {
  let command: RunCommand
  let model: LoadedModel
  let prompts: PromptMaker
  let ledger: AnswerLedger

  func run() throws {
    Output.errorLine("Type a text to continue it; Ctrl-D ends.")
    while !Interruption.isRequested {
      Output.error("> ")
      do {
        guard let line = try Input.line() else { break }
        guard !line.isEmpty else { continue }
        try command.complete(
          try prompts.prompt(line),
          with: model,
          ledger,
          time: prompts.time
        )
      } catch let error as any DiagnosableError where error.exitCode == .badData {
        // A text that is too long, or none that is UTF-8: the next may be better.
        ErrorReport.Parts(error).print()
      }
    }
    Output.errorLine("")
    try Interruption.check()
  }
}
