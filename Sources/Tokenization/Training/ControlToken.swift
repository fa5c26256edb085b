// SPDX-License-Identifier: Apache-2.0

/// A token that no text forms, for a tokenizer that is trained here.
public struct ControlToken: Sendable, Hashable {
  /// The text that templates write for it.
  public var content: String
  /// Whether decoding can leave it out.
  public var isSpecial: Bool

  /// Creates a token.
  public init(_ content: String, isSpecial: Bool = true) {
    self.content = content
    self.isSpecial = isSpecial
  }

  /// DeepSeek-V3's beginning of a text.
  public static let beginningOfText = ControlToken("<｜begin▁of▁sentence｜>")
  /// DeepSeek-V3's end of a text.
  public static let endOfText = ControlToken("<｜end▁of▁sentence｜>")
  /// DeepSeek-V3's padding.
  public static let padding = ControlToken("<｜▁pad▁｜>")

  /// DeepSeek-V3's control tokens: ends of a text, padding, filling in the middle, turns, reasoning,
  /// tools.
  public static let deepSeekV3: [ControlToken] =
    [beginningOfText, endOfText, padding]
    + ["hole", "begin", "end"].map { ControlToken("<｜fim▁\($0)｜>") }
    + ["User", "Assistant"].map { ControlToken("<｜\($0)｜>") }
    // Reasoning is part of what is shown.
    + ["<think>", "</think>"].map { ControlToken($0, isSpecial: false) }
    + ["calls▁begin", "calls▁end", "call▁begin", "call▁end"].map { ControlToken("<｜tool▁\($0)｜>") }
    + ["outputs▁begin", "outputs▁end", "output▁begin", "output▁end", "sep"].map {
      ControlToken("<｜tool▁\($0)｜>")
    }
}
