// SPDX-License-Identifier: Apache-2.0

/// Takes a growing answer apart into its content and its tool calls.
///
/// However the text is cut, the parts joined are those of the whole. A call begins once its name is
/// certain and is one of the functions; its arguments come as they are written. What was no call
/// after all is content, byte for byte. White space before a call belongs to nothing, and neither
/// does what stands behind one unless text follows.
public struct ToolCallStream: Sendable {
  /// More of the answer.
  public enum Part: Sendable, Hashable {
    /// Text beside calls.
    case content(String)
    /// A call begins; calls are counted from 0.
    case began(index: Int, name: String)
    /// More of a call's arguments.
    case arguments(index: Int, String)
  }

  private enum Place {
    case content
    case call
  }

  private let format: ToolCallFormat
  private let names: Set<String>
  private let markers: [CallMarker]
  private let firstBytes: [UInt8]

  private var place = Place.content
  /// White space that belongs to the content if more of it follows.
  private var spaces: [UInt8] = []
  /// In content what may become a marker, in a call what is content if it turns out to be none.
  private var held: [UInt8] = []
  /// Nothing but white space came so far.
  private var isAtBeginning = true
  /// Nothing but white space came since a call.
  private var isBehindCall = false
  /// A block of calls has not been closed.
  private var isInBlock = false
  private var isInFence = false
  private var opening = CallMarker.Role.opensCall
  private var openingByteCount = 0
  private var reader: (any CallReader)?
  private var hasBegun = false

  /// How many calls have begun.
  public private(set) var callCount = 0
  /// Whether the answer ended inside a call, whose arguments are then not whole.
  ///
  /// Known after `finish`.
  public private(set) var isTruncated = false

  /// Creates a stream.
  ///
  /// - Parameters:
  ///   - format: How the model writes calls.
  ///   - names: The functions of the request; nothing else is called.
  ///   - acceptsPlain: Whether bare objects at the answer's beginning are calls too, for a model that
  ///     was asked for them beside the markers that it knows.
  public init(_ format: ToolCallFormat, names: Set<String>, acceptsPlain: Bool = false) {
    self.format = format
    self.names = names
    markers = format.markers + (acceptsPlain && !format.isBare ? CallMarker.bare : [])
    firstBytes = markers.compactMap(\.bytes.first)
  }

  /// Whether any call has begun.
  public var hasCalls: Bool { callCount > 0 }

  /// Takes more text.
  ///
  /// - Returns: What is certain now, in order; neighbors of one kind are joined.
  /// - Complexity: O(n).
  public mutating func append(_ text: String) -> [Part] {
    var output = ToolCallOutput()
    for byte in text.utf8 { take(byte, &output) }
    return output.parts
  }

  /// Ends the text.
  ///
  /// - Parameter isCut: Whether it was cut off, as by a bound on its tokens. A marker of which most came
  ///   and a call of which the name did not are then no content, but truncated.
  /// - Returns: What was held back.
  public mutating func finish(isCut: Bool = false) -> [Part] {
    var output = ToolCallOutput()
    switch place {
    case .content: finishContent(isCut, &output)
    case .call where hasBegun: finishCall(&output)
    case .call:
      if isCut, opening.isCertain {
        isTruncated = true
      } else {
        giveOutHeld(&output)
      }
    }
    spaces = []
    held = []
    reader = nil
    place = .content
    return output.parts
  }

  private mutating func finishContent(_ isCut: Bool, _ output: inout ToolCallOutput) {
    if isCut, held.count >= CallMarker.tellingByteCount {
      let roles = markers.filter { isExpected($0) && $0.bytes.starts(with: held) }.map(\.role)
      isTruncated = roles.contains { $0.isCertain }
      if isTruncated || roles.contains(.closesBlock) { return }
    }
    // Behind a call white space is content with text alone.
    if !isBehindCall || !held.isEmpty && !isCut { giveOutHeld(&output) }
  }

  private mutating func finishCall(_ output: inout ToolCallOutput) {
    guard var reader else { return }
    isTruncated = !reader.hasWholeArguments
    var call = CallOutput(names: names)
    reader.finish(&call)
    output.arguments(call.arguments, callCount - 1)
  }

