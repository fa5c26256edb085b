// SPDX-License-Identifier: Apache-2.0

/// One thing that a person did at the keyboard.
public struct Key: Hashable, Sendable {
  /// Which key.
  public enum Symbol: Hashable, Sendable {
    /// What was typed, never a control character; several characters where they came at once.
    case text(String)
    /// What was pasted, in one piece; line breaks are `\n`.
    case paste(String)
    /// Enter or Return.
    case enter
    /// The tabulator.
    case tab
    /// The key that removes what stands before the cursor.
    case backspace
    /// The key that removes what stands at the cursor.
    case delete
    /// The key Insert.
    case insert
    /// The key Escape.
    case escape
    /// The arrow up.
    case up
    /// The arrow down.
    case down
    /// The arrow to the left.
    case left
    /// The arrow to the right.
    case right
    /// The key Home.
    case home
    /// The key End.
    case end
    /// The key Page Up.
    case pageUp
    /// The key Page Down.
    case pageDown
    /// A function key, from 1.
    case function(Int)
    /// The terminal's answer to the question where its cursor stands, both from 1.
    case cursorReport(row: Int, column: Int)
    /// A sequence that means nothing here.
    case unknown
  }

  /// The keys that are held down with it; the bits are those of xterm's parameter, less one.
  public struct Modifiers: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: Int

    /// Creates a set from its bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The shift key, where the terminal tells it.
    public static let shift = Modifiers(rawValue: 1)
    /// The Alt or Meta key, or an escape before the key.
    public static let alt = Modifiers(rawValue: 2)
    /// The control key.
    public static let control = Modifiers(rawValue: 4)
  }

  /// Which key.
  public var symbol: Symbol
  /// The keys that are held down with it.
  public var modifiers: Modifiers

  /// Creates a key.
  public init(_ symbol: Symbol, _ modifiers: Modifiers = []) {
    self.symbol = symbol
    self.modifiers = modifiers
  }

  /// Returns text without modifiers.
  public static func text(_ text: String) -> Key { Key(.text(text)) }

  /// Returns a letter with the control key.
  public static func control(_ letter: Character) -> Key { Key(.text(String(letter)), .control) }

  /// Returns a letter with the Alt key.
  public static func alt(_ letter: Character) -> Key { Key(.text(String(letter)), .alt) }
}
