// SPDX-License-Identifier: Apache-2.0

/// How characters stand on a screen: what is written for each, and how many columns it takes.
///
/// A character is a grapheme cluster. What would command the terminal instead of being seen is
/// replaced by something that is seen (`ScreenSafety`), so text of any origin may be shown.
public struct DisplayWidth: Hashable, Sendable {
  /// What the terminal does with characters that are made of several scalars.
  public var rules: WidthRules

  // LIMIT: no script stacks more; tmux keeps 21 bytes of a cell, and marks without end would fill
  // memory and screen.
  static let scalarLimit = 16

  /// Creates a measure.
  public init(rules: WidthRules = .scalars) { self.rules = rules }

  /// Returns what is written for a character and how many columns that takes.
  ///
  /// Line breaks and tabs have no width of their own: layouts treat them before they ask.
  public func glyph(for character: Character) -> Glyph {
    let scalars = character.unicodeScalars
    guard let first = scalars.first else { return Glyph(text: "", columns: 0) }
    if (0x20..<0x7F).contains(first.value),
      scalars.index(after: scalars.startIndex) == scalars.endIndex
    {
      return Glyph(text: String(character), columns: 1)
    }
    return composedGlyph(character, first: first)
  }

  /// Returns how many columns a text takes in one row.
  public func columns(of text: String) -> Int {
    text.reduce(0) { $0 + glyph(for: $1).columns }
  }

  private func composedGlyph(_ character: Character, first: Unicode.Scalar) -> Glyph {
    var glyph = Glyph(text: "", columns: 0)
    var cluster = ClusterState(first: first)
    var count = 0
    for scalar in character.unicodeScalars {
      count += 1
      guard count <= Self.scalarLimit else { break }
      switch ScreenSafety(scalar, in: cluster) {
      case .shown(let text):
        glyph.text += text
        glyph.columns += text.utf8.count
      case .dropped: continue
      case .written:
        let isFirst = glyph.text.isEmpty
        if isFirst, Self.needsBase(scalar) {
          // A mark without a letter would land on what stands before it.
          glyph.text = "\u{25CC}"
          glyph.columns = 1
        }
        glyph.text.unicodeScalars.append(scalar)
        glyph.columns += columns(of: scalar, isFirst: isFirst, glyph.columns, cluster)
      }
      cluster.previous = scalar
    }
    return glyph
  }

  /// Returns what a scalar adds to the columns of its cluster.
  private func columns(
    of scalar: Unicode.Scalar,
    isFirst: Bool,
    _ columns: Int,
    _ cluster: ClusterState
  ) -> Int {
    switch scalar.value {
    case 0xFE0F:
      let widens = rules.emojiSelectorWidens && columns == 1 && cluster.first.properties.isEmoji
      return widens ? 1 : 0
    case 0x1F3FB...0x1F3FF where !isFirst: return rules.skinTonesJoin ? 0 : 2
    case 0x1F1E6...0x1F1FF:
      guard rules.halfFlagsAreWide else { return 1 }
      return isFirst ? 2 : 0
    default: break
    }
    if !isFirst {
      if cluster.previous.value == 0x200D, rules.joinedEmojiAreOne,
        cluster.first.properties.isEmoji
      {
        return 0
      }
      if rules.conjunctsJoin,
        cluster.previous.properties.canonicalCombiningClass == .virama
          || cluster.previous.value == 0x200D
      {
        return 0
      }
    }
    switch ScalarWidth(scalar) {
    case .zero: return 0
    case .one: return 1
    case .two: return 2
    // Without a letter it stands on its dotted circle.
    case .spacingMark: return rules.spacingMarksTakeColumns ? 1 : 0
    }
  }

  private static func needsBase(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .spacingMark: true
    default: false
    }
  }
}

/// What is written for a character, and its columns.
public struct Glyph: Hashable, Sendable {
  /// The text, without anything that commands a terminal.
  public var text: String
  /// How many columns the text takes.
  public var columns: Int

  /// Creates a glyph.
  public init(text: String, columns: Int) {
    self.text = text
    self.columns = columns
  }
}

/// What of a cluster decides about its next scalar.
struct ClusterState {
  var first: Unicode.Scalar
  var previous: Unicode.Scalar

  init(first: Unicode.Scalar) {
    self.first = first
    previous = first
  }
}
