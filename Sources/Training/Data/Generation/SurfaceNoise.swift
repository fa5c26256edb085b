// SPDX-License-Identifier: Apache-2.0

/// Writes a question the way people type: without capitals or marks, with slips of the fingers.
///
/// Digits stay what they are.
package enum SurfaceNoise {
  // LIMIT: rates from looking at a few hundred lines of chats; that each occurs is what matters.
  private static let rates = (plain: 0.55, lower: 0.35, upper: 0.04, noMark: 0.35, slip: 0.12)

  /// The question, written otherwise in some cases.
  package static func text(_ question: String, _ draw: inout Draw) -> String {
    if draw.chance(rates.plain) { return question }
    var text = question
    if draw.chance(rates.lower) {
      text = text.lowercased()
    } else if draw.chance(rates.upper) {
      text = text.uppercased()
    }
    if draw.chance(rates.noMark) {
      while let last = text.last, "?.!。？！؟।".contains(last) { text.removeLast() }
    } else if draw.chance(0.1), let last = text.last, "?!".contains(last) {
      text.append(last)
    }
    if draw.chance(rates.slip) { text = slip(text, &draw) }
    text = signs(text, &draw)
    if draw.chance(0.04) { text += draw.chance(0.5) ? " " : "\n" }
    return text.isEmpty ? question : text
  }

  /// Other signs, and other room around them.
  private static func signs(_ question: String, _ draw: inout Draw) -> String {
    var text = question
    if draw.chance(0.25) {
      for sign in ["+", "-"] { text = text.replacing(" \(sign) ", with: sign) }
    }
    if draw.chance(0.1) { text = text.replacing("-", with: draw.chance(0.5) ? "−" : "–") }
    if draw.chance(0.04) { text = text.replacing(" ", with: "  ") }
    return text
  }

  /// One letter left out, doubled or changed places with its neighbor.
  private static func slip(_ question: String, _ draw: inout Draw) -> String {
    var characters = Array(question)
    guard characters.count > 8 else { return question }
    let place = draw.number(in: 1...(characters.count - 3))
    guard characters[place...(place + 1)].allSatisfy({ $0.isASCII && $0.isLetter }) else {
      return question
    }
    switch draw.below(3) {
    case 0: characters.remove(at: place)
    case 1: characters.insert(characters[place], at: place)
    default: characters.swapAt(place, place + 1)
    }
    return String(characters)
  }
}
