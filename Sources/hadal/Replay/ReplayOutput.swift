// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Diagnostics
import Inference
import JSON
import Serving

/// What `hadal replay` prints of its verdict.
struct ReplayOutput {
  private let receipt: AnswerReceipt
  private let verdict: ReceiptReplay.Verdict
  private let isJSON: Bool
  private let printsText: Bool

  /// - Parameters:
  ///   - receipt: The receipt.
  ///   - verdict: What came of its answers.
  ///   - head: Whether the ledger's head in it is what its key signed; nil where there is none.
  ///   - json: Whether a program reads it.
  ///   - text: Whether the answers are printed.
  init(
    _ receipt: AnswerReceipt,
    _ verdict: ReceiptReplay.Verdict,
    head: Bool?,
    json: Bool,
    text: Bool
  ) {
    self.receipt = receipt
    var verdict = verdict
    if head == false {
      verdict.differences.append(
        ReceiptReplay.Difference(what: "ledger", receipt: "a signed head", here: "not its key's")
      )
    }
    self.verdict = verdict
    (isJSON, printsText) = (json, text)
  }

  /// Prints it.
  ///
  /// - Throws: The exit code 1 where anything differs.
  func print() throws {
    if isJSON { try Output.json(json) } else { try printLines() }
    if !verdict.differences.isEmpty { throw ArgumentParser.ExitCode(1) }
  }

  private var json: JSONText {
    .object(
      [
        ("ok", .boolean(verdict.differences.isEmpty)),
        ("answers", .integer(receipt.choices.count)), ("tokens", .integer(verdict.tokenCount)),
        (
          "differences",
          .array(
            verdict.differences.map { difference in
              .object([
                ("answer", difference.choice.map(JSONText.integer) ?? .null),
                ("what", .string(difference.what)),
                ("token", difference.token.map(JSONText.integer) ?? .null),
                ("receipt", .string(difference.receipt)), ("here", .string(difference.here)),
              ])
            }
          )
        ),
      ] + (printsText ? [("texts", .array(verdict.texts.map(JSONText.string)))] : [])
    )
  }

  private func printLines() throws {
    if printsText {
      for text in verdict.texts { try Output.line(text) }
    }
    guard verdict.differences.isEmpty else {
      for difference in verdict.differences { try Output.line(Self.line(difference)) }
      return
    }
    let answers = receipt.choices.count == 1 ? "the answer" : "all \(receipt.choices.count) answers"
    let weights = receipt.origin.weights.map { "weights \($0.prefix(12))…" } ?? "weights unknown"
    try Output.line(
      "proved: \(answers) of \(receipt.model), \(verdict.tokenCount) tokens (\(weights), "
        + "arithmetic \(receipt.origin.arithmetic), \(receipt.origin.computeType))"
    )
  }

  private static func line(_ difference: ReceiptReplay.Difference) -> String {
    var place = difference.what
    if let token = difference.token {
      place = difference.what == "token" ? "token \(token)" : "\(difference.what) at token \(token)"
    }
    if let choice = difference.choice { place += " of answer \(choice)" }
    let line = "differs: \(place): \(difference.receipt) in the receipt, \(difference.here) here"
    // A receipt comes from elsewhere, and a terminal would obey its control characters.
    return String(
      String.UnicodeScalarView(
        line.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }
      )
    )
  }
}
