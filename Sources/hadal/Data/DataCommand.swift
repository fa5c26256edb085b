// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `hadal data`: what is done with texts before a model learns from them.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Make training data of texts.",
    discussion: """
      A tokenizer is trained on texts, then the texts become shards of tokens, without duplicates
      and with a note of where each document comes from. guard finds texts in which a model would
      claim to be somebody else's.

        hadal data guard conversations.jsonl
        hadal data tokenizer texts --vocabulary-size 8192 --out tokenizer
        hadal data shards texts --tokenizer tokenizer --out shards
        hadal data stats shards --check
      """,
    subcommands: [
      DataTokenizerCommand.self, DataShardsCommand.self, DataStatsCommand.self,
      DataGuardCommand.self, DataGenerateCommand.self,
    ]
  )
}