  private mutating func take(_ byte: UInt8, _ output: inout ToolCallOutput) {
    switch place {
    case .content: takeContent(byte, &output)
    case .call: takeCall(byte, &output)
    }
  }

  // MARK: Content

  private mutating func takeContent(_ byte: UInt8, _ output: inout ToolCallOutput) {
    if held.isEmpty, byte.isJSONSpace {
      spaces.append(byte)
      if spaces.count > CallLimits.heldByteCount { giveOutHeld(&output) }
      return
    }
    guard !held.isEmpty || firstBytes.contains(byte) else {
      held = [byte]
      giveOutHeld(&output)
      return
    }
    held.append(byte)
    let candidates = markers.filter(isExpected)
    switch MarkerMatch(held, in: candidates.lazy.map(\.bytes)) {
    case .whole(let index): meet(candidates[index])
    case .partial: return
    case .none:
      // The first byte is content; the others may begin a marker yet.
      let rest = held.dropFirst()
      held = [held[0]]
      giveOutHeld(&output)
      for byte in rest { take(byte, &output) }
    }
  }

  private func isExpected(_ marker: CallMarker) -> Bool {
    let isOpen = callCount < CallLimits.callCount
    return switch marker.role {
    case .opensBlock, .opensCall: isOpen
    case .closesBlock: isInBlock
    case .opensFence, .announcesObject: isAtBeginning
    case .opensObject: isOpen && (isAtBeginning || isBehindCall)
    case .closesFence: isBehindCall && isInFence
    case .separates: isBehindCall
    }
  }

  private mutating func meet(_ marker: CallMarker) {
    switch marker.role {
    case .closesBlock: isInBlock = false
    case .closesFence: isInFence = false
    case .separates: break
    case .opensBlock, .opensCall, .opensObject, .opensFence, .announcesObject:
      place = .call
      opening = marker.role
      openingByteCount = marker.bytes.count
      hasBegun = false
      reader = format.reader(behind: marker.role)
      return
    }
    held = []
    spaces = []
  }

  /// Gives out as content what was held.
  private mutating func giveOutHeld(_ output: inout ToolCallOutput) {
    output.content(spaces)
    output.content(held)
    spaces = []
    held = []
    isAtBeginning = false
    isBehindCall = false
  }

  // MARK: Calls

  private mutating func takeCall(_ byte: UInt8, _ output: inout ToolCallOutput) {
    var call = CallOutput(names: names)
    var step = reader?.take(byte, &call) ?? .broken
    if let name = call.name { begin(name, &output) }
    output.arguments(call.arguments, callCount - 1)
    if step != .broken { held.append(byte) }
    if call.isSettled { held = [] }
    if step == .taken, held.count > CallLimits.heldByteCount {
      step = .broken
      held.removeLast()
    }
    switch step {
    case .taken: return
    case .ended:
      held = []
      endCall()
    case .broken: leaveCall(byte, &output)
    }
  }

  private mutating func begin(_ name: String, _ output: inout ToolCallOutput) {
    output.began(callCount, name)
    callCount += 1
    hasBegun = true
    spaces = []
    isAtBeginning = false
    isInBlock = true
    if opening == .opensFence { isInFence = true }
  }

  private mutating func endCall() {
    reader = nil
    place = .content
    isBehindCall = true
  }

  /// Gives out what was no call, or no more of one, and looks at the last bytes again, in which a
  /// marker may have begun.
  private mutating func leaveCall(_ byte: UInt8, _ output: inout ToolCallOutput) {
    var rest = [byte]
    // The last `<` alone, so that no text is looked at more than twice.
    let first = hasBegun ? 0 : openingByteCount
    if let start = held.lastIndex(of: UInt8(ascii: "<")), start >= first,
      held.count - start < CallMarker.byteCountMax
    {
      rest = held[start...] + rest
      held.removeSubrange(start...)
    }
    if hasBegun {
      spaces = Array(held.prefix { $0.isJSONSpace })
      held.removeFirst(spaces.count)
    }
    endCall()
    isBehindCall = hasBegun
    if !held.isEmpty { giveOutHeld(&output) }
    for byte in rest { take(byte, &output) }
  }
}
