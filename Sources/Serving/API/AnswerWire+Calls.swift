// SPDX-License-Identifier: Apache-2.0

import Constraints
import HadalKit
import Hashing
import JSON

extension AnswerWire {
  /// The calls of a whole answer.
  func callObjects(_ parts: [ToolCallStream.Part], _ choice: Int) -> [JSONText] {
    var calls: [(name: String, arguments: String)] = []
    for part in parts {
      switch part {
      case .content: break
      case .began(_, let name): calls.append((name, ""))
      case .arguments(let index, let text): calls[index].arguments += text
      }
    }
    return calls.enumerated().map { index, call in
      begun(index, choice, call.name, arguments: call.arguments)
    }
  }

  /// The chunks of calls: the first of each has its name, the others more of its arguments.
  func callChunks(
    _ choice: Int,
    _ parts: [ToolCallStream.Part],
    thinks: Bool
  ) -> [JSONText] {
    parts.compactMap { part -> JSONText? in
      switch part {
      case .content: nil
      case .began(let index, let name): begun(index, choice, name, arguments: "")
      case .arguments(let index, let text):
        .object([
          ("index", .integer(index)), ("function", .object([("arguments", .string(text))])),
        ])
      }
    }
    .map { call in
      var delta: [(String, JSONText)] = thinks ? [("reasoning_content", .null)] : []
      delta.append(("tool_calls", .array([call])))
      return chunk(choice, .object(delta), logProbabilities: .null, finish: nil)
    }
  }

  private func begun(
    _ index: Int,
    _ choice: Int,
    _ name: String,
    arguments: String
  ) -> JSONText {
    let digest = SHA256Hash.digest(of: Array("\(id) \(choice) \(index)".utf8))
    let number = index < 10 ? "0\(index)" : "\(index)"
    return .object([
      ("index", .integer(index)),
      ("id", .string("call_\(number)_" + Hexadecimal.text(digest).prefix(20))),
      ("type", .string("function")),
      ("function", .object([("name", .string(name)), ("arguments", .string(arguments))])),
    ])
  }
}
