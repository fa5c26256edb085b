// SPDX-License-Identifier: Apache-2.0

/// Turns the bytes that a terminal sends into keys.
///
/// It understands what xterm, tmux, screen, rxvt, the Linux console and kitty send. Bytes may come
/// in any portions: what is not whole waits for more, for as long as `patience` says, and then
/// `timeOut` takes it for what it is, so that a lone escape is the key Escape.
public struct KeyDecoder: Sendable {
  /// Whether `CSI row;column R` is the answer to a question, rather than F3 with modifiers.
  public var expectsReports = false

  private var pending: [UInt8] = []
  private var paste: [UInt8]?

  // LIMIT: more than any prompt that a model takes; it bounds what a paste without end can fill.
  private static let pasteByteLimit = 16 << 20
  // LIMIT: answers of terminals have some dozen bytes; of longer texts only the end is waited for.
  static let stringByteLimit = 4096

  /// Creates a decoder that has seen nothing.
  public init() {}

  /// How long to wait for the rest of what has begun; nil where nothing has.
  public var patience: Duration? {
    // A slow connection pauses within a paste, but a key's sequence comes in one packet.
    if paste != nil { return .seconds(3) }
    return pending.isEmpty ? nil : .milliseconds(50)
  }

  /// Takes bytes and returns the keys that they complete.
  ///
  /// - Complexity: O(n) in the bytes, but for a sequence that comes byte by byte.
  public mutating func decode(_ bytes: some Sequence<UInt8>) -> [Key] {
    var keys: [Key] = []
    pending.append(contentsOf: bytes)
    var position = 0
    while position < pending.count {
      if paste != nil {
        guard let key = continuePaste(&position) else { break }
        keys.append(key)
        continue
      }
      switch KeySequence(pending[position...], expectsReports: expectsReports) {
      case .incomplete:
        pending.removeFirst(position)
        shortenString()
        return keys
      case .key(let key, let byteCount):
        keys.append(joined: key)
        position += byteCount
      case .nothing(let byteCount):
        position += byteCount
      case .pasteStart(let byteCount):
        position += byteCount
        paste = []
      }
    }
    pending.removeFirst(position)
    return keys
  }

  /// Ends the wait for more: what has begun is taken for what it is.
  public mutating func timeOut() -> [Key] {
    defer { pending = [] }
    if let text = paste {
      paste = nil
      return [Self.pasteKey(text + pending)]
    }
    return KeySequence.key(ofAbandoned: pending).map { [$0] } ?? []
  }

  /// Moves bytes to the paste until its end; nil where that has not come yet.
  private mutating func continuePaste(_ position: inout Int) -> Key? {
    let rest = pending[position...]
    let end = Self.pasteEnd
    guard let found = Self.firstIndex(of: end, in: rest) else {
      // The end may have begun.
      let kept = (1..<end.count).last { rest.count >= $0 && rest.suffix($0) == end.prefix($0) } ?? 0
      keep(rest.dropLast(kept))
      position = pending.count - kept
      return nil
    }
    keep(rest[..<found])
    position = found + end.count
    defer { paste = nil }
    return Self.pasteKey(paste ?? [])
  }

  private mutating func keep(_ bytes: ArraySlice<UInt8>) {
    let room = Self.pasteByteLimit - (paste?.count ?? 0)
    paste?.append(contentsOf: bytes.prefix(room))
  }

  private static func pasteKey(_ bytes: [UInt8]) -> Key {
    let text = String(decoding: bytes, as: UTF8.self)
    // Terminals send the line breaks of a paste as the key Enter.
    var scalars = String.UnicodeScalarView()
    var isAfterReturn = false
    for scalar in text.unicodeScalars {
      if scalar == "\r" || scalar == "\n" && !isAfterReturn {
        scalars.append("\n")
      } else if scalar != "\n" {
        scalars.append(scalar)
      }
      isAfterReturn = scalar == "\r"
    }
    return Key(.paste(String(scalars)))
  }

  // Of a string that does not end only the beginning, which names its kind, and the last byte, which
  // may belong to its end, matter.
  private mutating func shortenString() {
    guard pending.count > Self.stringByteLimit else { return }
    pending.removeSubrange(2..<(pending.count - 1))
  }

  private static let pasteEnd = Array("\u{1B}[201~".utf8)

  private static func firstIndex(of needle: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    var start = bytes.startIndex
    while let index = bytes[start...].firstIndex(of: needle[0]) {
      if bytes[index...].starts(with: needle) { return index }
      start = index + 1
    }
    return nil
  }
}

extension [Key] {
  /// Appends a key; text joins the text before it.
  fileprivate mutating func append(joined key: Key) {
    if case .text(let new) = key.symbol, key.modifiers.isEmpty, let last,
      case .text(let old) = last.symbol, last.modifiers.isEmpty
    {
      self[count - 1] = .text(old + new)
    } else {
      append(key)
    }
  }
}
