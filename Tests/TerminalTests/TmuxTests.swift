// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The editor and the stream in a real terminal program.
@Suite(.serialized, .enabled(if: TmuxWindow.isInstalled && TrialProgram.isBuilt, "needs tmux"))
struct TmuxTests {
  private static func window(_ width: Int, _ arguments: String) throws -> TmuxWindow {
    let window = try TmuxWindow(
      width: width,
      height: 24,
      command: "'\(TrialProgram.url.path)' \(arguments)"
    )
    return window
  }

  @Test(arguments: [40, 120])
  func `tmux shows the text that is edited, with the cursor at its place`(_ width: Int) throws {
    let window = try Self.window(width, "edit")
    #expect(try window.waitForLines { $0.count == 1 } == ["you> type a message, or /help"])
    try window.type("नमस्ते क्षि 你好 👩‍💻 ❤\u{FE0F} 🇩🇪 👍🏽 שלום end")
    try window.press("Left")
    try window.press("Left")
    try window.press("Left")
    try window.type("the ")
    let text = "नमस्ते क्षि 你好 👩‍💻 ❤\u{FE0F} 🇩🇪 👍🏽 שלום the end"
    let expected =
      width == 120 ? ["you> " + text] : ["you> " + text.dropLast(4), "      end"]
    let isShown: ([String]) -> Bool = { $0.last?.hasSuffix(" end") == true && $0 == expected }
    #expect(try window.waitForLines(isShown) == expected)
    #expect(try window.cursor == (width == 120 ? "41,0" : "6,1"))
    try window.press("Enter")
    #expect(
      try window.waitForLines { $0.contains { $0.hasPrefix("entered: ") } }.first == expected.first
    )
  }

  @Test func `a window that changes its size keeps what stood before`() throws {
    let window = try Self.window(120, "edit")
    _ = try window.waitForLines { $0.count == 1 }
    try window.type("first")
    try window.press("Enter")
    let text = (0..<25).map { "word\($0)" }.joined(separator: " ")
    try window.type(text)
    _ = try window.waitForLines { $0.last?.hasSuffix("word24") == true }
    for width in [40, 25, 100, 33] {
      try window.tmux("resize-window", "-x", "\(width)", "-y", "24")
      // What stood above may have scrolled away: tmux counts the empty rows below too.
      let isSettled: ([String]) -> Bool = { lines in
        let start = lines.lastIndex { $0.hasPrefix("you> word0") } ?? lines.endIndex
        let rows = lines[start...].map { row in
          let body = String(row.dropFirst(5))
          return body + String(repeating: " ", count: max(width - 5 - body.count, 0))
        }
        return rows.joined().hasPrefix(text)
          && rows.allSatisfy { $0.count == width - 5 }
      }
      let lines = try window.waitForLines(isSettled)
      #expect(isSettled(lines), "\(width): \(lines)")
      let all = try window.tmux("capture-pane", "-p", "-S", "-").split(separator: "\n")
      #expect(all.starts(with: ["you> first", "entered: first"]))
    }
  }

  @Test func `history, search, completion and the end`() throws {
    let window = try Self.window(40, "edit")
    _ = try window.waitForLines { $0.count == 1 }
    for text in ["make tea", "drink it"] {
      try window.type(text)
      try window.press("Enter")
      _ = try window.waitForLines { $0.contains("entered: \(text)") }
    }
    try window.press("C-r")
    try window.type("tea")
    #expect(try window.waitForLines { $0.last == "search: tea" }.dropLast().last == "you> make tea")
    try window.press("C-a")
    try window.press("M-d")
    try window.type("pour")
    try window.press("Enter")
    #expect(
      try window.waitForLines { $0.contains("entered: pour tea") }.contains("entered: pour tea")
    )
    try window.type("/s")
    try window.press("Tab")
    let list = try window.waitForLines { $0.last?.hasPrefix("/system") == true }
    #expect(
      list.suffix(4) == [
        "you> /s", "/save    does save", "/set     does set", "/system  does system",
      ]
    )
    try window.press("C-u")
    try window.press("C-d")
    #expect(try window.waitForLines { $0.contains("outcome: ended") }.contains("outcome: ended"))
  }

  @Test(arguments: [40, 120])
  func `tmux shows an answer that grows`(_ width: Int) throws {
    let window = try Self.window(width, "stream 3")
    let lines = try window.waitForLines { $0.contains("finished") }
    #expect(lines.contains("finished"))
    #expect(lines.allSatisfy { $0.unicodeScalars.count <= width * 2 })
    let text = lines.map { $0.drop { $0 == " " } }.joined(separator: " ")
    #expect(text.contains("First I think about it, at some length, so that rows are broken."))
    #expect(text.contains("# An answer"))
    #expect(text.contains("Last ^[[31mnot red^[[0m."))
    #expect(lines.contains("- done"))
  }
}
