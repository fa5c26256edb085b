// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

/// A home of its own for one test, with a ledger that the program fills.
struct LedgerScene: ~Copyable {
  let folder: String
  /// The small model of the oracles.
  static let stories = (Oracles.folder ?? "") + "/checkpoints/real-stories260K"

  init() throws { folder = try SystemFolder.makeTemporary() }

  deinit { SystemFolder.remove(folder) }

  var ledger: String { folder + "/data/hadal/ledger" }

  var index: String { folder + "/data/hadal/ledger-index.sqlite" }

  func hadal(
    _ arguments: [String],
    input: String = "",
    environment: [String: String] = [:]
  ) throws -> HadalProcess.Outcome {
    try HadalProcess.run(
      arguments,
      input: Array(input.utf8),
      environment: ["XDG_DATA_HOME": folder + "/data"].merging(environment) { $1 }
    )
  }

  /// Leaves some rows.
  func answer(_ count: Int = 1, _ more: [String] = []) throws {
    let lines = String(repeating: "{\"prompt_ids\":[1],\"max_tokens\":4}\n", count: count)
    let run = try hadal(["run", "-m", Self.stories, "--batch", "-"] + more, input: lines)
    #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
  }

  func bytes(_ name: String = "run.jsonl") throws -> [UInt8] {
    try Oracles.bytes(at: "\(ledger)/\(name)")
  }

  func rows(_ name: String = "run.jsonl") throws -> [JSONValue] {
    try Self.objects(String(decoding: bytes(name), as: UTF8.self))
  }

  static func objects(_ text: String) throws -> [JSONValue] {
    try text.split(separator: "\n").map { try JSONDocument(Array($0.utf8)).root }
  }
}

extension JSONValue {
  /// The elements of an array; none where it is no array.
  var elements: [JSONValue] { array.map { Array($0) } ?? [] }
}
