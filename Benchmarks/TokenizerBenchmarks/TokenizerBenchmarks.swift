// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import JSON
import Tokenization

/// Times encoding on one thread.
@main
struct TokenizerBenchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "TokenizerBenchmarks",
    abstract: "Times encoding on one thread: a first pass with an empty cache, then later ones.",
    discussion: "The texts are encoded in pieces of some 4 KiB, as a server meets them."
  )

  @Argument(help: "A folder with a tokenizer's files.")
  var folder: String

  @Argument(help: "Text files; a folder stands for all *.txt below it.")
  var texts: [String]

  @Option(help: "Later passes.")
  var runs = 9

  func run() throws {
    let documents = try texts.flatMap(Self.files).flatMap(Self.documents)
    let byteCount = documents.reduce(0) { $0 + $1.count }
    let start = ContinuousClock.now
    let tokenizer = try Tokenizer(folder: folder)
    let loaded = start.duration(to: .now) / .seconds(1)
    var tokenCount = 0
    let times = try (0...max(runs, 1)).map { _ in
      tokenCount = 0
      let start = ContinuousClock.now
      for document in documents {
        tokenCount += try tokenizer.encode(utf8: document, addsSpecialTokens: false).count
      }
      return start.duration(to: .now) / .seconds(1)
    }
    let later = times.dropFirst().sorted()
    print(
      JSONText.object([
        ("load_s", .double(loaded)), ("bytes", .integer(byteCount)),
        ("tokens", .integer(tokenCount)),
        ("first_mb_s", .double(Double(byteCount) / times[0] / 1e6)),
        ("median_mb_s", .double(Double(byteCount) / later[later.count / 2] / 1e6)),
        ("least_mb_s", .double(Double(byteCount) / later[later.count - 1] / 1e6)),
        ("most_mb_s", .double(Double(byteCount) / later[0] / 1e6)),
      ]).text
    )
  }

  private static func files(_ path: String) throws -> [String] {
    guard let below = FileManager.default.enumerator(atPath: path) else { return [path] }
    let names = below.allObjects.compactMap { $0 as? String }.filter { $0.hasSuffix(".txt") }
    return names.isEmpty ? [path] : names.sorted().map { "\(path)/\($0)" }
  }

  /// Pieces of 4 KiB or a little more, cut before a character.
  private static func documents(_ path: String) throws -> [[UInt8]] {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    var documents: [[UInt8]] = []
    var start = 0
    while start < bytes.count {
      var end = min(start + 4096, bytes.count)
      while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
      documents.append(Array(bytes[start..<end]))
      start = end
    }
    return documents
  }
}
