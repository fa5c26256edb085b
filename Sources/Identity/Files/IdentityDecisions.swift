// SPDX-License-Identifier: Apache-2.0

import JSON

/// What persons decided about hits: the lines that `hadal data guard --json` prints, with a
/// `"decision"` added to those that were decided.
public struct IdentityDecisions: Sendable, Hashable {
  /// The decisions by the hashes of hits.
  public let byHash: [String: IdentityResolution.Decision]

  /// Reads a file.
  ///
  /// - Parameter path: JSON lines; those without `decision` are left out.
  /// - Throws: `IdentityError` naming the line that is no JSON, or decides nothing that there is.
  public init(path: String) throws(IdentityError) {
    var reader = try ByteReader(path: path)
    var bytes: [UInt8] = []
    while try reader.append(to: &bytes) {}
    var decisions: [String: IdentityResolution.Decision] = [:]
    for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    where line.contains(where: { $0 > 0x20 }) {
      let root: JSONValue
      do { root = try JSONDocument(Array(line)).root } catch {
        throw IdentityError(.notJSON(error), file: path, line: index + 1)
      }
      guard let word = root["decision"], !word.isNull else { continue }
      guard let hash = root["hash"]?.string else {
        throw IdentityError(.notADecision("no 'hash'"), file: path, line: index + 1)
      }
      guard let decision = word.string.flatMap(IdentityResolution.Decision.init) else {
        throw IdentityError(
          .notADecision("the decision \(word.string ?? "that is no text")"),
          file: path,
          line: index + 1
        )
      }
      if let earlier = decisions[hash], earlier != decision {
        throw IdentityError(
          .notADecision("another decision than an earlier line about \(hash)"),
          file: path,
          line: index + 1
        )
      }
      decisions[hash] = decision
    }
    byHash = decisions
  }
}
