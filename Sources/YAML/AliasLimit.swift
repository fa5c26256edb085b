// SPDX-License-Identifier: Apache-2.0

/// Bounds how much larger aliases can make a file.
///
/// A few lines of YAML whose aliases name each other stand for billions of values ("billion laughs").
/// What could be an anchor or an alias is counted in the bytes, before a parser sees them.
enum AliasLimit {
  // LIMIT: sixteen aliases make a text at most some 300 times as large; a file of keys and values needs none.
  static let aliasCount = 16

  /// Refuses a text with many aliases.
  ///
  /// Asterisks in a text of Markdown look alike, so that they count only beside an anchor.
  static func check(_ bytes: [UInt8], file: String) throws(YAMLError) {
    guard places(of: "&", in: bytes).first != nil else { return }
    let aliases = places(of: "*", in: bytes)
    guard aliases.count > aliasCount else { return }
    let position = YAMLPosition(of: aliases[aliasCount], in: bytes)
    throw YAMLError(.tooManyAliases(limit: aliasCount), file: file, at: position)
  }

  /// Where a mark could begin a name: at least all places where YAML sees it.
  private static func places(of mark: Unicode.Scalar, in bytes: [UInt8]) -> [Int] {
    let mark = UInt8(ascii: mark)
    return bytes.indices.dropLast().filter { index in
      guard bytes[index] == mark else { return false }
      let next = bytes[index + 1]
      guard isWord(next) || next == UInt8(ascii: "-") else { return false }
      return index == 0 || !isWord(bytes[index - 1]) && bytes[index - 1] != mark
    }
  }

  /// Whether a byte belongs to names.
  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
