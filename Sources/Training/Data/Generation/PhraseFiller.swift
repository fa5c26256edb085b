// SPDX-License-Identifier: Apache-2.0

/// Makes texts of patterns.
///
/// What a slot stands for is drawn once and then the same in question and answer.
struct PhraseFiller {
  private let book: PhraseBook
  /// Which phrases of a section may be drawn; all where it says nothing.
  private let allows: (String, PhraseBook.Phrase) -> Bool
  private var bindings: [String: String]

  /// The slots that an exercise fills, and no section.
  static let exerciseSlots: Set<String> = ["a", "b", "c", "formula", "result"]

  init(
    _ book: PhraseBook,
    bindings: [String: String] = [:],
    allows: @escaping (String, PhraseBook.Phrase) -> Bool = { _, _ in true }
  ) {
    self.book = book
    self.bindings = bindings
    self.allows = allows
  }

  /// Whether a slot is filled with a number.
  static func isNumber(_ slot: String) -> Bool {
    exerciseSlots.contains(slot) || ["big", "small"].contains(PhraseBook.section(ofSlot: slot))
  }

  /// Whether a slot of a section has been filled.
  func hasFilled(_ section: String) -> Bool {
    bindings.keys.contains { PhraseBook.section(ofSlot: $0) == section }
  }

  /// What a slot stands for from here on.
  mutating func bind(_ slot: String, _ text: String) { bindings[slot] = text }

  /// A pattern's text.
  mutating func text(_ pattern: PhrasePattern, _ draw: inout Draw) -> String {
    var text = ""
    for part in pattern.parts {
      switch part {
      case .text(let own): text += own
      case .choice(let patterns): text += self.text(patterns[draw.below(patterns.count)], &draw)
      case .reference(let section): text += self.text(ofSection: section, &draw)
      case .slot(let slot): text += value(slot, &draw)
      }
    }
    return text
  }

  /// The text of a phrase of a section.
  mutating func text(ofSection name: String, _ draw: inout Draw) -> String {
    guard let section = book.sections[name] else { return "" }
    return text(section.phrases[draw.place(in: section.ends)].pattern, &draw)
  }

  private mutating func value(_ slot: String, _ draw: inout Draw) -> String {
    if let bound = bindings[slot] { return bound }
    let section = PhraseBook.section(ofSlot: slot)
    let value =
      switch section {
      case "big": Self.large(&draw)
      case "small": "\(draw.below(100))"
      default: other(section, &draw)
      }
    bindings[slot] = value
    return value
  }

  /// A text of a section that no other slot of the exchange has.
  private mutating func other(_ section: String, _ draw: inout Draw) -> String {
    guard let own = book.sections[section] else { return "" }
    let taken = Set(
      bindings.lazy.filter { PhraseBook.section(ofSlot: $0.key) == section }.map(\.value)
    )
    var (text, repeats) = ("", 0)
    // LIMIT: a section that has too few phrases repeats one; with a share held out of at most 0.5,
    // a miss of all that are allowed is rarer than one in 10^180 for one phrase in ten.
    for _ in 0..<4096 where repeats < 64 {
      let phrase = own.phrases[draw.place(in: own.ends)]
      guard allows(section, phrase) else { continue }
      text = self.text(phrase.pattern, &draw)
      guard taken.contains(text) else { break }
      repeats += 1
    }
    return text
  }

  /// A number of three to five digits, three more often than not.
  private static func large(_ draw: inout Draw) -> String {
    switch draw.below(10) {
    case 0..<6: "\(draw.number(in: 100...999))"
    case 6..<9: "\(draw.number(in: 1000...9999))"
    default: "\(draw.number(in: 10000...99999))"
    }
  }
}
