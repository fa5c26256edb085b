// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Evaluation
import FoundationEssentials

/// The questions of one task, and what it is called.
struct EvaluationTask {
  let name: String
  let questions: [EvaluationQuestion]

  /// The tasks that a command names; all built-in ones where it names none.
  ///
  /// - Parameters:
  ///   - names: Names and paths.
  ///   - limit: The most questions of each; nil for all.
  /// - Throws: `EvaluationError` for a file that is no task; `Input.Failure` for an unknown name, and
  ///   where there is no task at all.
  /// - Returns: At least one task, in the order of the names.
  static func all(named names: [String], limit: Int?) throws -> [EvaluationTask] {
    let builtIn = try BuiltInTasks()
    let wanted = names.isEmpty ? builtIn?.names ?? [] : names
    guard !wanted.isEmpty else {
      throw Input.Failure(
        what: "no task is named, and this program has none built in",
        place: "--task",
        remedy: "--task FILE.jsonl, one question a line",
        exitCode: .usage
      )
    }
    return try wanted.map { try EvaluationTask($0, builtIn, limit: limit) }
  }

  private init(_ given: String, _ builtIn: BuiltInTasks?, limit: Int?) throws {
    let all: [EvaluationQuestion]
    if !given.hasSuffix(".jsonl"), let questions = try builtIn?.named(given) {
      name = given
      all = questions
    } else {
      guard given.hasSuffix(".jsonl") || FileManager.default.fileExists(atPath: given) else {
        throw Self.unknown(given, builtIn?.names ?? [])
      }
      name = Self.stem(given)
      all = try QuestionFile.questions(of: Input.bytes(of: given), file: given)
    }
    questions = Array(all.prefix(limit ?? all.count))
  }

  /// A file's name without its folder and its ending.
  private static func stem(_ path: String) -> String {
    let file = path.split(separator: "/").last.map { String($0) } ?? path
    guard file.hasSuffix(".jsonl"), file.count > 6 else { return file }
    return String(file.dropLast(6))
  }

  private static func unknown(_ given: String, _ names: [String]) -> Input.Failure {
    let all = names.isEmpty ? [] : ["one of \(names.joined(separator: ", "))"]
    return Input.Failure(
      what: "'\(given)' is neither a built-in task nor a file",
      place: "--task",
      remedy: NearestName.of(given, in: names)
        ?? (all + ["a file of questions, FILE.jsonl"]).joined(separator: "; or "),
      exitCode: .usage
    )
  }
}
