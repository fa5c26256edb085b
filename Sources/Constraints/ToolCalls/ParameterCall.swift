// SPDX-License-Identifier: Apache-2.0

import JSON

/// A call whose arguments are named parameters, from which one JSON object is built.
struct ParameterCall: CallReader {
  static let opening = "<｜DSML｜invoke name=\""

  private static let closing = "</｜DSML｜invoke>"
  private static let parameterOpening = "<｜DSML｜parameter name=\""
  private static let parameterClosing = "</｜DSML｜parameter>"
  private static let inside = [Array(parameterOpening.utf8), Array(closing.utf8)]
  private static let kinds = [Array("true\">".utf8), Array("false\">".utf8)]
  private static let end = [Array(parameterClosing.utf8)]
  // LIMIT: a key is held until its parameter is certain; schemas have shorter ones by far.
  private static let keyLength = 1_024

  private enum Place {
    case head
    /// Between parameters.
    case between
    case key
    case afterKey
    case kind
    case text
    case value
    case end
  }

  private var place = Place.head
  private var head: FrameScan
  private var afterKey = FrameScan([])
  private var key: [UInt8] = []
  private var partial: [UInt8] = []
  private var value = ArgumentScan(closings: [], endsWithValue: false)
  private var hasParameters = false

  init(isInBlock: Bool) {
    head = FrameScan(
      (isInBlock ? [.space, .text(Self.opening)] : []) + [.name, .text("\">")]
    )
  }

  var hasWholeArguments: Bool { place == .end }

  mutating func take(_ byte: UInt8, _ output: inout CallOutput) -> CallStep {
    switch place {
    case .head: takeHead(byte, &output)
    case .between: takeBetween(byte, &output)
    case .key: takeKey(byte, &output)
    case .afterKey: takeAfterKey(byte, &output)
    case .kind: takeKind(byte, &output)
    case .text: takeText(byte, &output)
    case .value: takeValue(byte, &output)
    case .end: .broken
    }
  }

  mutating func finish(_ output: inout CallOutput) {
    if place == .value { value.finish(&output.arguments) }
  }

  private mutating func takeHead(_ byte: UInt8, _ output: inout CallOutput) -> CallStep {
    guard head.take(byte) == .taken else { return .broken }
    if !head.isPassed { return .taken }
    let name = String(decoding: head.name, as: UTF8.self)
    guard output.names.contains(name) else { return .broken }
    output.begin(name)
    place = .between
    return .taken
  }

  private mutating func takeBetween(_ byte: UInt8, _ output: inout CallOutput) -> CallStep {
    if partial.isEmpty, byte.isJSONSpace { return .taken }
    partial.append(byte)
    switch MarkerMatch(partial, in: Self.inside) {
    case .whole(0):
      partial = []
      key = []
      place = .key
      return .taken
    case .whole:
      closeObject(&output)
      output.isSettled = true
      return .ended
    case .partial: return .taken
    case .none: return breakOff(&output)
    }
  }

  private mutating func takeKey(_ byte: UInt8, _ output: inout CallOutput) -> CallStep {
    if byte == UInt8(ascii: "\"") {
      afterKey = FrameScan([.space, .text("string=\"")])
      place = .afterKey
      return .taken
    }
    key.append(byte)
    return key.count <= Self.keyLength ? .taken : breakOff(&output)
  }

  private mutating func takeAfterKey(_ byte: UInt8, _ output: inout CallOutput) -> CallStep {
    guard afterKey.take(byte) == .taken else { return breakOff(&output) }
    if afterKey.isPassed { place = .kind }
    return .taken
  }

  private mutating func takeKind(_ byte: UInt8, _ output: inout CallOutput) -> CallStep {
    partial.append(byte)
    let match = MarkerMatch(partial, in: Self.kinds)
    guard case .whole(let index) = match else {
      return match == .partial ? .taken : breakOff(&output)
    }
    partial = []
    output.isSettled = true
    output.arguments += (hasParameters ? ", " : "{").utf8
    hasParameters = true
    output.arguments.append(UInt8(ascii: "\""))
    for byte in key { Self.writeEscaped(byte, &output.arguments) }
    output.arguments += (index == 0 ? "\": \"" : "\": ").utf8
    value = ArgumentScan(
      closings: [Self.parameterClosing],
      endsWithValue: false,
      replacement: "null"
    )
    place = index == 0 ? .text : .value
    return .taken
  }

  // MARK: Values

  private mutating func takeText(_ byte: UInt8, _ output: inout CallOutput) -> CallStep {
    output.isSettled = true
    partial.append(byte)
    switch MarkerMatch(partial, in: Self.end) {
    case .whole:
      output.arguments.append(UInt8(ascii: "\""))
      partial = []
      place = .between
      return .taken
    case .partial: return .taken
    case .none: break
    }
    // Only the marker's first character can begin it again.
    let restarts = byte == UInt8(ascii: "<")
    for byte in partial.dropLast(restarts ? 1 : 0) { Self.writeEscaped(byte, &output.arguments) }
    partial = restarts ? [byte] : []
    return .taken
  }

  private mutating func takeValue(_ byte: UInt8, _ output: inout CallOutput) -> CallStep {
    output.isSettled = true
    if case .closed = value.take(byte, &output.arguments) { place = .between }
    return .taken
  }

  // MARK: The end

  private mutating func closeObject(_ output: inout CallOutput) {
    output.arguments += (hasParameters ? "}" : "{}").utf8
    place = .end
  }

  private mutating func breakOff(_ output: inout CallOutput) -> CallStep {
    closeObject(&output)
    return .broken
  }

  private static func writeEscaped(_ byte: UInt8, _ output: inout [UInt8]) {
    guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
      output.append(byte)
      return
    }
    let text = JSONText.string(String(decoding: [byte], as: UTF8.self)).text
    output += text.utf8.dropFirst().dropLast()
  }
}
