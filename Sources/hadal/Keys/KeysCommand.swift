// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `hadal keys`: who may ask `hadal serve`, and what each may use.
struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys",
    abstract: "Make, list and revoke the keys of hadal serve.",
    discussion: """
      A key lets a client in, and counts what it uses. Whoever listens for other machines needs one;
      a server for this machine alone needs none. Keys lie in the database of the conversations,
      as hashes: a secret is shown once, and never again. A running server sees at once what is made
      or revoked.

        hadal keys create anna
        hadal keys list
        hadal keys revoke k7q2mxab
      """,
    subcommands: [KeysCreateCommand.self, KeysListCommand.self, KeysRevokeCommand.self]
  )
}
