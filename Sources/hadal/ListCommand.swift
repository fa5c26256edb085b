// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Diagnostics
import Hub

/// `hadal list`.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Show the models on this machine.",
    discussion: """
      The one within the program, those that were pulled, those that lie in the
      cache of Hugging Face's programs, and folders that a person put where
      pulled models lie.

        hadal list
        hadal list --json
      """
  )

  @Flag(help: "Print one JSON object a model.")
  var json = false

  func run() throws {
    let models = LocalModels(try ModelPlace.settings()).all()
    let hasOwn = BuiltInModel.folder != nil
    if json {
      if hasOwn { try Output.json(BuiltInModel.json) }
      for model in models { try Output.json(model.json) }
      return
    }
    let own = [
      BuiltInModel.name, "-", "-", ByteCount.text(BuiltInModel.byteCount), "built in",
      "within the program",
    ]
    let others = models.map { model in
      [
        model.identifier, model.revision ?? "-", model.commit.map { String($0.prefix(8)) } ?? "-",
        ByteCount.text(model.byteCount), model.origin.rawValue, model.folder,
      ]
    }
    let rows = (hasOwn ? [own] : []) + others
    let widths = (0..<5).map { column in rows.map { $0[column].count }.max() ?? 0 }
    for row in rows {
      let cells = zip(row, widths).map { cell, width in
        cell + String(repeating: " ", count: width - cell.count)
      }
      try Output.line((cells + row.dropFirst(5)).joined(separator: "  "))
    }
    if rows.isEmpty, Output.isTerminal { Output.errorLine("no models; try: hadal pull org/name") }
  }
}
