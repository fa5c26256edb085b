// SPDX-License-Identifier: Apache-2.0

/// The lines of an input that is read as it comes.
struct PlainLines: Sendable {
  private var bytes: [UInt8] = []
  private var start = 0
  /// Up to where no line break was found.
  private var searched = 0

  // LIMIT: no line that a person or a script writes comes near; it bounds what a pipe can fill.
  private static let byteLimit = 64 << 20

  /// Takes what was read; a line beyond the limit is cut.
  mutating func add(_ more: [UInt8]) {
    if start > 0 {
      bytes.removeFirst(start)
      searched -= start
      start = 0
    }
    bytes += more.prefix(Self.byteLimit - min(bytes.count, Self.byteLimit))
  }

  /// Takes the next whole line, without its end; bytes that are no UTF-8 become U+FFFD.
  mutating func next() -> String? {
    guard let end = bytes[searched...].firstIndex(of: 0x0A) else {
      searched = bytes.count
      return bytes.count < Self.byteLimit ? nil : rest()
    }
    defer {
      start = end + 1
      searched = start
    }
    return Self.text(bytes[start..<end])
  }

  /// Takes what stands behind the last line break; nil where nothing does.
  mutating func rest() -> String? {
    defer {
      bytes = []
      (start, searched) = (0, 0)
    }
    return start < bytes.count ? Self.text(bytes[start...]) : nil
  }

  /// Returns the text with the line break that its end asks for; nil where it is whole.
  static func continuation(of text: String, settings: LineEditor.Settings) -> String? {
    if settings.hasQuotedBlocks, QuotedBlock.isOpen(text) { return text + "\n" }
    let slashCount = text.reversed().prefix { $0 == "\\" }.count
    return slashCount.isMultiple(of: 2) ? nil : text.dropLast() + "\n"
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.last == 0x0D ? bytes.dropLast() : bytes, as: UTF8.self)
  }
}
