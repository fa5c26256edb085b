// SPDX-License-Identifier: Apache-2.0

/// One pass over the bytes that checks the grammar of RFC 8259 and lists the values.
struct JSONParser: ~Escapable {
  private let bytes: Span<UInt8>
  private var position = 0
  private var nodes: [JSONDocument.Node] = []

  @_lifetime(copy bytes)
  private init(_ bytes: Span<UInt8>) {
    self.bytes = bytes
    // A published tokenizer has a value about every 16 bytes.
    nodes.reserveCapacity(bytes.count / 16 + 8)
  }

  static func nodes(
    of bytes: Span<UInt8>,
    depthLimit: Int
  ) throws(JSONError) -> [JSONDocument.Node] {
    var parser = JSONParser(bytes)
    parser.skipSpace()
    try parser.parseAll(depthLimit: depthLimit)
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.error(.trailingBytes) }
    return parser.nodes
  }

  /// Parses one value with a stack of open containers, so that no input can exhaust the call stack.
  private mutating func parseAll(depthLimit: Int) throws(JSONError) {
    var open: [Int] = []
    while true {
      // A value is due here.
      let byte = try peek()
      if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
        guard open.count < depthLimit else { throw error(.tooDeep(limit: depthLimit)) }
        open.append(nodes.count)
        append(byte == UInt8(ascii: "{") ? .object : .array, from: position, to: position)
        position += 1
        skipSpace()
        let close = byte == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: "]")
        if try peek() != close {
          if byte == UInt8(ascii: "{") { try parseKey() }
          continue
        }
      } else {
        try parseScalar(byte)
        if open.isEmpty { return }
        nodes[open[open.count - 1]].count += 1
      }
      if try closeContainers(&open) { return }
    }
  }

  /// Steps over commas and closing brackets until the next value is due; true at the end.
  private mutating func closeContainers(_ open: inout [Int]) throws(JSONError) -> Bool {
    while let container = open.last {
      skipSpace()
      let isObject = nodes[container].kind == .object
      let byte = try peek()
      if byte == UInt8(ascii: ","), nodes[container].count > 0 {
        position += 1
        skipSpace()
        if isObject { try parseKey() }
        return false
      }
      guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
        throw error(.unexpectedByte(byte))
      }
      position += 1
      nodes[container].next = UInt32(nodes.count)
      open.removeLast()
      if let parent = open.last { nodes[parent].count += 1 }
    }
    return true
  }

  private mutating func parseKey() throws(JSONError) {
    let byte = try peek()
    guard byte == UInt8(ascii: "\"") else { throw error(.unexpectedByte(byte)) }
    try parseString()
    skipSpace()
    let colon = try peek()
    guard colon == UInt8(ascii: ":") else { throw error(.unexpectedByte(colon)) }
    position += 1
    skipSpace()
  }

  private mutating func parseScalar(_ byte: UInt8) throws(JSONError) {
    switch byte {
    case UInt8(ascii: "\""): try parseString()
    case UInt8(ascii: "t"): try parseWord("true", .boolean)
    case UInt8(ascii: "f"): try parseWord("false", .boolean)
    case UInt8(ascii: "n"): try parseWord("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try parseNumber()
    default: throw error(.unexpectedByte(byte))
    }
  }

  private mutating func parseWord(
    _ word: StaticString,
    _ kind: JSONDocument.Node.Kind
  ) throws(JSONError) {
    let start = position
    for expected in word.description.utf8 {
      let byte = try peek()
      guard byte == expected else { throw error(.unexpectedByte(byte)) }
      position += 1
    }
    append(kind, from: start, to: position)
  }

  private mutating func parseNumber() throws(JSONError) {
    let start = position
    var kind = JSONDocument.Node.Kind.integer
    if byte(at: position) == UInt8(ascii: "-") { position += 1 }
    if byte(at: position) == UInt8(ascii: "0") {
      position += 1
    } else {
      try skipDigits()
    }
    if byte(at: position) == UInt8(ascii: ".") {
      kind = .number
      position += 1
      try skipDigits()
    }
    if let e = byte(at: position), e | 0x20 == UInt8(ascii: "e") {
      kind = .number
      position += 1
      if let sign = byte(at: position), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
        position += 1
      }
      try skipDigits()
    }
    if let after = byte(at: position), after >= UInt8(ascii: "0"), after <= UInt8(ascii: "9") {
      throw error(.badNumber)
    }
    append(kind, from: start, to: position)
  }

  private mutating func skipDigits() throws(JSONError) {
    let start = position
    while let digit = byte(at: position), digit &- UInt8(ascii: "0") < 10 { position += 1 }
    guard position > start else { throw error(.badNumber) }
  }

  private mutating func parseString() throws(JSONError) {
    position += 1
    let start = position
    var hasEscape = false
    while true {
      guard position < bytes.count else { throw error(.endsEarly) }
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        hasEscape = true
        try skipEscape()
      } else if byte < 0x20 {
        throw error(.unexpectedByte(byte))
      } else if byte < 0x80 {
        position += 1
      } else {
        guard let length = UTF8Check.scalarLength(in: bytes, at: position) else {
          throw error(.notUTF8)
        }
        position += length
      }
    }
    append(hasEscape ? .escapedString : .string, from: start, to: position)
    position += 1
  }

  private mutating func skipEscape() throws(JSONError) {
    guard position + 1 < bytes.count else { throw error(.endsEarly) }
    switch bytes[position + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 2
    case UInt8(ascii: "u"):
      for digit in position + 2..<position + 6 {
        guard digit < bytes.count else { throw error(.endsEarly) }
        guard JSONValue.hexValue(bytes[digit]) != nil else { throw error(.badEscape) }
      }
      position += 6
    default: throw error(.badEscape)
    }
  }

  private mutating func append(_ kind: JSONDocument.Node.Kind, from start: Int, to end: Int) {
    nodes.append(
      JSONDocument.Node(
        kind: kind,
        start: UInt32(start),
        end: UInt32(end),
        next: UInt32(nodes.count + 1),
        count: 0
      )
    )
  }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  private func peek() throws(JSONError) -> UInt8 {
    guard position < bytes.count else { throw error(.endsEarly) }
    return bytes[position]
  }

  private func byte(at position: Int) -> UInt8? {
    position < bytes.count ? bytes[position] : nil
  }

  private func error(_ reason: JSONError.Reason) -> JSONError {
    var line = 1
    for index in 0..<min(position, bytes.count) where bytes[index] == 0x0A { line += 1 }
    return JSONError(reason: reason, offset: position, line: line)
  }
}
