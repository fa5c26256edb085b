// SPDX-License-Identifier: Apache-2.0

/// How a model writes its tool calls.
///
/// `NAME` stands for the function, `ARGS` for its arguments, a JSON object. The code points of
/// DeepSeek's markers are U+FF5C and U+2581.
public enum ToolCallFormat: Sendable, Hashable, CaseIterable {
  /// DeepSeek V2.5, V3 and R1 with its distills: a block with the word `function`, and the arguments
  /// in a code fence.
  case deepSeekV3
  /// DeepSeek V3.1: a block, the name and the arguments bare between markers.
  case deepSeekV31
  /// DeepSeek V3.2: a block `function_calls` of invocations with named parameters.
  case deepSeekV32
  /// DeepSeek V4: the same in a block `tool_calls`.
  case deepSeekV4
  /// Kimi K2: a section of calls, each with `functions.NAME:NUMBER` before its arguments.
  case kimi
  /// Qwen, Granite 4 and others: `<tool_call>` around `{"name": NAME, "arguments": ARGS}`.
  case hermes
  /// Llama 3.1 and later: the bare object `{"name": NAME, "parameters": ARGS}`.
  case llama
  /// The bare object `{"name": NAME, "arguments": ARGS}`, as models are asked for it whose template
  /// leaves tools out.
  case plain

  /// Whether a call is a bare object, which counts only where the answer begins with it.
  public var isBare: Bool { self == .llama || self == .plain }

  /// What opens calls in an answer, and what closes a block of them.
  var markers: [CallMarker] {
    switch self {
    case .deepSeekV3, .deepSeekV31:
      [
        CallMarker("<｜tool▁calls▁begin｜>", .opensBlock),
        CallMarker("<｜tool▁call▁begin｜>", .opensCall),
        CallMarker("<｜tool▁calls▁end｜>", .closesBlock),
      ]
    case .deepSeekV32, .deepSeekV4:
      [
        CallMarker("<｜DSML｜function_calls>", .opensBlock),
        CallMarker("<｜DSML｜tool_calls>", .opensBlock),
        CallMarker(ParameterCall.opening, .opensCall),
        CallMarker("</｜DSML｜function_calls>", .closesBlock),
        CallMarker("</｜DSML｜tool_calls>", .closesBlock),
      ]
    case .kimi:
      [
        CallMarker("<|tool_calls_section_begin|>", .opensBlock),
        CallMarker("<|tool_call_begin|>", .opensCall),
        CallMarker("<|tool_calls_section_end|>", .closesBlock),
      ]
    case .hermes: [CallMarker("<tool_call>", .opensCall)]
    case .llama, .plain: CallMarker.bare
    }
  }

  /// Makes what reads a call behind a marker.
  func reader(behind role: CallMarker.Role) -> any CallReader {
    switch role {
    case .opensObject: return ObjectCall(lead: .inside)
    case .opensFence: return ObjectCall(lead: .fence)
    case .announcesObject: return ObjectCall(lead: .outside)
    case .opensBlock, .opensCall, .closesBlock, .closesFence, .separates: break
    }
    let isInBlock = role == .opensBlock
    return switch self {
    case .deepSeekV3: MarkedCall(.deepSeekV3, isInBlock: isInBlock)
    case .deepSeekV31: MarkedCall(.deepSeekV31, isInBlock: isInBlock)
    case .kimi: MarkedCall(.kimi, isInBlock: isInBlock)
    case .deepSeekV32, .deepSeekV4: ParameterCall(isInBlock: isInBlock)
    case .hermes: ObjectCall(lead: .outside, closing: "</tool_call>")
    case .llama, .plain: ObjectCall(lead: .outside)
    }
  }
}
