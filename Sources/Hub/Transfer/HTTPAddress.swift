// SPDX-License-Identifier: Apache-2.0

/// Where a request goes: `http` or `https`, host, port, path and query.
package struct HTTPAddress: Sendable, Hashable, CustomStringConvertible {
  /// Whether it is spoken to over TLS.
  package let isSecure: Bool
  /// Without brackets where it is an IPv6 address.
  package let host: String
  /// Its port, the usual one where none is named.
  package let port: Int
  /// The path with its query; begins with a slash.
  package let target: String

  /// Reads an absolute address; nil where it is none, or names a user.
  package init?(_ text: String) {
    let lowered = text.lowercased()
    if lowered.hasPrefix("https://") {
      isSecure = true
    } else if lowered.hasPrefix("http://") {
      isSecure = false
    } else {
      return nil
    }
    let rest = text.dropFirst(isSecure ? 8 : 7)
    let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
    guard let authority = Self.authority(rest[..<end], isSecure: isSecure) else { return nil }
    (host, port) = authority
    let tail = rest[end...].prefix { $0 != "#" }
    guard let target = Self.encoded(tail.hasPrefix("/") ? String(tail) : "/" + tail) else {
      return nil
    }
    self.target = target
  }

  private init(_ other: HTTPAddress, target: String) {
    isSecure = other.isSecure
    host = other.host
    port = other.port
    self.target = target
  }

  /// The address without its query, which may hold a signature.
  package var description: String {
    "\(origin)\(target.prefix { $0 != "?" })"
  }

  /// Scheme, host and port: who would see a token.
  package var origin: String { "\(isSecure ? "https" : "http")://\(authority)" }

  /// Host and port as a request names them; the port only where it is not the usual one.
  var authority: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
  }

  /// The same address with more after its path.
  package func appending(_ path: String) -> HTTPAddress {
    HTTPAddress(self, target: (target.hasSuffix("/") ? String(target.dropLast()) : target) + path)
  }

  /// The address that a `Location` or `Link` names, relative to this one; nil where it is none.
  package func resolving(_ location: String) -> HTTPAddress? {
    if location.prefix(while: { !"/?#".contains($0) }).contains(":") {
      return HTTPAddress(location)
    }
    if location.hasPrefix("//") { return HTTPAddress("\(isSecure ? "https" : "http"):\(location)") }
    let path = location.prefix { $0 != "#" }
    if path.hasPrefix("/") {
      return Self.encoded(String(path)).map { HTTPAddress(self, target: $0) }
    }
    let base = target.prefix { $0 != "?" }
    let folder = path.hasPrefix("?") ? base : base[...(base.lastIndex(of: "/") ?? base.startIndex)]
    return Self.encoded("\(folder)\(path)").map { HTTPAddress(self, target: $0) }
  }

  /// One part of a path with all that has a meaning in addresses encoded, slashes too.
  package static func encodedPart(_ part: some StringProtocol) -> String {
    encode(part.utf8) { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        true
      default: false
      }
    }
  }

  private static func authority(
    _ text: Substring,
    isSecure: Bool
  ) -> (host: String, port: Int)? {
    var host = text
    var port = isSecure ? 443 : 80
    if let colon = text.lastIndex(of: ":"), !text[colon...].contains("]") {
      let digits = text[text.index(after: colon)...]
      guard let number = Int(digits), (1...65_535).contains(number) else { return nil }
      host = text[..<colon]
      port = number
    }
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
      guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
        return nil
      }
      return (String(host), port)
    }
    let isName = host.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"):
        true
      default: false
      }
    }
    return isName && !host.isEmpty && host.utf8.count < 255 ? (host.lowercased(), port) : nil
  }

  /// A path and query with spaces and what is not ASCII encoded; nil for control characters.
  private static func encoded(_ text: String) -> String? {
    guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
    return encode(text.utf8) { $0 > 0x20 && $0 < 0x7F }
  }

  private static func encode(
    _ bytes: some Sequence<UInt8>,
    keeping isKept: (UInt8) -> Bool
  ) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var result: [UInt8] = []
    for byte in bytes {
      if isKept(byte) {
        result.append(byte)
      } else {
        result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
