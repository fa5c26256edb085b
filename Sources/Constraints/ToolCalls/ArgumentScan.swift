// SPDX-License-Identifier: Apache-2.0

/// Follows the text of a JSON value to its end without judging it.
///
/// What looks like a closing text inside a JSON string does not end it. White space around the value
/// is framing. An empty text and `null` become a text of the caller's choice.
struct ArgumentScan: Sendable {
  enum Step: Equatable {
    case taken
    /// The byte was the value's last one.
    case ended
    /// The value ended before the byte.
    case endedBefore
    /// The byte completed the closing text with this index; it is no part of the value.
    case closed(Int)
  }

  private static let null = Array("null".utf8)

  private let closings: [[UInt8]]
  private let endsWithValue: Bool
  private let replacement: [UInt8]

  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  /// White space outside strings, behind which the value may be over.
  private var spaces: [UInt8] = []
  /// What may become a closing text.
  private var partial: [UInt8] = []
  /// The value as far as it may be `null`; nil once it is something else.
  private var pending: [UInt8]? = []

  /// Creates a scan.
  ///
  /// - Parameters:
  ///   - closings: The texts that end the value outside its strings.
  ///   - endsWithValue: Whether the value ends with its own last byte, as a member of an object, or
  ///     only with a closing text.
  ///   - replacement: What stands for an empty text or `null`.
  init(closings: [String], endsWithValue: Bool, replacement: String = "{}") {
    self.closings = closings.map { Array($0.utf8) }
    self.endsWithValue = endsWithValue
    self.replacement = Array(replacement.utf8)
  }

  /// Whether what came is a value, so far as its brackets and quotes tell.
  var isWhole: Bool { depth <= 0 && !isInString && (pending ?? Self.null) == Self.null }

  /// Takes a byte, appending what it makes certain.
  mutating func take(_ byte: UInt8, _ output: inout [UInt8]) -> Step {
    if isInString { return takeInString(byte, &output) }
    if !partial.isEmpty {
      partial.append(byte)
      switch MarkerMatch(partial, in: closings) {
      case .whole(let index): return close(index, &output)
      case .partial: return .taken
      case .none:
        // Closing texts have no quotes and no brackets: what of them is no end is plain text.
        partial.removeLast()
        let text = partial
        partial = []
        for byte in text { emit(byte, &output) }
      }
    }
    if byte.isJSONSpace { return takeSpace(byte, &output) }
    if closings.contains(where: { $0.first == byte }) {
      partial = [byte]
      return .taken
    }
    return takeStructure(byte, &output)
  }

  /// Ends the text inside the value: what may be a closing text is dropped.
  mutating func finish(_ output: inout [UInt8]) {
    if isWhole {
      giveOutPending(&output)
    } else {
      output += pending ?? []
    }
    pending = nil
  }

  private mutating func takeInString(_ byte: UInt8, _ output: inout [UInt8]) -> Step {
    output.append(byte)
    if isEscaped {
      isEscaped = false
    } else if byte == UInt8(ascii: "\\") {
      isEscaped = true
    } else if byte == UInt8(ascii: "\"") {
      isInString = false
      if endsWithValue, depth == 0 { return .ended }
    }
    return .taken
  }

  private mutating func takeSpace(_ byte: UInt8, _ output: inout [UInt8]) -> Step {
    if pending?.isEmpty == true { return .taken }
    // A number or a word ends there.
    if endsWithValue, depth == 0 { return endBefore(&output) }
    spaces.append(byte)
    if spaces.count > CallLimits.heldByteCount { flushSpaces(&output) }
    return .taken
  }

  private mutating func takeStructure(_ byte: UInt8, _ output: inout [UInt8]) -> Step {
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      emit(byte, &output)
      depth += 1
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      if endsWithValue, depth == 0 { return endBefore(&output) }
      emit(byte, &output)
      depth -= 1
      if endsWithValue, depth == 0 { return .ended }
    case UInt8(ascii: ",") where endsWithValue && depth == 0: return endBefore(&output)
    case UInt8(ascii: "\""):
      emit(byte, &output)
      isInString = true
    default: emit(byte, &output)
    }
    return .taken
  }

  private mutating func close(_ index: Int, _ output: inout [UInt8]) -> Step {
    giveOutPending(&output)
    return .closed(index)
  }

  private mutating func endBefore(_ output: inout [UInt8]) -> Step {
    giveOutPending(&output)
    return .endedBefore
  }

  private mutating func giveOutPending(_ output: inout [UInt8]) {
    guard let text = pending else { return }
    output += text.isEmpty || text == Self.null ? replacement : text
    pending = nil
  }

  private mutating func emit(_ byte: UInt8, _ output: inout [UInt8]) {
    flushSpaces(&output)
    guard pending != nil else {
      output.append(byte)
      return
    }
    pending?.append(byte)
    if let text = pending, !Self.null.starts(with: text) {
      output += text
      pending = nil
    }
  }

  private mutating func flushSpaces(_ output: inout [UInt8]) {
    guard !spaces.isEmpty else { return }
    output += pending ?? []
    pending = nil
    output += spaces
    spaces = []
  }
}
