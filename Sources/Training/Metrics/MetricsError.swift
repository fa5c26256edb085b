// SPDX-License-Identifier: Apache-2.0

public import Compute
public import Diagnostics

/// Why the metrics of a run cannot be written or read, and where.
public struct MetricsError: DiagnosableError, Hashable {
  /// The kinds of fault.
  public enum Reason: Hashable, Sendable {
    /// A new run would write into a file that has rows.
    case alreadyThere
    /// Another process writes the file.
    case held
    /// A line is no row of metrics.
    case badRow(String)
    /// Rows do not follow each other.
    case stepsNotRising(step: Int, after: Int)
    /// The system refused.
    case system(ComputeError)
  }

  /// The kind of fault.
  public var reason: Reason
  /// The file.
  public var file: String?
  /// The 1-based line, where one is concerned.
  public var line: Int?

  /// Creates an error.
  public init(_ reason: Reason, file: String? = nil, line: Int? = nil) {
    self.reason = reason
    self.file = file
    self.line = line
  }

  /// What is wrong.
  public var what: String {
    switch reason {
    case .alreadyThere: "the file has the metrics of another run"
    case .held: "another process writes the metrics"
    case .badRow(let detail): "the line is no row of metrics: \(detail)"
    case .stepsNotRising(let step, let after): "step \(step) stands after step \(after)"
    case .system(let error): error.what
    }
  }

  /// The file and the line, as far as they are known.
  public var place: String? {
    file.map { $0 + (line.map { ", line \($0)" } ?? "") }
  }

  /// What to do about it.
  public var remedy: String? {
    switch reason {
    case .alreadyThere: "another folder, or --resume"
    case .held: "another folder, or wait for the other run"
    case .badRow, .stepsNotRising: "move the file away; the checkpoint does not need it"
    case .system(let error): error.remedy
    }
  }

  /// How a command ends.
  public var exitCode: ExitCode {
    switch reason {
    case .alreadyThere: .cannotCreate
    case .held: .tryAgain
    case .badRow, .stepsNotRising: .badData
    case .system(let error): error.exitCode
    }
  }

  static func system(_ error: ComputeError) -> MetricsError {
    MetricsError(.system(error), file: error.place)
  }

  /// Does work with files, whose errors become this module's.
  static func raising<Value>(
    _ work: () throws(ComputeError) -> Value
  ) throws(MetricsError) -> Value {
    do { return try work() } catch { throw .system(error) }
  }
}
