// SPDX-License-Identifier: Apache-2.0

import JSON

/// A call that is a JSON object with the name and the arguments as members, in either order.
struct ObjectCall: CallReader {
  /// What stands before the first member.
  enum Lead: Sendable {
    /// The opening brace came.
    case inside
    case outside
    /// A code fence came, which may name its language.
    case fence
  }

  private enum Place {
    case lead
    case keyOrEnd
    case key
    case colon
    case name
    case nameText
    case arguments
    case other
    case afterValue
    /// Behind the object, before the closing marker.
    case tail
    case end
  }

  // LIMIT: "parameters" is the longest key that is known.
  private static let keyLength = 10

  private let closing: [UInt8]
  private var lead: FrameScan
  private var place: Place
  private var key: [UInt8] = []
  private var nameBytes: [UInt8] = []
  private var isEscaped = false
  private var name: String?
  private var hasBegun = false
  private var arguments: ArgumentScan
  private var hasArguments = false
  /// Arguments that came before the name.
  private var early: [UInt8] = []
  private var other = ArgumentScan(closings: [], endsWithValue: true)
  private var partial: [UInt8] = []

  init(lead: Lead, closing: String? = nil) {
    self.closing = Array((closing ?? "").utf8)
    self.lead = FrameScan(
      (lead == .fence ? [.optional("json")] : []) + [.space] + (lead == .inside ? [] : [.text("{")])
    )
    place = .lead
    arguments = ArgumentScan(closings: closing.map { [$0] } ?? [], endsWithValue: true)
  }

  var hasWholeArguments: Bool {
    hasBegun && (hasArguments && place != .arguments || place == .tail || place == .end)
  }

  mutating func take(_ byte: UInt8, _ output: inout CallOutput) -> CallStep {
    switch place {
    case .lead:
      switch lead.take(byte) {
      case .taken: return .taken
      case .broken: return .broken
      case .passed:
        place = .keyOrEnd
        return take(byte, &output)
      }
    case .keyOrEnd: return takeKeyOrEnd(byte, &output)
    case .key: return takeKey(byte)
    case .colon: return takeColon(byte, &output)
    case .name:
      if byte.isJSONSpace { return .taken }
      guard byte == UInt8(ascii: "\"") else { return .broken }
      place = .nameText
      return .taken
    case .nameText: return takeName(byte, &output)
    case .arguments: return takeArguments(byte, &output)
    case .other: return takeOther(byte, &output)
    case .afterValue: return takeAfterValue(byte, &output)
    case .tail: return takeTail(byte)
    case .end: return .broken
    }
  }

  mutating func finish(_ output: inout CallOutput) {
    if hasBegun, place == .arguments { arguments.finish(&output.arguments) }
  }

  // MARK: Members

  private mutating func takeKeyOrEnd(_ byte: UInt8, _ output: inout CallOutput) -> CallStep {
    if byte.isJSONSpace { return .taken }
    switch byte {
    case UInt8(ascii: "\""):
      key = []
      place = .key
      return .taken
    case UInt8(ascii: "}"): return endObject(&output)
    default: return .broken
    }
  }

  private mutating func takeKey(_ byte: UInt8) -> CallStep {
    if byte == UInt8(ascii: "\"") {
      place = .colon
      return .taken
    }
    key.append(byte)
    return key.count <= Self.keyLength ? .taken : .broken
  }

  private mutating func takeColon(_ byte: UInt8, _ output: inout CallOutput) -> CallStep {
    if byte.isJSONSpace { return .taken }
    guard byte == UInt8(ascii: ":") else { return .broken }
    switch String(decoding: key, as: UTF8.self) {
    case "name" where name == nil: place = .name
    case "arguments" where !hasArguments, "parameters" where !hasArguments:
      hasArguments = true
      place = .arguments
      if let name { begin(name, &output) }
    case "type", "id", "index":
      other = ArgumentScan(closings: [], endsWithValue: true)
      place = .other
    default: return .broken
    }
    return .taken
  }

  private mutating func takeName(_ byte: UInt8, _ output: inout CallOutput) -> CallStep {
    if byte == UInt8(ascii: "\""), !isEscaped {
      guard let name = NameText.decoded(nameBytes), output.names.contains(name) else {
        return .broken
      }
      self.name = name
      place = .afterValue
      if hasArguments {
        begin(name, &output)
        output.arguments += early
        early = []
      }
      return .taken
    }
    isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
    nameBytes.append(byte)
    return nameBytes.count <= NameText.byteCountMax ? .taken : .broken
  }

  private mutating func takeArguments(_ byte: UInt8, _ output: inout CallOutput) -> CallStep {
    let step: ArgumentScan.Step
    if hasBegun {
      output.isSettled = true
      step = arguments.take(byte, &output.arguments)
    } else {
      step = arguments.take(byte, &early)
    }
    switch step {
    case .taken: return .taken
    case .ended:
      place = .afterValue
      return .taken
    case .endedBefore:
      place = .afterValue
      return takeAfterValue(byte, &output)
    case .closed:
      // The marker ends a call whose object does not.
      place = .end
      return hasBegun ? .ended : .broken
    }
  }

  private mutating func takeOther(_ byte: UInt8, _ output: inout CallOutput) -> CallStep {
    var text: [UInt8] = []
    switch other.take(byte, &text) {
    case .taken, .closed: return .taken
    case .ended:
      place = .afterValue
      return .taken
    case .endedBefore:
      place = .afterValue
      return takeAfterValue(byte, &output)
    }
  }

  private mutating func takeAfterValue(_ byte: UInt8, _ output: inout CallOutput) -> CallStep {
    if byte.isJSONSpace { return .taken }
    switch byte {
    case UInt8(ascii: ","):
      place = .keyOrEnd
      return .taken
    case UInt8(ascii: "}"): return endObject(&output)
    default:
      guard hasBegun, !closing.isEmpty else { return .broken }
      place = .tail
      return takeTail(byte)
    }
  }

  // MARK: The end

  private mutating func begin(_ name: String, _ output: inout CallOutput) {
    hasBegun = true
    output.begin(name)
  }

  private mutating func endObject(_ output: inout CallOutput) -> CallStep {
    guard let name else { return .broken }
    if !hasBegun {
      begin(name, &output)
      output.arguments += "{}".utf8
    }
    output.isSettled = true
    place = closing.isEmpty ? .end : .tail
    return closing.isEmpty ? .ended : .taken
  }

  private mutating func takeTail(_ byte: UInt8) -> CallStep {
    // A brace too many is a frequent slip, and says nothing.
    if partial.isEmpty, byte.isJSONSpace || byte == UInt8(ascii: "}") { return .taken }
    partial.append(byte)
    switch MarkerMatch(partial, in: [closing]) {
    case .whole:
      place = .end
      return .ended
    case .partial: return .taken
    case .none: return .broken
    }
  }
}

/// A function's name as JSON writes it.
enum NameText {
  /// Every character may be an escape of six bytes.
  static let byteCountMax = 6 * CallLimits.nameLength

  static func decoded(_ bytes: [UInt8]) -> String? {
    let quote = [UInt8(ascii: "\"")]
    guard let document = try? JSONDocument(quote + bytes + quote) else { return nil }
    return document.root.string
  }
}
