// SPDX-License-Identifier: Apache-2.0

import Terminal
import Testing

/// What keys do to a text: the text and the cursor (`|`) after them.
@Suite struct LineEditorTests {
  private static func press(_ editor: inout LineEditor, _ keys: [Key]) -> LineEditor.Outcome {
    keys.reduce(.edited) { $1 == Key(.unknown) ? $0 : editor.handle($1) }
  }

  private static func shown(_ editor: LineEditor) -> String {
    let characters = Array(editor.text)
    return String(characters[..<editor.cursor]) + "|" + String(characters[editor.cursor...])
  }

  private static let up = Key(.up)
  private static let down = Key(.down)
  private static let left = Key(.left)
  private static let enter = Key(.enter)

  @Test(arguments: [
    ("one two", [Key.control("a")], "|one two"),
    ("one two", [.control("a"), .control("e")], "one two|"),
    ("one two", [Key(.home), Key(.end), Key(.left)], "one tw|o"),
    ("one two", [.control("b"), .control("b"), .control("f")], "one tw|o"),
    ("one two", [.alt("b")], "one |two"),
    ("one two", [.alt("b"), .alt("b")], "|one two"),
    ("one two", [.control("a"), .alt("f")], "one| two"),
    ("one two", [Key(.left, .control)], "one |two"),
    ("one two", [.control("a"), Key(.right, .control)], "one| two"),
    ("one two", [.control("a"), .control("d")], "|ne two"),
    ("one two", [.control("a"), Key(.delete)], "|ne two"),
    ("one two", [Key(.backspace), .control("h")], "one t|"),
    ("one two", [.control("a"), .control("k")], "|"),
    ("one two", [.alt("b"), .control("u")], "|two"),
    ("one a-b", [.control("w")], "one |"),
    ("one a-b", [Key(.backspace, .alt)], "one a-|"),
    ("one two", [.control("a"), .alt("d")], "| two"),
    ("one two", [.control("w"), .control("a"), .control("y")], "two|one "),
    ("ab", [.control("t")], "ba|"),
    ("abc", [.control("a"), .control("f"), .control("t")], "ba|c"),
    ("one two", [.control("a"), .alt("u")], "ONE| two"),
    ("ONE two", [.control("a"), .alt("l")], "one| two"),
    ("one two", [.alt("b"), .alt("c")], "one Two|"),
    ("a\nbc", [.control("a")], "a\n|bc"),
    ("a\nbc", [.control("a"), .control("u")], "a|bc"),
    ("a\nbc", [Key(.home, .control), .control("k"), .control("k")], "|bc"),
    ("a\nbc", [Key(.home, .control), Key(.end, .control)], "a\nbc|"),
    ("a b c", [.control("w"), .control("w"), .control("y")], "a b c|"),
  ])
  func `the keys of Emacs`(_ text: String, _ keys: [Key], _ expected: String) {
    var editor = LineEditor()
    editor.begin(text)
    _ = Self.press(&editor, keys)
    #expect(Self.shown(editor) == expected)
  }

  @Test(arguments: [
    [Key(.enter, .alt)], [Key.control("j")], [Key.text("\\"), Key(.enter)], [Key(.enter, .shift)],
  ])
  func `there are several ways to another line`(_ keys: [Key]) {
    var editor = LineEditor()
    editor.begin("one")
    #expect(Self.press(&editor, keys + [.text("two")]) == .edited)
    #expect(editor.text == "one\ntwo")
    #expect(editor.handle(Self.enter) == .submitted("one\ntwo"))
  }

  @Test func `two backslashes are a text that ends with them`() {
    var editor = LineEditor()
    editor.begin("C:\\\\")
    #expect(editor.handle(Self.enter) == .submitted("C:\\\\"))
  }

  @Test func `a pasted line break enters nothing`() {
    var editor = LineEditor()
    #expect(editor.handle(Key(.paste("a\nb\n"))) == .edited)
    #expect(Self.shown(editor) == "a\nb\n|")
  }

