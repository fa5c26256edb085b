// SPDX-License-Identifier: Apache-2.0

/// What terminals disagree about: the columns of characters that are made of several scalars.
///
/// No standard says how wide they are. `WidthProbe` asks the terminal itself; until it has answered,
/// or where it does not, its name decides.
public struct WidthRules: Hashable, Sendable {
  /// Whether a spacing mark (Devanagari's vowel signs) takes a column of its own.
  public var spacingMarksTakeColumns: Bool
  /// Whether a consonant behind a virama takes no column of its own.
  public var conjunctsJoin: Bool
  /// Whether emoji that a zero-width joiner connects take the columns of the first one.
  public var joinedEmojiAreOne: Bool
  /// Whether a skin tone takes no columns behind its emoji.
  public var skinTonesJoin: Bool
  /// Whether U+FE0F makes a narrow emoji two columns wide.
  public var emojiSelectorWidens: Bool
  /// Whether half of a flag, a regional indicator without a second one, takes two columns.
  public var halfFlagsAreWide: Bool

  /// What terminals do that count scalar by scalar, as xterm, VTE and the Linux console.
  public static let scalars = WidthRules(
    spacingMarksTakeColumns: true,
    conjunctsJoin: false,
    joinedEmojiAreOne: false,
    skinTonesJoin: false,
    emojiSelectorWidens: false,
    halfFlagsAreWide: false
  )

  /// What tmux does since version 3.3.
  public static let tmux = WidthRules(
    spacingMarksTakeColumns: true,
    conjunctsJoin: false,
    joinedEmojiAreOne: true,
    skinTonesJoin: false,
    emojiSelectorWidens: false,
    halfFlagsAreWide: false
  )

  /// What terminals do that count grapheme clusters, as kitty, Ghostty, WezTerm and Contour.
  public static let clusters = WidthRules(
    spacingMarksTakeColumns: false,
    conjunctsJoin: true,
    joinedEmojiAreOne: true,
    skinTonesJoin: true,
    emojiSelectorWidens: true,
    halfFlagsAreWide: true
  )

  /// Creates rules.
  public init(
    spacingMarksTakeColumns: Bool,
    conjunctsJoin: Bool,
    joinedEmojiAreOne: Bool,
    skinTonesJoin: Bool,
    emojiSelectorWidens: Bool,
    halfFlagsAreWide: Bool
  ) {
    self.spacingMarksTakeColumns = spacingMarksTakeColumns
    self.conjunctsJoin = conjunctsJoin
    self.joinedEmojiAreOne = joinedEmojiAreOne
    self.skinTonesJoin = skinTonesJoin
    self.emojiSelectorWidens = emojiSelectorWidens
    self.halfFlagsAreWide = halfFlagsAreWide
  }

  /// Chooses rules by what a terminal says of itself in the environment.
  public init(environment: (String) -> String?) {
    let name = environment("TERM") ?? ""
    let program = environment("TERM_PROGRAM") ?? ""
    let counting = ["kitty", "ghostty", "wezterm", "contour", "foot"]
    if environment("TMUX") != nil {
      self = .tmux
    } else if counting.contains(where: { name.contains($0) || program.lowercased().contains($0) }) {
      self = .clusters
    } else {
      self = .scalars
    }
  }
}
