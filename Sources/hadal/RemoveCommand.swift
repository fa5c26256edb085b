// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Diagnostics
import Hub
import JSON

/// `hadal remove`.
struct RemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Remove a model that was pulled.",
    discussion: """
      Removes what hadal pulled, and what a stopped pull left. Folders of a person,
      the cache of other programs and nano, which is part of the program, are left
      alone.

        hadal remove org/name
      """
  )

  @Argument(help: "The model: org/name, or org/name@revision.")
  var name: String

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let name = try ModelPlace.name(name)
    let model = try LocalModels(ModelPlace.settings()).remove(name)
    if json {
      try Output.json(
        model?.json
          ?? .object([
            ("model", .string(name.identifier)), ("files", .integer(0)), ("bytes", .integer(0)),
          ])
      )
    } else {
      try Output.line(
        "removed \(name.identifier)"
          + (model.map { ", \(ByteCount.text($0.byteCount))" } ?? ", parts of it alone")
      )
    }
  }
}
