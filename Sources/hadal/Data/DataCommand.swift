// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `hadal data`: what a model is trained on.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Prepare and check what a model is trained on.",
    discussion: """
      Before a text trains a model, it is looked at:

        hadal data guard conversations.jsonl
      """,
    subcommands: [DataGuardCommand.self]
  )
}
