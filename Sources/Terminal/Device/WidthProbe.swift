// SPDX-License-Identifier: Apache-2.0

/// Asks a terminal how many columns it gives to characters that terminals disagree about.
///
/// Each sample is written at the left edge, and the terminal says where its cursor then stands.
public enum WidthProbe {
  /// A text, and what its columns tell.
  private struct Sample {
    var text: String
    var set: @Sendable (inout WidthRules, Int) -> Void
  }

  private static let samples = [
    Sample(text: "\u{915}\u{940}") { $0.spacingMarksTakeColumns = $1 > 1 },
    Sample(text: "\u{915}\u{94D}\u{937}") { $0.conjunctsJoin = $1 == 1 },
    Sample(text: "\u{1F469}\u{200D}\u{1F4BB}") { $0.joinedEmojiAreOne = $1 == 2 },
    Sample(text: "\u{1F44D}\u{1F3FD}") { $0.skinTonesJoin = $1 == 2 },
    Sample(text: "\u{2764}\u{FE0F}") { $0.emojiSelectorWidens = $1 == 2 },
    Sample(text: "\u{1F1E9}") { $0.halfFlagsAreWide = $1 == 2 },
  ]

  /// How many answers the request asks for.
  public static var answerCount: Int { samples.count }

  /// Asks the questions, at the left edge of an empty row, which stays empty.
  ///
  /// - Parameter hasColor: Whether styles may be written; then the samples are not seen at all.
  /// - Returns: What to write.
  public static func request(hasColor: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    if hasColor { bytes.append(text: "\u{1B}[8m") }
    for sample in samples {
      bytes.moveToColumn(0)
      bytes.append(text: sample.text + "\u{1B}[6n")
    }
    if hasColor { bytes.append(text: "\u{1B}[0m") }
    bytes.moveToColumn(0)
    bytes.eraseToEndOfRow()
    return bytes
  }

  /// Reads the answers.
  ///
  /// - Parameters:
  ///   - columns: The columns, from 1, that the terminal reported.
  ///   - rules: What is assumed about samples without an answer.
  /// - Returns: What they tell.
  public static func rules(columns: [Int], assuming rules: WidthRules) -> WidthRules {
    var rules = rules
    for (sample, column) in zip(samples, columns) where column > 1 {
      sample.set(&rules, column - 1)
    }
    return rules
  }
}
