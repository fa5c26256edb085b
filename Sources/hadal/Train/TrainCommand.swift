// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `hadal train`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Check derivatives against another implementation's.",
    discussion: """
      gradients takes a few steps of AdamW on one batch and writes what it found:

        hadal train gradients -m FOLDER --batch FILE --steps 3 --out DIR
      """,
    subcommands: [TrainGradientsCommand.self]
  )
}
