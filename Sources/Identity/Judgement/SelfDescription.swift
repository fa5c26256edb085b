// SPDX-License-Identifier: Apache-2.0

/// Finds the lines of a card in which an assistant describes itself: `Name: X`, `"vendor": "X"`,
/// `| Developer | X |`.
struct SelfDescription {
  let text: MarkedText

  /// The foreign name that a sentence gives as the value of a key, nil where it gives none.
  ///
  /// - Complexity: O(n) in the sentence's words.
  func name(in sentence: Range<Int>) -> Int? {
    for (place, match) in text.names.enumerated() {
      guard sentence.contains(match.words.lowerBound), !match.name.isAllowed else { continue }
      if isValue(match.words, of: sentence, isModel: match.name.isModel) { return place }
    }
    return nil
  }

  /// Marks stand before the name, a key of few words before them, and behind the name its value ends.
  private func isValue(_ name: Range<Int>, of sentence: Range<Int>, isModel: Bool) -> Bool {
    let words = text.words
    var index = name.lowerBound - 1
    var parts = false
    while index >= 0, words[index].kind == .mark {
      if ":=|：｜".contains(words[index].text) { parts = true }
      index -= 1
    }
    guard parts, index >= 0 else { return false }
    let end = index + 1
    // LIMIT: keys are short: "Name of the company that made it".
    while index >= 0, end - index <= 8,
      words[index].kind == .word || words[index].kind == .ideograph
    {
      index -= 1
    }
    let key = index + 1..<end
    guard !key.isEmpty, isKey(key, isModel) else { return false }
    guard name.upperBound < words.count else { return true }
    let next = words[name.upperBound]
    return next.kind != .word && next.kind != .ideograph || isModel
  }

  private func isKey(_ key: Range<Int>, _ isModel: Bool) -> Bool {
    let wanted: Tags = [.nameNoun, .makerNoun, .ai, .author, .training, .make]
    return Grammar.all.contains { grammar in
      text.units(key, grammar).contains { !$0.tags.isDisjoint(with: wanted) }
    }
  }
}
