// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JSON

/// Prints answers in input order, each as soon as all before it are there.
struct BatchAnswers {
  private var answers: [JSONText?]
  private var next = 0
  private var codes: [Int32]

  init(count: Int) {
    answers = [JSONText?](repeating: nil, count: count)
    codes = [Int32](repeating: 0, count: count)
  }

  mutating func succeed(_ index: Int, id: JSONText?, _ members: [(String, JSONText)]) throws {
    try put(index, id, members)
  }

  mutating func fail(_ index: Int, id: JSONText?, _ error: any Error) throws {
    let parts = ErrorReport.Parts(error)
    codes[index] = parts.code
    guard case .object(let members) = parts.json else { return }
    try put(index, id, members)
  }

  /// Ends with the first failing line's exit code.
  func finish() throws {
    if let code = codes.first(where: { $0 != 0 }) { throw ExitCode(code) }
  }

  private mutating func put(
    _ index: Int,
    _ id: JSONText?,
    _ members: [(String, JSONText)]
  ) throws {
    answers[index] = .object((id.map { [("id", $0)] } ?? []) + members)
    while next < answers.count, let answer = answers[next] {
      try Output.json(answer)
      next += 1
    }
  }
}