  @Test func `a quoted block goes on to its end`() {
    var editor = LineEditor()
    let quotes = "\"\"\""
    let outcome = Self.press(
      &editor,
      [.text(quotes), Self.enter, .text("one"), Self.enter, .text("two"), Self.enter]
        + [.text(quotes), Self.enter]
    )
    #expect(outcome == .submitted("one\ntwo"))
    #expect(QuotedBlock.content(of: "\(quotes)a\(quotes)") == "a")
    #expect(QuotedBlock.content(of: "\(quotes)\(quotes)") == "")
    #expect(QuotedBlock.isOpen(quotes) && QuotedBlock.isOpen("\(quotes)\""))
    editor.settings.hasQuotedBlocks = false
    editor.begin("\(quotes)a")
    #expect(editor.handle(Self.enter) == .submitted("\(quotes)a"))
  }

  @Test func `cut texts turn in a ring`() {
    var editor = LineEditor()
    editor.begin("one")
    _ = Self.press(&editor, [.control("u"), .text("two"), .control("u")])
    _ = editor.handle(.control("y"))
    #expect(editor.text == "two")
    _ = editor.handle(.alt("y"))
    #expect(editor.text == "one")
    _ = editor.handle(.alt("y"))
    #expect(editor.text == "two")
    _ = editor.handle(Self.left)
    #expect(editor.handle(.alt("y")) == .refused)
  }

  @Test func `changes are taken back one by one, letters together`() {
    var editor = LineEditor()
    let undo = Key.control("_")
    _ = Self.press(&editor, [.text("one"), .text(" two"), .control("w"), .text("x")])
    #expect(editor.text == "one x")
    _ = editor.handle(undo)
    #expect(editor.text == "one ")
    _ = editor.handle(undo)
    #expect(editor.text == "one two")
    _ = editor.handle(undo)
    #expect(editor.text == "")
    #expect(editor.handle(undo) == .refused)
  }

  @Test func `Control-C clears the text, and twice on an empty line ends`() {
    var editor = LineEditor()
    editor.begin("one")
    #expect(editor.handle(.control("c")) == .edited)
    #expect(editor.text == "")
    #expect(editor.handle(.control("c")) == .edited)
    #expect(editor.view(height: 5).rows.last?.text.contains("Ctrl-C once more") == true)
    #expect(editor.handle(.control("c")) == .interrupted)
    editor.begin("two")
    _ = Self.press(&editor, [.control("c"), .control("_")])
    #expect(editor.text == "two")
    editor.begin()
    #expect(Self.press(&editor, [.control("c"), .text("a"), Key(.backspace)]) == .edited)
    #expect(editor.handle(.control("c")) == .edited)
  }

  @Test func `Control-D ends on an empty line alone`() {
    var editor = LineEditor()
    editor.begin("a")
    #expect(editor.handle(.control("d")) == .refused)
    _ = editor.handle(Self.left)
    #expect(editor.handle(.control("d")) == .edited)
    #expect(editor.handle(.control("d")) == .ended)
    #expect(editor.handle(.control("z")) == .suspended)
    #expect(editor.handle(.control("l")) == .screenCleared)
  }

  // MARK: History

  @Test func `Up and Down walk through the history, and come back to the new text`() {
    var editor = LineEditor(history: History(["one", "two"]))
    editor.begin("new")
    _ = editor.handle(Self.up)
    #expect(Self.shown(editor) == "two|")
    _ = Self.press(&editor, [.text("!"), Self.up])
    #expect(editor.text == "one")
    #expect(editor.handle(Self.up) == .refused)
    _ = editor.handle(Self.down)
    #expect(editor.text == "two!")
    _ = editor.handle(Self.down)
    #expect(editor.text == "new")
    #expect(editor.handle(Self.down) == .refused)
    #expect(editor.handle(Self.enter) == .submitted("new"))
    editor.begin()
    _ = Self.press(&editor, [Self.up, Self.up])
    #expect(editor.text == "two")
  }

  @Test func `within a text of several rows Up and Down move by rows`() {
    var editor = LineEditor(history: History(["old"]), width: 20)
    editor.begin("ab\nabcdef\nabc")
    _ = editor.handle(Self.up)
    #expect(Self.shown(editor) == "ab\nabc|def\nabc")
    _ = Self.press(&editor, [.control("e"), Self.up])
    #expect(Self.shown(editor) == "ab|\nabcdef\nabc")
    _ = editor.handle(Self.down)
    #expect(Self.shown(editor) == "ab\nabcdef|\nabc")
    _ = Self.press(&editor, [Self.up, Self.up])
    #expect(editor.text == "old")
  }

