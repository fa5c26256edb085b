// SPDX-License-Identifier: Apache-2.0

import JSON

extension TokenizerReader {
  /// Reads `merges` of tokenizer.json: `"a b"` or `["a", "b"]`, first to last.
  mutating func readMerges(
    _ field: Field,
    specialContents: Set<Int32>
  ) throws(TokenizationError) {
    guard let elements = field.value.array else { throw field.wrongKind("an array") }
    var pair: [UInt8] = []
    var number = 0
    for element in elements {
      number += 1
      pair.removeAll(keepingCapacity: true)
      var leftCount: Int?
      if element.appendStringBytes(to: &pair) {
        leftCount = Self.removeSeparator(&pair)
      } else if let sides = element.array, sides.count == 2 {
        for side in sides where side.appendStringBytes(to: &pair) && leftCount == nil {
          leftCount = pair.count
        }
        if sides.contains(where: { $0.string == nil }) { leftCount = nil }
      }
      guard let leftCount else { throw field.error(.malformedMerge(number: number)) }
      do {
        try insertMerge(pair, leftCount, number, specialContents)
      } catch { throw field.error(error.reason) }
    }
  }

  /// Reads the lines of merges.txt.
  mutating func readMergeLines(
    _ lines: [ArraySlice<UInt8>],
    specialContents: Set<Int32>
  ) throws(TokenizationError) {
    var number = 0
    for line in lines where !line.starts(with: Array("#version".utf8)) {
      number += 1
      var pair = Array(line)
      if let offset = UTF8Check.firstFault(in: pair.span) {
        throw TokenizationError(
          .notUTF8(offset: line.startIndex + offset),
          place: "merges.txt"
        )
      }
      guard let leftCount = Self.removeSeparator(&pair) else {
        throw TokenizationError(.malformedMerge(number: number), place: "merges.txt")
      }
      do {
        try insertMerge(pair, leftCount, number, specialContents)
      } catch { throw TokenizationError(error.reason, place: "merges.txt") }
    }
  }

  /// Takes the one space out of a merge and returns how many bytes stand before it.
  private static func removeSeparator(_ pair: inout [UInt8]) -> Int? {
    guard let space = pair.firstIndex(of: 0x20), space > 0, space + 1 < pair.count,
      !pair[(space + 1)...].contains(0x20)
    else { return nil }
    pair.remove(at: space)
    return space
  }

  private mutating func insertMerge(
    _ pair: [UInt8],
    _ leftCount: Int,
    _ number: Int,
    _ specialContents: Set<Int32>
  ) throws(TokenizationError) {
    let whole = pair.span
    let left = parts.vocabulary.modelID(of: whole.extracting(..<leftCount))
    let right = parts.vocabulary.modelID(of: whole.extracting(leftCount...))
    guard let left, let right, let id = parts.vocabulary.modelID(of: whole) else {
      let missing =
        left == nil ? pair[..<leftCount] : right == nil ? pair[leftCount...] : pair[...]
      throw TokenizationError(
        .mergeWithoutPiece(number: number, piece: String(decoding: missing, as: UTF8.self))
      )
    }
    // Text is never control: no published merge makes a special token, and no file can.
    guard !specialContents.contains(id) else { return }
    parts.merges.insert(
      left: left,
      right: right,
      merge: MergeTable.Merge(rank: UInt32(number - 1), id: id)
    )
  }
}
