// SPDX-License-Identifier: Apache-2.0

public import JSON

/// A figure of a plan together with what it was computed from.
///
/// The formula is written in the letters of its inputs, with `+ - * / ( )`, `max`, `min` and numbers
/// alone, so that whoever doubts a figure can put it into a calculator; a test does so with all of them.
public struct Equation: Sendable, Hashable {
  /// A number that is put in.
  public struct Input: Sendable, Hashable {
    /// The letter that stands for it in the formula.
    public let symbol: String
    /// The number.
    public let value: Double
    /// What it is, with its unit.
    public let what: String

    /// Creates an input.
    public init(_ symbol: String, _ value: Double, _ what: String) {
      self.symbol = symbol
      self.value = value
      self.what = what
    }
  }

  /// The letter that stands for the figure in other formulas.
  public let symbol: String
  /// What the figure is.
  public let what: String
  /// How it is computed.
  public let formula: String
  /// What is put in.
  public let inputs: [Input]
  /// The figure.
  public let value: Double
  /// Its unit; empty for a share.
  public let unit: String
  /// Where the formula is from: paper and section, or that it is ours.
  public let source: String

  /// Creates an equation.
  ///
  /// - Parameters:
  ///   - symbol: The letter of the figure.
  ///   - what: What it is.
  ///   - formula: How it is computed.
  ///   - inputs: What is put in.
  ///   - value: The figure.
  ///   - unit: Its unit; empty for a share.
  ///   - source: Where the formula is from.
  public init(
    _ symbol: String,
    _ what: String,
    _ formula: String,
    _ inputs: [Input],
    _ value: Double,
    _ unit: String,
    source: String
  ) {
    self.symbol = symbol
    self.what = what
    self.formula = formula
    self.inputs = inputs
    self.value = value
    self.unit = unit
    self.source = source
  }

  /// The formula with numbers in the place of letters.
  public var substituted: String {
    var text = ""
    var word = ""
    func flush() {
      if let input = inputs.first(where: { $0.symbol == word }) {
        text += PlanNumber.exact(input.value)
      } else {
        text += word
      }
      word = ""
    }
    for character in formula {
      if character.isLetter || character.isNumber || character == "_" || character == "." {
        word.append(character)
      } else {
        flush()
        text.append(character)
      }
    }
    flush()
    return text
  }

  /// The equation for people: what it is, its formula, its numbers, its source.
  public var lines: [String] {
    var lines = [
      "\(what)",
      "  \(symbol) = \(formula)",
      "  \(String(repeating: " ", count: symbol.count)) = \(substituted)",
      "  \(String(repeating: " ", count: symbol.count)) = "
        + "\(PlanNumber.exact(value))\(unit.isEmpty ? "" : " \(unit)")",
    ]
    lines += inputs.map { "    \($0.symbol): \($0.what)" }
    lines.append("    from \(source)")
    return lines
  }

  /// The equation as one JSON object.
  public var json: JSONText {
    .object([
      ("symbol", .string(symbol)), ("what", .string(what)), ("formula", .string(formula)),
      ("numbers", .string(substituted)),
      (
        "inputs",
        .array(
          inputs.map { input in
            .object([
              ("symbol", .string(input.symbol)), ("value", .double(input.value)),
              ("what", .string(input.what)),
            ])
          }
        )
      ),
      ("value", .double(value)), ("unit", .string(unit)), ("source", .string(source)),
    ])
  }
}