  @Test func `soft rows count too, and wide characters are met at their columns`() {
    var editor = LineEditor(settings: .init(prompt: ""), width: 10)
    editor.begin("你好你好你abcdefghij")
    _ = editor.handle(Self.up)
    #expect(Self.shown(editor) == "你好你好你|abcdefghij")
    _ = editor.handle(Self.up)
    #expect(Self.shown(editor) == "|你好你好你abcdefghij")
    _ = Self.press(&editor, [.control("e"), .control("b"), Self.up, Self.up])
    #expect(Self.shown(editor) == "你好你好|你abcdefghij")
  }

  @Test func `a search finds while its words are typed`() {
    var editor = LineEditor(history: History(["make tea", "Make coffee", "drink tea"]))
    editor.begin("new")
    _ = Self.press(&editor, [.control("r"), .text("te")])
    #expect(Self.shown(editor) == "drink |tea")
    _ = editor.handle(.control("r"))
    #expect(Self.shown(editor) == "make |tea")
    #expect(editor.handle(.control("r")) == .refused)
    #expect(editor.view(height: 5).rows.last?.text == "nothing found: te")
    _ = editor.handle(.control("s"))
    #expect(editor.text == "drink tea")
    _ = Self.press(&editor, [Key(.backspace), Key(.backspace), .text("make")])
    #expect(editor.text == "Make coffee")
    _ = editor.handle(.control("g"))
    #expect(Self.shown(editor) == "new|")
    _ = Self.press(&editor, [.control("r"), .text("coffee"), Key(.escape)])
    #expect(Self.shown(editor) == "Make |coffee")
    _ = Self.press(&editor, [.control("r"), .control("r")])
    #expect(editor.text == "Make coffee")
    #expect(editor.handle(Self.enter) == .submitted("Make coffee"))
  }

  @Test func `upper case in a search counts`() {
    var editor = LineEditor(history: History(["make tea", "Make coffee", "make coffee"]))
    _ = Self.press(&editor, [.control("r"), .text("Make")])
    #expect(editor.text == "Make coffee")
    _ = Self.press(&editor, [.control("a")])
    #expect(Self.shown(editor) == "|Make coffee")
  }

  // MARK: Completion

  private static let completing = LineEditor.Settings(complete: { text in
    guard text.hasPrefix("/") else { return nil }
    let names = ["/clear", "/edit", "/save", "/set", "/system"]
    return Completion(of: text, from: names.map { .init($0, note: "does \($0)") })
  })

  @Test func `Tab completes as far as all candidates agree`() {
    var editor = LineEditor(settings: Self.completing)
    editor.begin("/c")
    #expect(editor.handle(Key(.tab)) == .edited)
    #expect(Self.shown(editor) == "/clear |")
    editor.begin("/s")
    _ = editor.handle(Key(.tab))
    #expect(editor.text == "/s")
    let rows = editor.view(height: 10).rows.map(\.text)
    #expect(rows == ["> /s", "/save    does /save", "/set     does /set", "/system  does /system"])
    _ = editor.handle(.text("e"))
    #expect(editor.view(height: 10).rows.count == 1)
    _ = editor.handle(Key(.tab))
    #expect(Self.shown(editor) == "/set |")
    editor.begin("no")
    #expect(editor.handle(Key(.tab)) == .refused)
  }

  @Test func `a common beginning is completed, and long lists are cut`() {
    let settings = LineEditor.Settings(complete: { _ in
      Completion(replacedCount: 1, candidates: (0..<100).map { .init("file-\($0)") })
    })
    var editor = LineEditor(settings: settings, width: 40)
    editor.begin("f")
    _ = editor.handle(Key(.tab))
    #expect(Self.shown(editor) == "file-|")
    let rows = editor.view(height: 24).rows.map(\.text)
    #expect(rows.count == 10)
    #expect(rows.last == "… 68 more")
    #expect(rows[1].hasPrefix("file-0   file-1   file-2"))
  }
}
