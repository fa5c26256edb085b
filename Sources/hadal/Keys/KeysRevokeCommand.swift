// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JSON
import Storage

/// `hadal keys revoke`.
struct KeysRevokeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke",
    abstract: "Let nobody in with a key any more.",
    discussion: """
      The next request with the key is refused, also by a server that runs; answers that were begun
      are finished. The key stays in the list with what it used, and cannot come back.

        hadal keys revoke k7q2mxab
      """
  )

  @Argument(help: "The key's id, as hadal keys list shows it; not its secret.")
  var id: String

  @OptionGroup var place: KeysPlaceOptions

  func run() throws {
    let key = try place.open().revoke(id)
    if place.json {
      try Output.json(.object(KeyText.members(key)))
    } else {
      try Output.line("revoked \(key.id), the key for \(key.name)")
    }
  }
}
