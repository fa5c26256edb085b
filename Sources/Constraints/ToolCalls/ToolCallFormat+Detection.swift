// SPDX-License-Identifier: Apache-2.0

extension ToolCallFormat {
  /// The function that is called in the conversation whose rendering tells the format.
  public static let probeName = "zqprobe"
  /// The arguments of that call, a JSON text.
  public static let probeArguments = #"{"zqkey": "zqvalue"}"#

  /// Finds out how a template writes calls.
  ///
  /// A format is a template's if it reads back the call that the template wrote. It is `plain` where
  /// the call is not in the rendering, so that the template leaves calls out, and nil where it is
  /// there in a form that is not known.
  ///
  /// - Parameters:
  ///   - rendering: What the template makes of a conversation with one call, of `probeName` with
  ///     `probeArguments`, in a message of the assistant.
  ///   - name: The name of the called function.
  public init?(rendering: String, name: String = probeName) {
    let bytes = Array(rendering.utf8)
    let places = Self.places(of: Array(name.utf8), in: bytes)
    guard !places.isEmpty else {
      self = .plain
      return
    }
    let marked = Self.allCases.filter { !$0.isBare }
    if let format = marked.first(where: { $0.reads(rendering, name) }) {
      // Both read the blocks of both.
      let isV32 = format != .deepSeekV32 || rendering.contains("<｜DSML｜function_calls>")
      self = isV32 ? format : .deepSeekV4
      return
    }
    for place in places {
      guard let format = Self.bareFormat(bytes, namedAt: place, name) else { continue }
      self = format
      return
    }
    return nil
  }

  private static func places(of text: [UInt8], in bytes: [UInt8]) -> [Int] {
    guard let first = text.first else { return [] }
    return bytes.indices.filter { bytes[$0] == first && bytes[$0...].starts(with: text) }
  }

  private func reads(_ text: String, _ name: String) -> Bool {
    var stream = ToolCallStream(self, names: [name])
    _ = stream.append(text)
    _ = stream.finish()
    return stream.hasCalls && !stream.isTruncated
  }

  /// What tells that something of its own announces a call, so that an answer does not begin with the
  /// object.
  private static let announcements = ["call", "tool", "function", "action"]
  private static let announcementByteCount = 40

  /// Looks at the object that the name stands in.
  private static func bareFormat(
    _ bytes: [UInt8],
    namedAt place: Int,
    _ name: String
  ) -> ToolCallFormat? {
    guard let brace = bytes[..<place].lastIndex(of: UInt8(ascii: "{")),
      plain.reads(String(decoding: bytes[brace...], as: UTF8.self), name)
    else { return nil }
    let text = String(
      decoding: bytes[max(0, brace - announcementByteCount)..<brace],
      as: UTF8.self
    ).lowercased()
    guard !announcements.contains(where: text.contains) else { return nil }
    let last = bytes[..<brace].last { !$0.isJSONSpace }
    guard last != UInt8(ascii: "["), last != UInt8(ascii: ",") else { return nil }
    let object = bytes[brace...]
    let parameters = Array(#""parameters""#.utf8)
    let isLlama = object.indices.contains { object[$0...].starts(with: parameters) }
    return isLlama ? .llama : .plain
  }
}
