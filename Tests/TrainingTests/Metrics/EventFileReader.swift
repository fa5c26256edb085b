// SPDX-License-Identifier: Apache-2.0

/// Reads event files by the published formats alone; shares no code with their writer.
struct EventFileReader {
  struct Event: Equatable {
    var time = 0.0
    var step = 0
    var version: String?
    /// The status of a session log.
    var sessionStatus: Int?
    var scalars: [String: Float] = [:]
    var texts: [String: String] = [:]
    /// The plugin that shows a text.
    var plugins: [String: String] = [:]
  }

  struct Fault: Error {}

  /// The events of a file; throws where a length, a checksum or a field is wrong.
  static func events(_ bytes: [UInt8]) throws -> [Event] {
    var events: [Event] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      guard rest.count >= 12 else { throw Fault() }
      let header = Array(rest.prefix(8))
      guard number(rest.dropFirst(8).prefix(4)) == UInt64(masked(header)) else { throw Fault() }
      let count = Int(number(header[...]))
      rest = rest.dropFirst(12)
      guard rest.count >= count + 4 else { throw Fault() }
      let data = Array(rest.prefix(count))
      rest = rest.dropFirst(count)
      guard number(rest.prefix(4)) == UInt64(masked(data)) else { throw Fault() }
      rest = rest.dropFirst(4)
      events.append(try event(data))
    }
    return events
  }

  /// CRC-32C bit by bit, rotated by 15 and moved.
  static func masked(_ bytes: [UInt8]) -> UInt32 {
    let value = checksum(bytes)
    return ((value >> 15) | (value << 17)) &+ 0xA282_EAD8
  }

  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var value = UInt32.max
    for byte in bytes {
      for bit in 0..<8 {
        let low = (value ^ UInt32(byte >> bit)) & 1
        value >>= 1
        if low == 1 { value ^= 0x82F6_3B78 }
      }
    }
    return ~value
  }

  private static func event(_ bytes: [UInt8]) throws -> Event {
    var event = Event()
    for field in try fields(bytes) {
      switch field.number {
      case 1: event.time = Double(bitPattern: field.integer)
      case 2: event.step = Int(field.integer)
      case 3: event.version = String(decoding: field.bytes, as: UTF8.self)
      case 5:
        for value in try fields(field.bytes) where value.number == 1 {
          try add(value.bytes, to: &event)
        }
      case 7:
        event.sessionStatus = try fields(field.bytes).first { $0.number == 1 }.map {
          Int($0.integer)
        }
      default: throw Fault()
      }
    }
    return event
  }

  private static func add(_ value: [UInt8], to event: inout Event) throws {
    let fields = try fields(value)
    let tag =
      fields.first { $0.number == 1 }.map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
    for field in fields {
      switch field.number {
      case 1: break
      case 2: event.scalars[tag] = Float(bitPattern: UInt32(field.integer))
      case 8:
        let tensor = try Self.fields(field.bytes)
        guard tensor.first(where: { $0.number == 1 })?.integer == 7 else { throw Fault() }
        let text = tensor.first { $0.number == 8 }?.bytes ?? []
        event.texts[tag] = String(decoding: text, as: UTF8.self)
      case 9:
        for part in try Self.fields(field.bytes) where part.number == 1 {
          let name = try Self.fields(part.bytes).first { $0.number == 1 }?.bytes ?? []
          event.plugins[tag] = String(decoding: name, as: UTF8.self)
        }
      default: throw Fault()
      }
    }
  }

  private struct Field {
    var number: Int
    var integer: UInt64 = 0
    var bytes: [UInt8] = []
  }

  private static func fields(_ bytes: [UInt8]) throws -> [Field] {
    var fields: [Field] = []
    var rest = bytes[...]
    func variable() throws -> UInt64 {
      var (value, shift) = (UInt64(0), UInt64(0))
      while let byte = rest.popFirst() {
        value |= UInt64(byte & 0x7F) << shift
        shift += 7
        if byte < 0x80 { return value }
      }
      throw Fault()
    }
    func take(_ count: Int) throws -> ArraySlice<UInt8> {
      guard rest.count >= count else { throw Fault() }
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count)
    }
    while !rest.isEmpty {
      let key = try variable()
      var field = Field(number: Int(key >> 3))
      switch key & 7 {
      case 0: field.integer = try variable()
      case 1: field.integer = number(try take(8))
      case 2: field.bytes = Array(try take(Int(variable())))
      case 5: field.integer = number(try take(4))
      default: throw Fault()
      }
      fields.append(field)
    }
    return fields
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
