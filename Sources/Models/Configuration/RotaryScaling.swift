// SPDX-License-Identifier: Apache-2.0

import Compute

/// Reads `rope_theta` and the scaling of rotary frequencies, in the old and the new spelling.
///
/// Everything is computed in double precision with own functions, so that all hosts agree.
struct RotaryScaling {
  private enum Kind {
    case plain
    case linear(factor: Double)
    case dynamic
    case llama3(Llama3Fields)
    case yarn(YarnFields)
  }

  private let base: Double
  private let kind: Kind

  init(_ reader: ConfigurationReader) throws(ModelError) {
    let parameters = try reader.object("rope_parameters")
    let fields: ConfigurationReader? =
      if let parameters { parameters } else { try reader.object("rope_scaling") }
    // A base at or below 1 would make the logarithm of the base vanish in YaRN's formula.
    let range = 1.0625...1e15
    let topLevel = try reader.number("rope_theta", default: 10_000, in: range)
    base = try fields?.number("rope_theta", default: topLevel, in: range) ?? topLevel
    guard let fields else {
      kind = .plain
      return
    }
    let type: String
    if let name = try fields.string("rope_type") {
      type = name
    } else {
      // New files without scaling hold the base alone; old files always name their type.
      type = try fields.string("type") ?? (parameters == nil ? "of no type" : "default")
    }
    switch type {
    case "default": kind = .plain
    case "linear": kind = .linear(factor: try Self.factor(fields))
    case "dynamic":
      _ = try Self.factor(fields)
      kind = .dynamic
    case "llama3": kind = .llama3(try Llama3Fields(fields))
    case "yarn": kind = .yarn(try YarnFields(fields, model: reader))
    default:
      throw fields.error(.unsupportedRope(type), fields.has("rope_type") ? "rope_type" : "type")
    }
  }

  /// What the softmax scale of latent attention is multiplied with twice; 1 without YaRN.
  var latentScaleCorrection: Double {
    if case .yarn(let fields) = kind { return fields.latentScaleCorrection }
    return 1
  }

  /// Makes the rule for heads of a rotary dimension, which is even.
  ///
  /// Up to the context length, `max_position_embeddings`, dynamic scaling changes nothing.
  func rule(
    dimension: Int,
    layout: RotaryLayout,
    contextLength: Int
  ) throws(ModelError) -> RotaryRule {
    let plain = (0..<dimension / 2).map { pair in
      ElementaryFunctions.pow(base, -2 * Double(pair) / Double(dimension))
    }
    var rule = RotaryRule(inverseFrequencies: plain, factor: 1, layout: layout, lengthLimit: nil)
    switch kind {
    case .plain: break
    case .linear(let factor): rule.inverseFrequencies = plain.map { $0 / factor }
    case .dynamic: rule.lengthLimit = contextLength
    case .llama3(let fields): rule.inverseFrequencies = plain.map(fields.scaled)
    case .yarn(let fields):
      rule.inverseFrequencies = fields.scaled(plain, dimension: dimension, base: base)
      rule.factor = fields.factor
    }
    return rule
  }

  /// Reads the factor; below 1 it would shorten the context, which no file asks for.
  static func factor(_ fields: ConfigurationReader) throws(ModelError) -> Double {
    try fields.number("factor", in: 1...1e6)
  }
}
