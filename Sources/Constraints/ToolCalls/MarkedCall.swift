// SPDX-License-Identifier: Apache-2.0

/// A call whose name and arguments stand between markers.
struct MarkedCall: CallReader {
  /// What stands where.
  struct Form: Sendable {
    let opening: String
    /// From behind the opening to the arguments.
    let head: [FrameScan.Element]
    /// What closes a code fence around the arguments, where there is one.
    let fence: String?
    let closing: String
  }

  private var head: FrameScan
  private var arguments: ArgumentScan
  private var tail: FrameScan
  private var place = Place.head

  private enum Place {
    case head
    case arguments
    case tail
    case end
  }

  init(_ form: Form, isInBlock: Bool) {
    head = FrameScan((isInBlock ? [.space, .text(form.opening), .space] : [.space]) + form.head)
    let closings = [form.closing] + (form.fence.map { [$0] } ?? [])
    arguments = ArgumentScan(closings: closings, endsWithValue: false)
    tail = FrameScan([.space, .text(form.closing)])
  }

  var hasWholeArguments: Bool {
    place == .tail || place == .end || place == .arguments && arguments.isWhole
  }

  mutating func take(_ byte: UInt8, _ output: inout CallOutput) -> CallStep {
    switch place {
    case .head:
      let step = head.take(byte)
      // Where its last text is certain, the call begins before its arguments.
      guard step == .passed || step == .taken && head.isPassed else {
        return step == .taken ? .taken : .broken
      }
      let name = String(decoding: head.name, as: UTF8.self)
      guard output.names.contains(name) else { return .broken }
      output.begin(name)
      place = .arguments
      return step == .taken ? .taken : takeArgument(byte, &output)
    case .arguments: return takeArgument(byte, &output)
    case .tail:
      guard tail.take(byte) == .taken else { return .broken }
      if !tail.isPassed { return .taken }
      place = .end
      return .ended
    case .end: return .broken
    }
  }

  mutating func finish(_ output: inout CallOutput) {
    if place == .arguments { arguments.finish(&output.arguments) }
  }

  private mutating func takeArgument(_ byte: UInt8, _ output: inout CallOutput) -> CallStep {
    output.isSettled = true
    switch arguments.take(byte, &output.arguments) {
    case .closed(0):
      place = .end
      return .ended
    case .closed: place = .tail
    case .taken, .ended, .endedBefore: break
    }
    return .taken
  }
}

extension MarkedCall.Form {
  static let deepSeekV3 = MarkedCall.Form(
    opening: "<｜tool▁call▁begin｜>",
    head: [
      .text("function"), .text("<｜tool▁sep｜>"), .name, .space, .optional("```"),
      .optional("json"),
    ],
    fence: "```",
    closing: "<｜tool▁call▁end｜>"
  )

  static let deepSeekV31 = MarkedCall.Form(
    opening: "<｜tool▁call▁begin｜>",
    head: [.name, .space, .text("<｜tool▁sep｜>")],
    fence: nil,
    closing: "<｜tool▁call▁end｜>"
  )

  static let kimi = MarkedCall.Form(
    opening: "<|tool_call_begin|>",
    head: [
      .text("functions."), .name, .text(":"), .digits, .space,
      .text("<|tool_call_argument_begin|>"),
    ],
    fence: nil,
    closing: "<|tool_call_end|>"
  )
}
