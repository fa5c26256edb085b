// SPDX-License-Identifier: Apache-2.0

import Constraints
import JSON

/// Calls and the text in which a model writes them, put together from the format's frame.
struct ToolCallSample {
  var content = ""
  var calls: [ToolCallAnswer.Call]

  static let weather = ToolCallAnswer.Call(
    name: "get_weather",
    arguments: #"{"city": "Paris", "days": 3}"#
  )
  static let now = ToolCallAnswer.Call(name: "now", arguments: "{}")

  /// All that arguments may hold, also what would end a call outside their strings.
  static let hard = ToolCallAnswer.Call(
    name: "search-web",
    arguments: #"{"a": {"b": [1, -2.5e3, {"c": null}], "d": true}, "text": "é 🌊 ｜▁｜ \" \\ "#
      + #"} ] </tool_call> <tool_call> ``` <｜tool▁call▁end｜> <｜tool▁calls▁begin｜> "#
      + #"<|tool_call_end|> </｜DSML｜invoke> {\"name\": \"now\"}\n\u00e9", "last": []}"#
  )

  static let all = [
    ToolCallSample(calls: [weather]),
    ToolCallSample(calls: [now]),
    ToolCallSample(calls: [hard]),
    ToolCallSample(calls: [weather, now, hard, weather]),
    ToolCallSample(content: "I will look. 5 < 6 < <tool `x` ｜", calls: [weather, hard]),
    ToolCallSample(content: "é🌊", calls: [now, now]),
  ]

  /// The answer's text.
  func text(_ format: ToolCallFormat) -> String {
    let frame = format.frame
    var text = content + Self.text(frame.opening)
    for (number, call) in calls.enumerated() {
      if number > 0 { text += Self.text(frame.separator) }
      text += Self.text(frame.beforeName) + call.name
      text += Self.text(frame.beforeArguments, number: number)
      text += Self.arguments(call.arguments, frame) + Self.text(frame.afterArguments)
    }
    return text + Self.text(frame.closing)
  }

  /// What should come of it.
  func answer(_ format: ToolCallFormat) -> ToolCallAnswer {
    let isBuilt = format == .deepSeekV32 || format == .deepSeekV4
    return ToolCallAnswer(
      content: content,
      calls: calls.map { call in
        .init(name: call.name, arguments: isBuilt ? Self.built(call.arguments) : call.arguments)
      }
    )
  }

  static func text(_ pieces: [ToolCallFrame.Piece], number: Int = 0) -> String {
    pieces.map { piece in
      switch piece {
      case .marker(let text), .text(let text): text
      case .number: "\(number)"
      }
    }.joined()
  }

  private static func arguments(_ text: String, _ frame: ToolCallFrame) -> String {
    guard case .parameters(let parameter) = frame.arguments else { return text }
    return members(text).map { member in
      let value = member.value.string
      return Self.text(parameter.beforeKey) + member.key
        + Self.text(value == nil ? parameter.beforeValue : parameter.beforeText)
        + (value ?? JSONText(member.value).text) + Self.text(parameter.afterValue)
    }.joined()
  }

  /// The object as a stream builds it from parameters.
  private static func built(_ text: String) -> String {
    let members = members(text).map { member in
      JSONText.string(member.key).text + ": "
        + (member.value.string.map { JSONText.string($0).text } ?? JSONText(member.value).text)
    }
    return "{" + members.joined(separator: ", ") + "}"
  }

  private static func members(_ text: String) -> [JSONMember] {
    guard let document = try? JSONDocument(Array(text.utf8)) else { return [] }
    return document.root.object.map { Array($0) } ?? []
  }
}
