// SPDX-License-Identifier: Apache-2.0

/// How text looks.
public struct TextStyle: Hashable, Sendable {
  /// What a terminal can do to a character.
  public struct Attributes: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt8

    /// Creates a set from its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Brighter or heavier.
    public static let bold = Attributes(rawValue: 1)
    /// Fainter: reasoning, hints, notes.
    public static let dim = Attributes(rawValue: 2)
    /// Slanted.
    public static let italic = Attributes(rawValue: 4)
    /// With a line below.
    public static let underline = Attributes(rawValue: 8)
    /// With the colors of text and background exchanged.
    public static let reversed = Attributes(rawValue: 16)
  }

  /// The colors that every terminal has; what they look like is the user's choice.
  public enum Color: UInt8, Sendable {
    /// Errors.
    case red = 31
    /// What is done.
    case green = 32
    /// Warnings.
    case yellow = 33
    /// Links and names.
    case blue = 34
    /// Marks.
    case magenta = 35
    /// Code.
    case cyan = 36
  }

  /// What is done to the characters.
  public var attributes: Attributes
  /// Their color; nil is the terminal's own.
  public var color: Color?

  /// Creates a style.
  public init(_ attributes: Attributes = [], color: Color? = nil) {
    self.attributes = attributes
    self.color = color
  }

  /// The terminal's own look.
  public static let plain = TextStyle()
  /// Brighter or heavier.
  public static let bold = TextStyle(.bold)
  /// Fainter.
  public static let dim = TextStyle(.dim)

  /// Returns the style with another's attributes added, and its color where it has one.
  public func adding(_ other: TextStyle) -> TextStyle {
    TextStyle(attributes.union(other.attributes), color: other.color ?? color)
  }

  /// Appends the sequence that gives this look to what follows, whatever came before.
  func appendSequence(to output: inout [UInt8]) {
    output.append(contentsOf: "\u{1B}[0".utf8)
    for (attribute, code) in Self.codes where attributes.contains(attribute) {
      output.append(UInt8(ascii: ";"))
      output.append(code)
    }
    if let color {
      output.append(UInt8(ascii: ";"))
      output.append(contentsOf: String(color.rawValue).utf8)
    }
    output.append(UInt8(ascii: "m"))
  }

  private static let codes: [(Attributes, UInt8)] = [
    (.bold, UInt8(ascii: "1")), (.dim, UInt8(ascii: "2")), (.italic, UInt8(ascii: "3")),
    (.underline, UInt8(ascii: "4")), (.reversed, UInt8(ascii: "7")),
  ]
}
