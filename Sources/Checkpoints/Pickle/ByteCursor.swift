// SPDX-License-Identifier: Apache-2.0

/// Walks through bytes; what lies past their end is nil, never a crash.
struct ByteCursor {
  let bytes: [UInt8]
  private(set) var position: Int

  init(_ bytes: [UInt8], at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  /// How many bytes are left.
  var remaining: Int { bytes.count - position }

  /// The next bytes, nil where fewer are left.
  mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= remaining else { return nil }
    defer { position += count }
    return bytes[position..<position + count]
  }

  /// The next byte.
  mutating func byte() -> UInt8? { take(1)?.first }

  /// A little-endian number of up to eight bytes, without a sign.
  mutating func unsigned(_ byteCount: Int) -> UInt64? {
    take(byteCount)?.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A little-endian number of up to eight bytes; nil also where it passes an `Int`.
  mutating func count(_ byteCount: Int) -> Int? {
    unsigned(byteCount).flatMap { Int(exactly: $0) }
  }

  /// The bytes up to the next line feed, which is passed over; nil where none comes in time.
  mutating func line(limit: Int) -> ArraySlice<UInt8>? {
    let rest = bytes[position...].prefix(limit + 1)
    guard let end = rest.firstIndex(of: 0x0A) else { return nil }
    defer { position = end + 1 }
    return bytes[position..<end]
  }
}
