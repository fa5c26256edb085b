// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Planning

/// A question as the page's address and the command line both write it.
struct PlanPageQuestion {
  private static let names = [
    "model", "tokens", "sequence", "batch", "hardware", "count", "price", "precision", "layout",
    "goodput",
  ]

  private var values: [String: String] = [:]

  /// Reads a query; an empty value is one that is not there.
  ///
  /// - Throws: `PlanError` for a name that is none, or twice.
  init(_ query: [(name: String, value: String)]) throws(PlanError) {
    for (name, value) in query where !value.isEmpty {
      guard Self.names.contains(name) else {
        let nearest = NearestName.of(name, in: Self.names) ?? "model, tokens, hardware and others"
        throw PlanError(.badValue(found: "'\(name)'", expected: nearest), place: "query")
      }
      guard values.updateValue(value, forKey: name) == nil else {
        throw PlanError(.badValue(found: "'\(name)' twice", expected: "there once"), place: "query")
      }
    }
  }

  /// The model's name.
  var model: String { values["model"] ?? "deepseek-v3" }

  /// The hardware's name.
  var hardware: String { values["hardware"] ?? "h100" }

  /// The command that gives the same figures.
  var command: String {
    let options = Self.names.dropFirst().compactMap { name in
      values[name].map { " --\(name) \(Self.shellWord($0))" }
    }
    return "hadal plan \(Self.shellWord(model))" + options.joined()
  }

  private static func shellWord(_ text: String) -> String {
    let isPlain = text.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "-_.,=/+".contains($0))
    }
    return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }

  /// The question to the planner.
  ///
  /// - Throws: `PlanError` that names the option whose value is none.
  func question(
    _ model: PlannedModel,
    _ device: Accelerator
  ) throws(PlanError) -> TrainingQuestion {
    var question = TrainingQuestion(
      model: model,
      device: device,
      precision: try precision() ?? .usual(for: model, on: device)
    )
    if let length = try whole("sequence") { question.sequenceLength = length }
    question.batchRowCount = try whole("batch")
    question.deviceCount = try whole("count")
    if let tokens = values["tokens"] {
      question.tokenCount = try PlanQuantity.parse(tokens, option: "--tokens")
    }
    question.dollarsPerHour = try number("price")
    if let goodput = try number("goodput") { question.goodput = goodput }
    question.layout = values["layout"]
    return question
  }

  private func precision() throws(PlanError) -> PlanPrecision? {
    guard let text = values["precision"] else { return nil }
    guard let precision = PlanPrecision(rawValue: text) else {
      let all = PlanPrecision.allCases.map(\.rawValue).joined(separator: ", ")
      throw PlanError(
        .badValue(found: "'\(text)'", expected: "one of \(all)"),
        place: "--precision"
      )
    }
    return precision
  }

  private func whole(_ name: String) throws(PlanError) -> Int? {
    guard let text = values[name] else { return nil }
    guard let value = Int(text) else {
      throw PlanError(
        .badValue(found: "'\(text)'", expected: "a whole number"),
        place: "--\(name)"
      )
    }
    return value
  }

  private func number(_ name: String) throws(PlanError) -> Double? {
    guard let text = values[name] else { return nil }
    guard let value = Double(text), value.isFinite else {
      throw PlanError(.badValue(found: "'\(text)'", expected: "a number"), place: "--\(name)")
    }
    return value
  }
}
