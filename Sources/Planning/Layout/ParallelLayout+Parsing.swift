// SPDX-License-Identifier: Apache-2.0

import Diagnostics

extension ParallelLayout {
  private static let names: [(name: String, short: String)] = [
    ("data", "dp"), ("tensor", "tp"), ("pipeline", "pp"), ("context", "cp"), ("expert", "ep"),
    ("zero", "z"), ("schedule", "s"), ("chunks", "v"), ("recompute", "r"), ("micro", "mb"),
  ]

  /// A layout as a person writes it, and how many replicas it names, if it does.
  public struct Parsed: Sendable, Hashable {
    /// The layout.
    public var layout: ParallelLayout
    /// Replicas, nil where they follow from the number of devices.
    public var data: Int?
  }

  /// Reads `tensor=8,pipeline=16,schedule=dualpipe`, or `tp=8,pp=16`.
  ///
  /// - Throws: `PlanError` that names the part that is none, and what was probably meant.
  public static func parse(_ text: String) throws(PlanError) -> Parsed {
    var parsed = Parsed(layout: ParallelLayout(), data: nil)
    for part in text.split(whereSeparator: { $0 == "," || $0 == " " }) {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map(String.init)
      guard pair.count == 2 else {
        throw bad("'\(part)'", "NAME=VALUE, such as tensor=8")
      }
      try parsed.set(pair[0].lowercased(), pair[1].lowercased())
    }
    return parsed
  }

  fileprivate static func bad(_ found: String, _ expected: String) -> PlanError {
    PlanError(.badValue(found: found, expected: expected), place: "--layout")
  }

  fileprivate static func name(_ key: String) throws(PlanError) -> String {
    if let known = names.first(where: { $0.name == key || $0.short == key }) { return known.name }
    let all = names.map(\.name)
    let nearest = NearestName.of(key, in: all).map { "'\($0)'" } ?? all.joined(separator: ", ")
    throw bad("'\(key)'", nearest)
  }
}

extension ParallelLayout.Parsed {
  fileprivate mutating func set(_ key: String, _ value: String) throws(PlanError) {
    let name = try ParallelLayout.name(key)
    switch name {
    case "schedule":
      guard let schedule = PipelineSchedule(rawValue: value) else {
        let known = PipelineSchedule.allCases.map(\.rawValue).joined(separator: ", ")
        throw ParallelLayout.bad("schedule '\(value)'", "one of \(known)")
      }
      layout.schedule = schedule
    case "recompute":
      guard value == "full" || value == "none" else {
        throw ParallelLayout.bad("recompute '\(value)'", "full or none")
      }
      layout.recomputes = value == "full"
    default:
      let range = name == "zero" ? 0...3 : 1...1_048_576
      guard let number = Int(value), range.contains(number) else {
        let bounds = "\(range.lowerBound)…\(range.upperBound)"
        throw ParallelLayout.bad("\(name) '\(value)'", "a whole number in \(bounds)")
      }
      set(name, number)
    }
  }

  private mutating func set(_ name: String, _ number: Int) {
    switch name {
    case "data": data = number
    case "tensor": layout.tensor = number
    case "pipeline": layout.pipeline = number
    case "context": layout.context = number
    case "expert": layout.expert = number
    case "zero": layout.zero = number
    case "chunks": layout.chunks = number
    default: layout.microRows = number
    }
  }
}
