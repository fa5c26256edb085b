// SPDX-License-Identifier: Apache-2.0

/// The few commands that the drawing uses, all of ECMA-48 or xterm and known to every terminal that
/// is not `dumb`.
extension [UInt8] {
  mutating func moveUp(_ count: Int) { appendSequence(count, UInt8(ascii: "A")) }

  mutating func moveDown(_ count: Int) { appendSequence(count, UInt8(ascii: "B")) }

  /// Moves the cursor within its row; `column` counts from 0.
  mutating func moveToColumn(_ column: Int) {
    if column == 0 {
      append(0x0D)
    } else {
      append(contentsOf: "\u{1B}[\(column + 1)G".utf8)
    }
  }

  mutating func eraseToEndOfRow() { append(contentsOf: "\u{1B}[K".utf8) }

  mutating func eraseToEndOfScreen() { append(contentsOf: "\u{1B}[J".utf8) }

  /// Moves to the beginning of the next row, which the terminal makes where there is none.
  mutating func startRow() { append(contentsOf: [0x0D, 0x0A]) }

  mutating func append(text: String) { append(contentsOf: text.utf8) }

  private mutating func appendSequence(_ count: Int, _ final: UInt8) {
    guard count > 0 else { return }
    append(contentsOf: "\u{1B}[".utf8)
    if count > 1 { append(contentsOf: String(count).utf8) }
    append(final)
  }
}

/// What is switched while a program draws.
enum ScreenModes {
  /// Pastes come between marks, and a character at the right margin stays there: a terminal that
  /// takes a character for wider than we do then spoils one cell, not the count of rows.
  static let editing = "\u{1B}[?2004h\u{1B}[?7l"
  /// Undoes `editing`.
  static let reading = "\u{1B}[?7h\u{1B}[?2004l"
  /// Undoes whatever may have been switched, for a program that ends at once.
  static let restoring: StaticString = "\u{1B}[0m\u{1B}[?7h\u{1B}[?2004l\u{1B}[?25h"
  /// Terminals that know these show what stands between them at once.
  static let atOnce = (begin: "\u{1B}[?2026h", end: "\u{1B}[?2026l")
  static let clearedScreen = "\u{1B}[H\u{1B}[2J"
}
