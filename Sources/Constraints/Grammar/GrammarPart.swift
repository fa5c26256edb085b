// SPDX-License-Identifier: Apache-2.0

/// A part of what an answer may be; parts make larger ones.
public indirect enum GrammarPart: Sendable {
  /// These bytes, in any tokens of text.
  case literal([UInt8])
  /// This control token, which no text can stand for.
  case token(Int32)
  /// One of several; of none nothing fits.
  case choice([GrammarPart])
  /// One after the other; of none the empty text fits.
  case sequence([GrammarPart])
  /// A part several times, another between each two; without a maximum any number of times.
  case repeated(GrammarPart, separator: GrammarPart, min: Int, max: Int?)
  /// A JSON text of a schema.
  case json(JSONSchema)
  /// Text of any length, also none, as well-formed UTF-8.
  case text
  /// Text of any length up to and with the first place where these bytes stand; they are UTF-8.
  case textThrough([UInt8])

  /// This text, in any tokens of text.
  public static func literal(_ text: String) -> GrammarPart { .literal(Array(text.utf8)) }

  /// A part or nothing.
  public static func optional(_ part: GrammarPart) -> GrammarPart {
    .choice([part, .sequence([])])
  }
}
