// SPDX-License-Identifier: Apache-2.0

/// What stands around the names and arguments of calls, for a decoder that must produce them.
///
/// An answer of calls is `opening`, then for each call `beforeName`, the name, `beforeArguments`, the
/// arguments and `afterArguments`, with `separator` between calls, then `closing`.
public struct ToolCallFrame: Sendable, Hashable {
  /// A piece of the frame.
  public enum Piece: Sendable, Hashable {
    /// A token of its own where the tokenizer has it, else its text.
    case marker(String)
    /// Plain text.
    case text(String)
    /// The call's number in the conversation, counted from 0, in decimal digits.
    case number
  }

  /// How the arguments are written.
  public enum Arguments: Sendable, Hashable {
    /// As a JSON object.
    case object
    /// As parameters, one after the other.
    case parameters(Parameter)
  }

  /// What stands around a parameter: `beforeKey`, the key, then `beforeText` and a string without
  /// quotes and escapes or `beforeValue` and other JSON, then `afterValue`.
  public struct Parameter: Sendable, Hashable {
    /// Before the key.
    public var beforeKey: [Piece]
    /// Between the key and a string.
    public var beforeText: [Piece]
    /// Between the key and JSON of another type.
    public var beforeValue: [Piece]
    /// Behind both.
    public var afterValue: [Piece]
  }

  /// Before the first call.
  public var opening: [Piece] = []
  /// Between a call's beginning and its name.
  public var beforeName: [Piece]
  /// Between the name and the arguments.
  public var beforeArguments: [Piece]
  /// How the arguments are written.
  public var arguments = Arguments.object
  /// From the arguments to the call's end.
  public var afterArguments: [Piece]
  /// Between calls.
  public var separator: [Piece] = []
  /// Behind the last call.
  public var closing: [Piece] = []
}

extension ToolCallFormat {
  /// What stands around calls in this format, as the published templates write it.
  public var frame: ToolCallFrame {
    switch self {
    case .deepSeekV3: .deepSeekV3
    case .deepSeekV31: .deepSeekV31
    case .deepSeekV32: .parameters(block: "function_calls")
    case .deepSeekV4: .parameters(block: "tool_calls")
    case .kimi: .kimi
    case .hermes: .hermes
    case .llama: .object(key: "parameters", separator: "; ")
    case .plain: .object(key: "arguments", separator: "\n")
    }
  }
}

extension ToolCallFrame {
  fileprivate static let deepSeekV3 = ToolCallFrame(
    opening: [.marker("<｜tool▁calls▁begin｜>")],
    beforeName: [
      .marker("<｜tool▁call▁begin｜>"), .text("function"), .marker("<｜tool▁sep｜>"),
    ],
    beforeArguments: [.text("\n```json\n")],
    afterArguments: [.text("\n```"), .marker("<｜tool▁call▁end｜>")],
    separator: [.text("\n")],
    closing: [.marker("<｜tool▁calls▁end｜>")]
  )

  fileprivate static let deepSeekV31 = ToolCallFrame(
    opening: [.marker("<｜tool▁calls▁begin｜>")],
    beforeName: [.marker("<｜tool▁call▁begin｜>")],
    beforeArguments: [.marker("<｜tool▁sep｜>")],
    afterArguments: [.marker("<｜tool▁call▁end｜>")],
    closing: [.marker("<｜tool▁calls▁end｜>")]
  )

  fileprivate static let kimi = ToolCallFrame(
    opening: [.marker("<|tool_calls_section_begin|>")],
    beforeName: [.marker("<|tool_call_begin|>"), .text("functions.")],
    beforeArguments: [.text(":"), .number, .marker("<|tool_call_argument_begin|>")],
    afterArguments: [.marker("<|tool_call_end|>")],
    closing: [.marker("<|tool_calls_section_end|>")]
  )

  fileprivate static let hermes = ToolCallFrame(
    beforeName: [.marker("<tool_call>"), .text("\n{\"name\": \"")],
    beforeArguments: [.text("\", \"arguments\": ")],
    afterArguments: [.text("}\n"), .marker("</tool_call>")],
    separator: [.text("\n")]
  )

  fileprivate static func object(key: String, separator: String) -> ToolCallFrame {
    ToolCallFrame(
      beforeName: [.text("{\"name\": \"")],
      beforeArguments: [.text("\", \"\(key)\": ")],
      afterArguments: [.text("}")],
      separator: [.text(separator)]
    )
  }

  fileprivate static func parameters(block: String) -> ToolCallFrame {
    let mark = Piece.marker("｜DSML｜")
    return ToolCallFrame(
      // The templates put the empty line also where no content stands before the block.
      opening: [.text("\n\n<"), mark, .text("\(block)>\n")],
      beforeName: [.text("<"), mark, .text("invoke name=\"")],
      beforeArguments: [.text("\">\n")],
      arguments: .parameters(
        Parameter(
          beforeKey: [.text("<"), mark, .text("parameter name=\"")],
          beforeText: [.text("\" string=\"true\">")],
          beforeValue: [.text("\" string=\"false\">")],
          afterValue: [.text("</"), mark, .text("parameter>\n")]
        )
      ),
      afterArguments: [.text("</"), mark, .text("invoke>\n")],
      closing: [.text("</"), mark, .text("\(block)>")]
    )
  }
}
