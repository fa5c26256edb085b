// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Compute
import Hub
import JSON

/// `hadal label`.
struct LabelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "label",
    abstract: "Show what a model was made of, what that cost and how good it is.",
    discussion: """
      The label is made of the ledger and of what a checkpoint says of its run: data with licenses,
      tokens, hours, energy, money, evaluation with intervals, what it says of itself, and the
      checkpoints that it went on from. Each figure names its rows. What somebody else's label.json
      states is marked, and what nobody knows is listed. Evaluations are those of hadal eval with the
      same weights.

        hadal label nano
        hadal label RUN/checkpoints/step-00008000 > label.md
        hadal label RUN/checkpoints/step-00008000 --json > label.json
      """
  )

  @Argument(help: "A checkpoint's folder, org/name[@revision], or nano.")
  var model: String

  @OptionGroup var place: LedgerPlaceOptions

  func run() throws {
    let folder = try ModelPlace.folder(of: model, needing: .weights)
    let index = try place.index()
    var label = try Label(model, folder: folder, stated: stated(folder), index)
    if let origin = try origin(folder) { label.lineage.append(origin) }
    if place.json {
      try Output.json(label.json)
    } else {
      try Output.text(label.markdown)
    }
    try place.warn(of: index)
  }

  // The label of the model within the program stands beside its recipe.
  private static let builtIn = "recipe/label.json"

  /// The label that was published with the model.
  private func stated(_ folder: String) throws -> [UInt8]? {
    if BuiltInModel.isFolder(folder) { return EmbeddedFile.named(Self.builtIn)?.bytes }
    let path = "\(folder)/\(Label.fileName)"
    guard try FileKind.of(path) == .regularFile else { return nil }
    let region = try MemoryRegion(mapping: path)
    return region.copyBytes(0..<region.byteCount)
  }

  /// Where a pulled model's files come from.
  private func origin(_ folder: String) throws -> String? {
    let models = LocalModels(try ModelPlace.settings()).all()
    guard let found = models.first(where: { $0.folder == folder }) else { return nil }
    let commit = found.commit.map { " at commit \($0)" } ?? ""
    return "\(found.identifier)\(commit), \(found.origin.rawValue)"
  }
}
