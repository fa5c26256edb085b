// SPDX-License-Identifier: Apache-2.0

import Terminal
import Testing

/// Markdown with a light look.
@Suite struct MarkdownStylerTests {
  /// The text with `<b>`, `<c>` (code), `<d>` (dim) around what has that look.
  private static func shown(_ text: String, divided: Bool = false) -> String {
    var styler = MarkdownStyler()
    var pieces: [MarkdownStyler.Piece] = []
    for part in divided ? text.unicodeScalars.map({ String($0) }) : [text] {
      pieces += styler.append(part)
    }
    pieces += styler.finish()
    var all: [MarkdownStyler.Piece] = []
    for piece in pieces {
      if let last = all.last, last.style == piece.style, last.isCode == piece.isCode {
        all[all.count - 1].text += piece.text
      } else {
        all.append(piece)
      }
    }
    return all.map { piece in
      let marks =
        (piece.style.attributes.contains(.bold) ? "b" : "")
        + (piece.style.attributes.contains(.dim) ? "d" : "") + (piece.style.color == nil ? "" : "c")
        + (piece.isCode ? "k" : "")
      return marks.isEmpty ? piece.text : "<\(marks)>\(piece.text)</>"
    }
    .joined()
  }

  @Test(arguments: [
    ("plain text", "plain text"),
    ("# Heading\ntext", "<b># Heading\n</>text"),
    ("###### H\n", "<b>###### H\n</>"),
    ("#include\n####### x\na # b", "#include\n####### x\na # b"),
    ("a **bold** b", "a <b>**bold**</> b"),
    ("***both*** x", "<b>***both***</> x"),
    ("* item\n** x **\n2 ** 3", "* item\n** x **\n2 ** 3"),
    ("**open\nnext", "<b>**open\n</>next"),
    ("a `code` b", "a <c>`code`</> b"),
    ("``a ` b`` c", "<c>``a ` b``</> c"),
    ("`a ** b` c **d**", "<c>`a ** b`</> c <b>**d**</>"),
    (
      "```swift\nlet a = 1 // **x** # y\n```\nz",
      "<dck>```swift\n</><ck>let a = 1 // **x** # y\n</><dck>```\n</>z"
    ),
    ("~~~\n```\n~~~\nz", "<dck>~~~\n</><ck>```\n</><dck>~~~\n</>z"),
    ("````\n```\n````\nz", "<dck>````\n</><ck>```\n</><dck>````\n</>z"),
    ("- a:\n    ```\n    b\n    ```\nz", "- a:\n    <dck>```\n</><ck>    b\n    </><dck>```\n</>z"),
    ("```\n```python\n```\n", "<dck>```\n</><ck>```python\n</><dck>```\n</>"),
    ("```\nopen", "<dck>```\n</><ck>open</>"),
    ("ends with **", "ends with **"),
    ("नमस्ते **दुनिया**", "नमस्ते <b>**दुनिया**</>"),
  ])
  func `marks give a look and stay`(_ text: String, _ expected: String) {
    #expect(Self.shown(text) == expected)
    #expect(Self.shown(text, divided: true) == expected)
  }

  @Test func `the look is added to that of the text`() {
    var styler = MarkdownStyler()
    let pieces = styler.append("a `b` ", base: .dim)
    #expect(pieces.map(\.style) == [.dim, TextStyle(.dim, color: .cyan), .dim])
  }

  @Test func `nothing waits but the marks at the end`() {
    var styler = MarkdownStyler()
    #expect(styler.append("some text").map(\.text) == ["some text"])
    #expect(styler.append(" **").map(\.text) == [" "])
    #expect(styler.append("bold").map(\.text) == ["**bold"])
  }
}
