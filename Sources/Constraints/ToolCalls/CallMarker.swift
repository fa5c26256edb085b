// SPDX-License-Identifier: Apache-2.0

/// A text that opens calls in an answer, parts them, or closes a block of them.
struct CallMarker: Sendable, Hashable {
  enum Role: Sendable {
    /// Begins a block of calls, in which each has its own opening.
    case opensBlock
    /// Begins a call.
    case opensCall
    case closesBlock
    /// Begins a call that is a bare object, and its first byte.
    case opensObject
    /// Begins a code fence around bare objects.
    case opensFence
    case closesFence
    /// Stands before a bare object.
    case announcesObject
    /// Stands between bare objects.
    case separates

    /// Whether it is a text that stands for nothing but a call.
    var isCertain: Bool {
      self == .opensBlock || self == .opensCall || self == .announcesObject
    }
  }

  /// More bytes than any marker has.
  static let byteCountMax = 64
  /// So many bytes of a marker, as `<tool_`, begin nothing else in an answer that is cut off.
  static let tellingByteCount = 6

  let bytes: [UInt8]
  let role: Role

  init(_ text: String, _ role: Role) {
    bytes = Array(text.utf8)
    self.role = role
  }

  /// The markers around bare objects.
  static let bare = [
    CallMarker("{", .opensObject), CallMarker("```", .opensFence),
    CallMarker("<|python_tag|>", .announcesObject), CallMarker("```", .closesFence),
    CallMarker(";", .separates),
  ]
}

/// How the bytes held so far stand to the texts that are looked for.
enum MarkerMatch: Equatable {
  /// They are the text with this index.
  case whole(Int)
  /// They may become one.
  case partial
  case none

  init(_ held: [UInt8], in texts: some Sequence<[UInt8]>) {
    var result = MarkerMatch.none
    for (index, text) in texts.enumerated() where text.starts(with: held) {
      if text.count == held.count {
        self = .whole(index)
        return
      }
      result = .partial
    }
    self = result
  }
}

extension UInt8 {
  /// Whether it is white space of JSON.
  var isJSONSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}
