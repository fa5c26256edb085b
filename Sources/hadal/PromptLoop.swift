// SPDX-License-Identifier: Apache-2.0

import Inference

/// Continues what a person types, line by line, until the end of input.
struct PromptLoop {
  let command: RunCommand
  let model: LoadedModel

  func run() throws {
    Output.errorLine("Type a text to continue it; Ctrl-D ends.")
    while !Interruption.isRequested {
      try Output.text("> ")
      guard let line = readLine() else { break }
      guard !line.isEmpty else { continue }
      let ids = try model.promptIDs(line, raw: command.raw)
      try command.complete(ids, with: model)
    }
    try Output.text("\n")
  }
}
