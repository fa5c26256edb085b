// SPDX-License-Identifier: Apache-2.0

/// What a scalar of somebody's text may do on a screen.
///
/// A model, a user or a file could otherwise move the cursor, set the clipboard or the window's
/// title, make the terminal type, or let a line read other than it is.
enum ScreenSafety: Hashable {
  /// Nothing: it is a character that is seen, or belongs to one.
  case written
  /// It would command the terminal: this is seen in its place, one column a byte.
  case shown(String)
  /// It is neither seen nor needed.
  case dropped

  init(_ scalar: Unicode.Scalar, in cluster: ClusterState) {
    let value = scalar.value
    switch value {
    case 0x20..<0x7F: self = .written
    case 0..<0x20: self = .shown("^" + String(Character(Self.letter(value + 0x40))))
    case 0x7F: self = .shown("^?")
    // The controls of Latin-1, among them the one-byte form of `ESC [`.
    case 0x80..<0xA0: self = .shown(Self.number(value))
    // Overrides of direction let text read other than it is.
    case 0x202D, 0x202E: self = .shown(Self.number(value))
    // Line and paragraph separators, which terminals treat each in its way.
    case 0x2028, 0x2029: self = .shown(Self.number(value))
    // No characters at all.
    case 0xFDD0...0xFDEF: self = .shown(Self.number(value))
    case _ where value & 0xFFFE == 0xFFFE: self = .shown(Self.number(value))
    // Tags spell the subdivision in the flag that they belong to; elsewhere they hide text.
    case 0xE0000...0xE007F: self = cluster.first.value == 0x1F3F4 ? .written : .dropped
    default: self = Self.isInvisible(value, in: cluster) ? .dropped : .written
    }
  }

  /// Marks of direction and structure, which a grid of cells has no use for, and joiners and
  /// selectors that stand alone.
  private static func isInvisible(_ value: UInt32, in cluster: ClusterState) -> Bool {
    switch value {
    case 0xAD, 0x61C, 0x200B, 0x200E, 0x200F, 0x202A...0x202C, 0x2060...0x206F, 0xFEFF,
      0xFFF0...0xFFFB, 0x1D173...0x1D17A:
      true
    case 0x200C, 0x200D, 0xFE00...0xFE0F, 0xE0100...0xE01EF: cluster.first.value == value
    default: false
    }
  }

  private static func letter(_ value: UInt32) -> Unicode.Scalar { Unicode.Scalar(value) ?? "?" }

  private static func number(_ value: UInt32) -> String {
    "<" + String(value, radix: 16, uppercase: true) + ">"
  }
}
