// SPDX-License-Identifier: Apache-2.0

/// A plain value: the text that stands there, whatever type it may mean.
public struct YAMLScalar: Hashable, Sendable {
  /// The text, without quotes.
  public var text: String
  /// Whether it stands without quotes.
  public var isPlain: Bool
  /// Where it begins.
  public var position: YAMLPosition?

  /// Creates a value.
  public init(text: String, isPlain: Bool, position: YAMLPosition? = nil) {
    self.text = text
    self.isPlain = isPlain
    self.position = position
  }

  /// Whether it says that there is no value.
  public var isNull: Bool { isPlain && ["", "~", "null", "Null", "NULL"].contains(text) }

  /// As it is shown in an error.
  public var shown: String {
    if isNull { return "empty" }
    let short = text.count > 40 ? text.prefix(40) + "…" : text[...]
    return isPlain ? "'\(short)'" : "the text \"\(short)\""
  }
}
