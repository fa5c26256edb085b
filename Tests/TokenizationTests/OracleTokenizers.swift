// SPDX-License-Identifier: Apache-2.0

import Compute
import JSON
import Synchronization
import TestSupport
import Tokenization

/// The tokenizers of the oracles, each loaded once for all tests.
enum OracleTokenizers {
  static let names = [
    "deepseek-v3", "deepseek-v3-base", "deepseek-v3.1", "deepseek-v4", "deepseek-v2",
    "deepseek-llm-v1", "deepseek-coder", "qwen2", "qwen2.5", "qwen3", "r1-distill-qwen", "llama3",
    "r1-distill-llama", "llama2", "stories-tok512", "gpt2",
  ]

  /// The names of those that are at hand.
  static var available: [String] {
    names.filter { (try? file("vectors/\($0).jsonl")) != nil }
  }

  static var folder: String? { Oracles.folder.map { $0 + "/tokenizers" } }

  private static let loaded = Mutex<[String: Tokenizer]>([:])

  /// Returns a tokenizer without the settings of tokenizer_config.json, as the vectors want it.
  static func tokenizer(_ name: String) throws -> Tokenizer {
    if let known = loaded.withLock({ $0[name] }) { return known }
    let tokenizer = try Tokenizer(json: json(name))
    loaded.withLock { $0[name] = tokenizer }
    return tokenizer
  }

  /// Returns tokenizer.json with the overlay's top-level keys in place.
  static func json(_ name: String) throws -> [UInt8] {
    guard let overlay = try? file("\(name)/overlay.json") else {
      return try file("\(name)/tokenizer.json")
    }
    let document = try JSONDocument(overlay)
    let base = try json(document.root["base"]?.string ?? "")
    let outer = TopLevel.members(of: overlay)
    let replaced = TopLevel.members(of: Array(overlay[outer["replace"] ?? 0..<0]))
    let patch = Array(overlay[outer["replace"] ?? 0..<0])
    var result = base
    let ranges = TopLevel.members(of: base).sorted { $0.value.lowerBound > $1.value.lowerBound }
    for (key, range) in ranges {
      if let new = replaced[key] { result.replaceSubrange(range, with: patch[new]) }
    }
    return result
  }

  static func file(_ path: String) throws -> [UInt8] {
    let region = try MemoryRegion(mapping: "\(folder ?? "")/\(path)")
    return region.copyBytes(0..<region.byteCount)
  }

  static func lines(_ path: String) throws -> [JSONValue] {
    try file(path).split(separator: 0x0A).map { try JSONDocument(Array($0)).root }
  }

  /// The inputs that the vectors share.
  static let cases = Result {
    try lines("cases.jsonl").map { $0["s"]?.string ?? "" }
  }
}

extension JSONValue {
  /// The numbers of an array.
  var ids: [Int32]? { array?.compactMap { $0.integer.map { Int32($0) } } }
}

/// The byte ranges of a JSON object's values, for putting others in their place.
enum TopLevel {
  static func members(of text: [UInt8]) -> [String: Range<Int>] {
    var result: [String: Range<Int>] = [:]
    var depth = 0
    var key: String?
    var start = 0
    var position = 0
    func finish(_ end: Int) {
      if let name = key { result[name] = start..<end }
      key = nil
    }
    while position < text.count {
      switch text[position] {
      case UInt8(ascii: "\""):
        let open = position
        position += 1
        while text[position] != UInt8(ascii: "\"") {
          position += text[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        if depth == 1, key == nil {
          key = String(decoding: text[(open + 1)..<position], as: UTF8.self)
        }
      case UInt8(ascii: ":") where depth == 1: start = position + 1
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 { finish(position) }
      case UInt8(ascii: ",") where depth == 1: finish(position)
      default: break
      }
      position += 1
    }
    return result
  }
}
