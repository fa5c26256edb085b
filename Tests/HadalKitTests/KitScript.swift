// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import HadalKit
import TestSupport

/// A model that says what is written down, loaded as programs load theirs.
final class KitScript: Sendable {
  let model: Model
  let folder: String

  /// Loads a script.
  ///
  /// - Parameters:
  ///   - script: What it says: to the first message the first answer, and so on.
  ///   - countsTools: Whether a tool's result is answered like a message of the user.
  ///   - settings: How it is loaded.
  /// - Throws: An error where it cannot be written or loaded.
  init(
    _ script: ScriptedModel,
    countsTools: Bool = false,
    settings: ModelSettings = ModelSettings(threadCount: 2)
  ) async throws {
    folder = try SystemFolder.makeTemporary()
    try script.write(to: folder)
    if countsTools {
      let path = folder + "/chat_template.jinja"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let rule = "m.role == 'user'"
      precondition(text.contains(rule))
      let replaced = text.split(separator: rule, omittingEmptySubsequences: false)
        .joined(separator: "m.role in ['user', 'tool']")
      try SystemFolder.write(Array(replaced.utf8), to: path)
    }
    model = try await Model(folder: folder, settings: settings)
  }

  /// Loads answers.
  convenience init(_ answers: String..., countsTools: Bool = false) async throws {
    try await self.init(
      ScriptedModel(answers.map { ScriptedModel.Answer($0) }),
      countsTools: countsTools
    )
  }

  deinit { SystemFolder.remove(folder) }
}
