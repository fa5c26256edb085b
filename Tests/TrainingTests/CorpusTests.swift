// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics
import TestSupport
import Testing
import Tokenization
import Training

/// How files become documents.
@Suite struct CorpusTests {
  private func corpus(_ paths: [String], _ unit: DocumentUnit = .files) throws -> Corpus {
    try Corpus(paths: paths, unit: unit, pool: ThreadPool(threadCount: 2))
  }

  private func texts(_ corpus: Corpus) throws -> [String] {
    try corpus.sources.flatMap { source in
      try (0..<source.documentCount).map { index in
        switch try source.document(index).content {
        case .text(let bytes): String(decoding: bytes, as: UTF8.self)
        case .conversation(let messages, _): "\(messages.count) messages"
        }
      }
    }
  }

  @Test func `a file is a document, or each of its paragraphs`() throws {
    let folder = try TextFolder()
    let path = try folder.write("a.txt", "\u{FEFF}\n one\ntwo \n\n \t\nthree\r\n\r\n\nfour\n")
    #expect(try texts(corpus([path])) == ["one\ntwo \n\n \t\nthree\r\n\r\n\nfour\n"])
    let paragraphs = try corpus([path], .paragraphs)
    #expect(try texts(paragraphs) == ["one\ntwo", "three", "four"])
    let lines = try (0..<3).map { try paragraphs.sources[0].document($0).place.line }
    #expect(lines == [2, 6, 9])
  }

  @Test func `each line of JSON lines is a document`() throws {
    let folder = try TextFolder()
    let path = try folder.write(
      "a.jsonl",
      #"{"text":"a \"b\" \u00e9"}"# + "\n\n"
        + #"{"id":1,"messages":[{"role":"user","content":"x"}]}"# + "\n"
    )
    let corpus = try corpus([path], .paragraphs)
    #expect(try texts(corpus) == ["a \"b\" é", "1 messages"])
    #expect(try corpus.sources[0].document(1).place.description == "\(path), line 3")
  }

  @Test func `folders give their texts in the order of names`() throws {
    let folder = try TextFolder()
    for name in ["b/2.txt", "b/1.jsonl", "a.txt", "README.md", ".hidden.txt"] {
      try folder.write("texts/\(name)", name.hasSuffix("l") ? #"{"text":"x"}"# : "y")
    }
    let found = try corpus([folder.path + "/texts/"]).sources.map(\.path)
    #expect(found == ["a.txt", "b/1.jsonl", "b/2.txt"].map { folder.path + "/texts/" + $0 })
  }

  @Test(arguments: [
    (Array("abc\u{E9}".utf8) + [0xFF, 0x61], 5), ([0x61, 0xC3], 1), (Array("a\0b".utf8), 1),
    (Array("a".utf8) + [0x80], 1),
  ])
  func `what is no text is named with its byte`(bytes: [UInt8], offset: Int) throws {
    let folder = try TextFolder()
    let path = try folder.write("a.txt", bytes)
    let error = DataError(.notText(offset: offset), place: path)
    #expect(throws: error) { try corpus([path]) }
    #expect(error.exitCode == .badData)
    // The same behind a chunk that is read by itself, whose end cuts a character.
    let long = try folder.write(
      "b.txt",
      Array(String(repeating: "é中🦊 ", count: 150_000).utf8) + bytes
    )
    #expect(throws: DataError(.notText(offset: 150_000 * 10 + offset), place: long)) {
      try corpus([long])
    }
  }

  @Test(arguments: [
    ("[1]", "found no object"), (#"{"txt":1}"#, "found neither 'text' nor 'messages'"),
    (#"{"messages":[{"content":"x"}]}"#, "a message has no 'role'"),
  ])
  func `a line that is no document is named`(line: String, fault: String) throws {
    let folder = try TextFolder()
    let path = try folder.write("a.jsonl", #"{"text":"fine"}"# + "\n" + line + "\n")
    let source = try corpus([path]).sources[0]
    #expect(throws: DataError(.notDocument(fault), place: "\(path), line 2")) {
      try source.document(1)
    }
    let broken = try folder.write("b.jsonl", "{\"text\":\n")
    let other = try corpus([broken]).sources[0]
    do {
      _ = try other.document(0)
      Issue.record("a broken line was read")
    } catch {
      #expect(error.exitCode == .badData && error.place?.hasPrefix("\(broken), line 1") == true)
    }
  }

  @Test func `nothing to read is an error`() throws {
    let folder = try TextFolder()
    let path = try folder.write("a.txt", " \n\n")
    #expect(throws: DataError(.noDocuments, place: path)) { try corpus([path]) }
    do {
      _ = try corpus([folder.path + "/none.txt"])
      Issue.record("a missing file was read")
    } catch let error as DataError {
      #expect(error.exitCode == .noInput)
    }
  }
}
