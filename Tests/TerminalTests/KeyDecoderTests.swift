// SPDX-License-Identifier: Apache-2.0

import Terminal
import Testing

/// Keys, held to what the terminals' own documents say each sends.
@Suite struct KeyDecoderTests {
  private static func keys(_ text: String) -> [Key] {
    var decoder = KeyDecoder()
    let keys = decoder.decode(text.utf8)
    return keys + decoder.timeOut()
  }

  @Test(arguments: [
    ("\u{1B}[A", Key(.up)), ("\u{1B}OA", Key(.up)), ("\u{1B}[1;5C", Key(.right, .control)),
    ("\u{1B}[1;3D", Key(.left, .alt)), ("\u{1B}[1;9D", Key(.left, .alt)),
    ("\u{1B}[1;6B", Key(.down, [.shift, .control])), ("\u{1B}\u{1B}[D", Key(.left, .alt)),
    ("\u{1B}[H", Key(.home)), ("\u{1B}[1~", Key(.home)), ("\u{1B}[7~", Key(.home)),
    ("\u{1B}OH", Key(.home)), ("\u{1B}[F", Key(.end)), ("\u{1B}[4~", Key(.end)),
    ("\u{1B}[8~", Key(.end)), ("\u{1B}[3~", Key(.delete)), ("\u{1B}[3;5~", Key(.delete, .control)),
    ("\u{1B}[3^", Key(.delete, .control)), ("\u{1B}[2~", Key(.insert)),
    ("\u{1B}[5~", Key(.pageUp)), ("\u{1B}[6~", Key(.pageDown)), ("\u{1B}[Z", Key(.tab, .shift)),
    ("\u{1B}[a", Key(.up, .shift)), ("\u{1B}Oc", Key(.right, .control)),
    ("\u{1B}[[A", Key(.function(1))), ("\u{1B}[[E", Key(.function(5))),
    ("\u{1B}OP", Key(.function(1))), ("\u{1B}[15~", Key(.function(5))),
    ("\u{1B}[24~", Key(.function(12))), ("\u{1B}[1;5R", Key(.function(3), .control)),
    ("\u{1B}[13;2u", Key(.enter, .shift)), ("\u{1B}[27;5;13~", Key(.enter, .control)),
    ("\u{1B}[97;5u", .control("a")), ("\u{1B}[228;3u", .alt("ä")), ("\u{1B}OM", Key(.enter)),
    ("\u{1B}Oq", .text("1")), ("\r", Key(.enter)), ("\n", .control("j")), ("\t", Key(.tab)),
    ("\u{7F}", Key(.backspace)), ("\u{8}", Key(.backspace)),
    ("\u{1B}\u{7F}", Key(.backspace, .alt)),
    ("\u{1}", .control("a")), ("\u{1F}", .control("_")), ("\u{0}", .control(" ")),
    ("\u{1B}b", .alt("b")), ("\u{1B}ä", .alt("ä")), ("\u{1B}\r", Key(.enter, .alt)),
    ("\u{1B}", Key(.escape)), ("\u{1B}\u{1B}", Key(.escape, .alt)), ("\u{1B}[", .alt("[")),
    ("\u{1B}O", .alt("O")), ("\u{1B}]", .alt("]")), ("\u{1B}[99;99X", Key(.unknown)),
    ("\u{1B}[<0;1;1M", Key(.unknown)), ("\u{1B}[I", Key(.unknown)),
  ])
  func `a sequence is one key`(_ text: String, _ key: Key) {
    #expect(Self.keys(text) == [key])
  }

  @Test func `text comes in one piece, in every script`() {
    let text = "aé नमस्ते 你好 👩‍💻 שלום"
    #expect(Self.keys(text) == [.text(text)])
    #expect(Self.keys("a\u{1B}[Db") == [.text("a"), Key(.left), .text("b")])
  }

