// SPDX-License-Identifier: Apache-2.0

import Identity
import JSON
import TestSupport
import Testing

/// The recorded samples: what must be found is found, what must pass passes.
///
/// Method: rates over whole sets, so that one phrase may fail and a construction may not. The rules
/// were written against the records of even index alone; both halves are held to the same bounds.
@Suite struct OracleTests {
  private static let guardian = IdentityGuard()
  private static let languages = ["en", "hi", "zh", "es", "ar"]
  static let folder = (Oracles.folder ?? "") + "/instruct/"

  private struct Record {
    var kind: String
    var document: IdentityDocument
  }

  private static func records(_ path: String) throws -> [Record] {
    try Oracles.bytes(at: folder + path).split(separator: 0x0A).map { line in
      let root = try JSONDocument(Array(line)).root
      let turns = root["messages"]?.array?.map { message in
        IdentityDocument.Turn(
          role: message["role"]?.string ?? "",
          text: message["content"]?.string ?? ""
        )
      }
      return Record(
        kind: root["kind"]?.string ?? "",
        document: IdentityDocument(turns: turns ?? [])
      )
    }
  }

  @Test(
    .enabled(if: Oracles.isComplete, "needs the whole set of oracles"),
    arguments: languages,
    [0, 1]
  )
  func `97 of 100 claims are found`(_ language: String, half: Int) throws {
    let all = try Self.records("contaminated-TEST-ONLY/\(language).jsonl")
    let records = all.enumerated().filter { $0.offset % 2 == half }.map(\.element)
    let named = records.filter { $0.kind != "cutoff-bare" }
    let missed = named.filter { record in
      !Self.guardian.check(record.document).contains { $0.label == .claim }
    }
    #expect(named.count > 150)
    #expect(
      missed.count * 100 <= named.count * 3,
      "\(missed.count) of \(named.count): \(missed.map { $0.document.turns.last?.text ?? "" })"
    )
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"), arguments: languages)
  func `a bare cutoff is suspicious and no claim`(_ language: String) throws {
    let records = try Self.records("contaminated-TEST-ONLY/\(language).jsonl")
    let bare = records.filter { $0.kind == "cutoff-bare" }
    let labels = bare.map { Self.guardian.check($0.document).map(\.label) }
    #expect(labels.filter { $0.contains(.claim) }.isEmpty)
    #expect(labels.filter { !$0.contains(.suspicious) }.count <= 1)
  }

  @Test(
    .enabled(if: Oracles.isComplete, "needs the whole set of oracles"),
    arguments: languages,
    [0, 1]
  )
  func `not one of 100 clean records is flagged`(_ language: String, half: Int) throws {
    let all = try Self.records("clean/\(language).jsonl")
    let records = all.enumerated().filter { $0.offset % 2 == half }.map(\.element)
    let flagged = records.flatMap { Self.guardian.check($0.document) }
    #expect(flagged.count * 100 <= records.count, "\(flagged.map(\.text))")
  }
}
