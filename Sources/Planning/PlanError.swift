// SPDX-License-Identifier: Apache-2.0

public import Diagnostics
public import Models

/// What is wrong with what a plan is asked for, and where.
public struct PlanError: DiagnosableError, Hashable {
  /// The kinds of fault.
  public enum Reason: Hashable, Sendable {
    /// No model of this name is known; the name that was probably meant.
    case unknownModel(String, nearest: String?)
    /// A configuration is known by name, but not all of what it asks for is understood.
    case unreadModel(unknown: [String])
    /// A configuration is broken.
    case model(ModelError)
    /// No hardware of this name is known; the nearest name, and all names.
    case unknownHardware(String, nearest: String?, known: [String])
    /// The hardware does not compute in this precision.
    case precisionUnavailable(hardware: String, precision: String, others: [String])
    /// A number or a word is none that can be planned with.
    case badValue(found: String, expected: String)
    /// A layout breaks a rule; the nearest that keeps them all.
    case impossibleLayout(rule: String, nearest: String?)
    /// More devices are asked for than the hardware can join.
    case noNetwork(hardware: String, limit: Int)
    /// No layout of so many devices holds the model.
    case nothingFits(deviceCount: Int, needed: Int, available: Int)
  }

  /// The kind of fault.
  public var reason: Reason
  /// The option, the file, or the field.
  public var place: String?

  /// Creates an error.
  public init(_ reason: Reason, place: String? = nil) {
    self.reason = reason
    if case .model(let error) = reason {
      self.place = error.place
    } else {
      self.place = place
    }
  }

  /// What is wrong: found and expected.
  public var what: String {
    switch reason {
    case .unknownModel(let name, _): "no model is called '\(name)', and no file is"
    case .unreadModel(let unknown):
      "the planner does not know " + unknown.joined(separator: "; nor ")
    case .model(let error): error.what
    case .unknownHardware(let name, _, _): "no hardware is called '\(name)'"
    case .precisionUnavailable(let hardware, let precision, _):
      "\(hardware) does not compute in \(precision)"
    case .badValue(let found, let expected): "found \(found), but it must be \(expected)"
    case .impossibleLayout(let rule, _): "the layout is impossible: \(rule)"
    case .noNetwork(let hardware, let limit):
      "nothing is known of a network that joins more than \(limit) of \(hardware)"
    case .nothingFits(let count, let needed, let available):
      "no layout fits: of \(count) devices each would hold at least \(ByteCount.text(needed)), "
        + "and has \(ByteCount.text(available))"
    }
  }

  /// What the reader can do about it.
  public var remedy: String? {
    switch reason {
    case .unknownModel(_, let nearest):
      nearest.map { "'\($0)'" }
        ?? "a folder, a config.json, a recipe, or a name such as deepseek-v3"
    case .unreadModel: "a model of an earlier generation, such as deepseek-v3.2"
    case .model(let error): error.remedy
    case .unknownHardware(_, let nearest, let known):
      nearest.map { "'\($0)'" } ?? "one of \(known.joined(separator: ", "))"
    case .precisionUnavailable(_, _, let others): "--precision \(others.joined(separator: " or "))"
    case .badValue: nil
    case .impossibleLayout(_, let nearest):
      nearest.map { "--layout \($0)" } ?? "another --count, or --search"
    case .noNetwork(_, let limit): "--count \(limit) or fewer"
    case .nothingFits: "a larger --count, or hardware with more memory"
    }
  }

  /// Wrong usage for what was typed, bad data for files, configuration for what cannot be had.
  public var exitCode: ExitCode {
    switch reason {
    case .unknownModel: .noInput
    case .unreadModel, .model: .badData
    case .unknownHardware, .badValue: .usage
    case .precisionUnavailable, .impossibleLayout, .noNetwork, .nothingFits: .configuration
    }
  }
}