  @Test func `a sequence may come in portions`() {
    var decoder = KeyDecoder()
    #expect(decoder.patience == nil)
    #expect(decoder.decode([0x1B]) == [])
    #expect(decoder.patience == .milliseconds(50))
    #expect(decoder.decode(Array("[1;".utf8)) == [])
    #expect(decoder.decode(Array("5Cx".utf8)) == [Key(.right, .control), .text("x")])
    #expect(decoder.patience == nil)
    #expect(decoder.decode([0xE4, 0xBD]) == [])
    #expect(decoder.decode([0xA0]) == [.text("你")])
  }

  @Test func `an escape alone is a key once the wait is over`() {
    var decoder = KeyDecoder()
    #expect(decoder.decode([0x1B]) == [])
    #expect(decoder.timeOut() == [Key(.escape)])
    #expect(decoder.decode(Array("[A".utf8)) == [.text("[A")])
  }

  @Test(
    arguments: [
      ([0xFF, 0x61], "\u{FFFD}a"), ([0xC3, 0x28], "\u{FFFD}("), ([0xE2, 0x82, 0x61], "\u{FFFD}a"),
      ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"), ([0xC0, 0x80], "\u{FFFD}\u{FFFD}"),
      ([0xF4, 0x90], "\u{FFFD}\u{FFFD}"), ([0xE2, 0x82], "\u{FFFD}"),
    ] as [([UInt8], String)]
  )
  func `bytes that are no UTF-8 are replaced as the standard library does`(
    _ bytes: [UInt8],
    _ text: String
  ) {
    var decoder = KeyDecoder()
    let keys = decoder.decode(bytes) + decoder.timeOut()
    let typed = keys.map { key in
      if case .text(let text) = key.symbol { return text }
      return "?"
    }
    #expect(typed.joined() == text)
    #expect(String(decoding: bytes, as: UTF8.self) == text)
  }

  @Test func `a paste is one key, whatever it holds`() {
    let pasted = "a\r\nb\rc\nd \u{1B}[A \u{3} \u{1B}[20"
    let keys = Self.keys("x\u{1B}[200~\(pasted)\u{1B}[201~y")
    #expect(keys == [.text("x"), Key(.paste("a\nb\nc\nd \u{1B}[A \u{3} \u{1B}[20")), .text("y")])
  }

  @Test func `a paste may come byte by byte, and ends when nothing comes any more`() {
    var decoder = KeyDecoder()
    var keys: [Key] = []
    for byte in "\u{1B}[200~ä\u{1B}[201\u{1B}[201~".utf8 { keys += decoder.decode([byte]) }
    #expect(keys == [Key(.paste("ä\u{1B}[201"))])
    #expect(decoder.decode("\u{1B}[200~rest".utf8) == [])
    #expect(decoder.patience == .seconds(3))
    #expect(decoder.timeOut() == [Key(.paste("rest"))])
    #expect(decoder.patience == nil)
  }

  @Test func `what the terminal says of itself is no input`() {
    #expect(Self.keys("\u{1B}]11;rgb:00/00/00\u{7}a") == [.text("a")])
    #expect(Self.keys("\u{1B}P1$r0m\u{1B}\\b") == [.text("b")])
    let long = "\u{1B}]52;" + String(repeating: "x", count: 100_000)
    var decoder = KeyDecoder()
    for byte in long.utf8.prefix(20_000) { _ = decoder.decode([byte]) }
    #expect(decoder.decode("\u{7}c".utf8) == [.text("c")])
    #expect(Self.keys(long + "\u{1B}\\c") == [.text("c")])
  }

  @Test func `a report of the cursor is one only where it was asked for`() {
    var decoder = KeyDecoder()
    decoder.expectsReports = true
    #expect(decoder.decode("\u{1B}[1;5R".utf8) == [Key(.cursorReport(row: 1, column: 5))])
    decoder.expectsReports = false
    #expect(decoder.decode("\u{1B}[1;5R".utf8) == [Key(.function(3), .control)])
  }
}
