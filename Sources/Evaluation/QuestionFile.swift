// SPDX-License-Identifier: Apache-2.0

/// A task as a file: one question a line, each a JSON object.
public enum QuestionFile {
  // LIMIT: a long conversation has some kilobytes.
  static let longestLine = 1 << 20
  // LIMIT: at one answer a second it takes a day; published benchmarks have some 10,000.
  static let mostQuestions = 100_000

  /// Reads the questions of a file.
  ///
  /// Lines of white space are passed over.
  ///
  /// - Parameters:
  ///   - bytes: What the file holds.
  ///   - file: The name that errors give.
  /// - Throws: `EvaluationError` with the line.
  /// - Returns: At least one question, in order.
  public static func questions(
    of bytes: [UInt8],
    file: String
  ) throws(EvaluationError) -> [EvaluationQuestion] {
    var questions: [EvaluationQuestion] = []
    var line = 0
    for content in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      line += 1
      guard content.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { continue }
      guard content.count <= longestLine else {
        throw EvaluationError(.lineTooLong(limit: longestLine), file: file, line: line)
      }
      guard questions.count < mostQuestions else {
        throw EvaluationError(.tooManyQuestions(limit: mostQuestions), file: file, line: line)
      }
      questions.append(try QuestionLine(Array(content), file: file, line: line).question())
    }
    guard !questions.isEmpty else { throw EvaluationError(.empty, file: file) }
    return questions
  }
}
