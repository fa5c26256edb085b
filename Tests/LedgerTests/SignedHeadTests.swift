// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Foundation
import JSON
import Ledger
import TestSupport
import Testing

/// Heads that are signed, and the key that signs them.
@Suite struct SignedHeadTests {
  private let time = "2026-11-21T22:30:17Z"

  private func head(_ n: Int = 3) -> LedgerHead { LedgerHead(hash: LedgerHash.text(of: []), n: n) }

  @Test func `a key is made once, for its owner alone`() throws {
    let folder = try LedgerFolder()
    let path = folder.path + "/new/ledger"
    let first = try LedgerKey(folder: path)
    #expect(try LedgerKey(folder: path).publicKey == first.publicKey)
    let file = path + "/" + LedgerKey.fileName
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions]
    #expect((mode as? NSNumber)?.intValue == 0o600)
    #expect(SystemFolder.byteCount(file) == 65)
    #expect(try SystemFolder.names(in: path) == [LedgerKey.fileName])
  }

  @Test func `of processes that make the key together all get the same`() async throws {
    let folder = try LedgerFolder()
    async let first: Void = makeKey(folder.path, "1")
    async let second: Void = makeKey(folder.path, "2")
    _ = await (first, second)
    let keys = try ["1", "2"].map { try folder.bytes($0) }
    #expect(keys[0] == keys[1] && keys[0].count == 64)
  }

  private func makeKey(_ folder: String, _ name: String) async {
    await #expect(processExitsWith: .success) {
      [folder = folder as String, name = name as String] in
      let key = try LedgerKey(folder: folder).publicKey
      try SystemFolder.write(Array(key.utf8), to: folder + "/" + name)
    }
  }

  @Test(arguments: ["", "xyz\n", "ABCD\n", String(repeating: "0", count: 63)])
  func `a file that holds no key is said`(_ text: String) throws {
    let folder = try LedgerFolder()
    try folder.write(Array(text.utf8), LedgerKey.fileName)
    let place = folder.path + "/" + LedgerKey.fileName
    #expect(throws: LedgerError(.badKey, place: place)) { try LedgerKey(folder: folder.path) }
    #expect(LedgerError(.badKey).exitCode == .badData)
    #expect(try folder.bytes(LedgerKey.fileName) == Array(text.utf8))
  }

  @Test func `a head that was written reads as itself, and any change of it shows`() throws {
    let key = try LedgerKey(folder: LedgerFolder().path)
    let signed = key.sign(head(), of: "train", time: time)
    #expect(signed.isGenuine && signed.publicKey == key.publicKey)
    let text = signed.json.text
    let read = try SignedHead(JSONDocument(Array(text.utf8)).root)
    #expect(read == signed)
    let record = #"{"time":"x","ledger":\#(text)}"#
    #expect(try SignedHead(JSONDocument(Array(record.utf8)).root) == signed)
    for (old, new) in [
      ("\"n\":3", "\"n\":4"), ("\"train\"", "\"trains\""), ("22:30:17Z", "22:30:18Z"),
      (signed.head.hash, String(repeating: "a", count: 64)),
      (signed.publicKey, String(repeating: "a", count: 64)),
      (signed.signature, String(repeating: "a", count: 128)), (signed.signature, ""),
    ] {
      let forged = text.replacing(old, with: new)
      #expect(forged != text)
      #expect(try !SignedHead(JSONDocument(Array(forged.utf8)).root).isGenuine, "\(forged)")
    }
  }

  @Test(arguments: [
    ("x", "line 2"), ("{}", "'writer'"), (#"{"writer":"../a"}"#, "'writer'"),
    (#"{"writer":"a","n":-1}"#, "'n'"), (#"{"writer":"a","n":1,"hash":"00"}"#, "'hash'"),
    (
      #"{"writer":"a","n":1,"hash":"\#(String(repeating: "0", count: 64))"}"#, "'signature'"
    ),
  ])
  func `a line that is no head is named`(_ line: String, _ words: String) throws {
    let bytes = Array("\n\(line)\n".utf8)
    let error = try #require(throws: LedgerError.self) {
      try SignedHead.all(in: bytes, file: "heads")
    }
    #expect(error.place == "heads, line 2" && error.exitCode == .badData)
    #expect("\(error)".contains(words))
  }

  // Method: all rows are written anew from the start, with hashes that fit. The chain by itself is then
  // whole; only the head that was kept shows it.
  @Test func `a chain that was written anew shows against a head that was kept`() throws {
    let folder = try LedgerFolder()
    _ = try folder.chain(4)
    let path = folder.path + "/train.jsonl"
    let kept = try LedgerVerification(path: path).head
    var forgedHead = LedgerHead.start
    var forged: [[UInt8]] = []
    for number in 1...6 {
      let row = ChainedRow(.sample(number + 100), writer: "train", after: forgedHead)
      forged.append(row.line)
      forgedHead = row.head
    }
    try folder.write(forged.file)
    #expect(try LedgerVerification(path: path).isIntact)
    let problems = try LedgerVerification(path: path, known: [kept]).problems
    #expect(problems.map(\.kind) == [.cutOff] && problems.map(\.row) == [4])
  }
}
