// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `hadal ledger`: what work has cost, and whether the record of it is what it was.
struct LedgerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger",
    abstract: "Show what work has cost, and check that nobody changed the record.",
    discussion: """
      Every answer, evaluation and step of training leaves a row: its time, tokens, operations, energy
      and money. Rows are chained by hashes, so that an edit shows; a head that somebody else keeps
      shows also that nothing was written anew.

        hadal ledger show
        hadal ledger report --by run
        hadal ledger verify
        hadal ledger witness --out heads.jsonl
        hadal ledger verify --witness heads.jsonl
      """,
    subcommands: [
      LedgerShowCommand.self, LedgerReportCommand.self, LedgerVerifyCommand.self,
      LedgerExportCommand.self, LedgerWitnessCommand.self,
    ]
  )
}
