// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JSON
import Storage

/// `hadal keys list`.
struct KeysListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Show the keys, and what was used with each.",
    discussion: """
      The oldest key first, revoked ones too; no secret is shown, since none is kept. Amounts are US
      dollars. What the answers of a key took in time and energy is in the ledger.

        hadal keys list
        hadal keys list --json
        hadal ledger report --by run
      """
  )

  @OptionGroup var place: KeysPlaceOptions

  func run() throws {
    let keys = try place.open().list()
    if place.json {
      for key in keys { try Output.json(.object(KeyText.members(key))) }
    } else if !keys.isEmpty {
      for line in KeyText.table(keys).lines { try Output.line(line) }
    } else if Output.isTerminal {
      Output.errorLine("no keys; try: hadal keys create NAME")
    }
  }
}
