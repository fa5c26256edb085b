// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// A conversation in tmux, at 40 and 120 columns: the screens are those of Documentation/Screens.
///
/// Figures that vary from run to run are masked. With `HADAL_SCREENS=FOLDER` the screens are written
/// there as they were, to be looked at.
@Suite(.enabled(if: TmuxWindow.isInstalled, "needs tmux"))
struct ChatScreenTests {
  private static let thinkingAnswer = """
    The user greets me. A short greeting back is enough, in the same words, and perhaps an offer.
    </think>

    ## Hello!

    Good to see **you**. नमस्ते, 你好, 👩‍💻 and שלום to all. This line is long enough to be broken \
    between words wherever the window ends.

    ```swift
    print("hi")
    ```
    """

  /// A window in which a conversation with a scripted model has begun.
  private final class Scene {
    let folder: String
    let window: TmuxWindow

    init(
      _ answers: [ScriptedModel.Answer],
      width: Int,
      arguments: String = "",
      setup: String = "true",
      _ change: (inout ScriptedModel) -> Void = { _ in }
    ) throws {
      folder = try SystemFolder.makeTemporary()
      var scripted = ScriptedModel(answers)
      change(&scripted)
      try scripted.write(to: folder + "/model")
      window = try TmuxWindow(
        width: width,
        height: 60,
        command: "cd '\(folder)' && export HOME='\(folder)' XDG_DATA_HOME='\(folder)/data' && "
          + "\(setup); '\(HadalProcess.executable.path)' chat -m model \(arguments); echo \"ended $?\""
      )
    }

    deinit { SystemFolder.remove(folder) }

    func say(_ text: String) throws {
      try window.type(text)
      try window.press("Enter")
    }

    func wait(_ what: String) throws -> [String] {
      let lines = try window.waitForLines { lines in lines.contains { $0.contains(what) } }
      #expect(lines.contains { $0.contains(what) }, "no '\(what)' in \(lines)")
      return lines
    }
  }

  /// Waits until a window shows what a file holds: a prompt may be drawn after what was waited for.
  private func compare(_ window: TmuxWindow, with name: String) throws {
    let stored = try String(contentsOf: Self.screens.appendingPathComponent(name), encoding: .utf8)
    // Where rows are broken is the terminal library's to test; figures of other lengths move it.
    let wanted = Self.words(stored)
    let shown = try window.waitForLines { Self.words(Self.conversation($0)) == wanted }
    let text = Self.conversation(shown)
    if let folder = ProcessInfo.processInfo.environment["HADAL_SCREENS"] {
      try SystemFolder.write(Array((text + "\n").utf8), to: "\(folder)/\(name)")
    }
    #expect(Self.words(text) == wanted)
  }

  /// What stands from the first prompt on; above it stand the machine's kernels.
  private static func conversation(_ lines: [String]) -> String {
    lines.drop { !$0.hasPrefix("> ") && !$0.hasPrefix(" 1. ") }.joined(separator: "\n")
  }

  private static let screens = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Documentation/Screens")

  /// The words, without what varies: seconds, rates, days, names of conversations, kernels.
  private static func words(_ text: String) -> [String] {
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    return words.enumerated().map { index, word in
      let next = index + 1 < words.count ? words[index + 1] : ""
      let isRate = next.hasPrefix("s.") || next == "tokens/s"
      let isDay = word.count == 10 && word.filter { $0 == "-" }.count == 2
      let isTime = word.count == 5 && word.dropFirst(2).first == ":"
      let isName = next.count == 10 && next.filter { $0 == "-" }.count == 2
      let isPath = index > 0 && words[index - 1] == "kernels"
      return isRate || isDay || isTime || isName || isPath ? "N" : word
    }
  }

  @Test(arguments: [40, 120])
  func `reasoning stands apart, the answer is broken between words, figures follow`(
    _ width: Int
  )
    throws
  {
    let scene = try Scene([.init(Self.thinkingAnswer)], width: width) { $0.opensReasoning = true }
    _ = try scene.wait("Send a message")
    try scene.say("hello there")
    try compare(scene.window, with: "chat-\(width).txt")
  }

  @Test(arguments: [40, 120])
  func `help fits the window`(_ width: Int) throws {
    let scene = try Scene([.init("Yes indeed.")], width: width)
    _ = try scene.wait("Send a message")
    try scene.say("/help")
    try compare(scene.window, with: "chat-help-\(width).txt")
  }

  @Test func `an answer is broken where the terminal, and not its name, says that a row ends`()
    throws
  {
    // Without TMUX in the environment it looks like a terminal that counts scalar by scalar.
    let scene = try Scene(
      [.init(String(repeating: "👩‍💻", count: 40))],
      width: 60,
      setup: "unset TMUX TERM_PROGRAM; export TERM=xterm-256color"
    )
    _ = try scene.wait("Send a message")
    try scene.say("hello")
    let rows = try scene.wait("tokens/s").filter { $0.contains("👩") }
    #expect(rows.map(\.count) == [30, 10], "\(rows)")
  }

  @Test func `the history is kept wherever the conversations are`() throws {
    let scene = try Scene([.init("Yes.")], width: 80, arguments: "--database kept/here.sqlite")
    _ = try scene.wait("Send a message")
    try scene.say("hello")
    let lines = try scene.wait("tokens/s")
    #expect(!lines.contains { $0.contains("not kept") }, "\(lines)")
    let history = try String(contentsOfFile: scene.folder + "/data/hadal/history", encoding: .utf8)
    #expect(history == "hello\n")
  }

  @Test func `a history that cannot be kept is said once`() throws {
    let scene = try Scene(
      [.init("Yes."), .init("No.")],
      width: 80,
      setup: "mkdir -p data/hadal/history"
    )
    _ = try scene.wait("Send a message")
    try scene.say("hello")
    _ = try scene.wait("not kept")
    try scene.say("/stats")
    let lines = try scene.wait("memory")
    #expect(lines.filter { $0.contains("not kept") }.count == 1, "\(lines)")
  }

  @Test func `Control-C stops the answer and not the program`() throws {
    let words = (0..<120).map { "word\($0)" }.joined(separator: " ")
    let scene = try Scene([.init(words, isEndless: true), .init("Next one.")], width: 80) {
      $0.layerCount = 150
    }
    _ = try scene.wait("Send a message")
    try scene.say("go")
    _ = try scene.wait("word3")
    try scene.window.press("C-c")
    _ = try scene.wait("Stopped.")
    try scene.say("and now?")
    _ = try scene.wait("Next one.")
    try scene.window.press("C-d")
    _ = try scene.wait("ended 0")
  }

  @Test(arguments: ["kill -9", "closed window"])
  func `a conversation that was cut off is gone on with where it was shown`(_ end: String) throws {
    let words = (0..<400).map { "word\($0)" }.joined(separator: " ")
    let scene = try Scene([.init(words), .init("Second answer.")], width: 80) {
      $0.layerCount = 150
    }
    _ = try scene.wait("Send a message")
    try scene.say("tell me")
    let shown = try scene.wait("word9")
    let pid = try scene.window.tmux("list-panes", "-F", "#{pane_pid}").filter(\.isNumber)
    let child = try HadalProcess.shell("pgrep -P \(pid) hadal").output.filter(\.isNumber)
    if end == "kill -9" {
      _ = try HadalProcess.shell("kill -9 \(child)")
    } else {
      scene.window.close()
    }
    let isGone = try HadalProcess.shell(
      "for i in {1..300}; do [ -e /proc/\(child) ] || exit 0; sleep 0.1; done; exit 1"
    )
    #expect(isGone.exitCode == 0, "the program outlives its terminal")
    let database = scene.folder + "/data/hadal/hadal.sqlite"
    #expect(SystemFolder.exists(database))
    let outcome = try HadalProcess.run(
      ["chat", "-m", scene.folder + "/model", "--continue"],
      input: Array("/save \(scene.folder)/c.md\n".utf8),
      environment: ["HOME": scene.folder, "XDG_DATA_HOME": scene.folder + "/data"]
    )
    #expect(outcome.exitCode == 0)
    let text = try String(contentsOfFile: scene.folder + "/c.md", encoding: .utf8)
    let last = shown.joined(separator: " ").split(separator: " ").last { $0.hasPrefix("word") }
    #expect(try text.contains(#require(last)))
  }

  @Test(arguments: [40, 120])
  func `an answer that goes round in circles ends, and the loop is named`(_ width: Int) throws {
    let scene = try Scene([.init("round and round we go", isEndless: true)], width: width)
    _ = try scene.wait("Send a message")
    try scene.say("go")
    try compare(scene.window, with: "chat-loop-\(width).txt")
  }

  @Test(arguments: [40, 120])
  func `a full context is said with both numbers, and what can be done`(_ width: Int) throws {
    let scene = try Scene([.init("Yes indeed."), .init("No way.")], width: width) {
      $0.contextLength = 128
    }
    _ = try scene.wait("Send a message")
    let text = "this text is long"
    try scene.say(text + text)
    _ = try scene.wait("tokens/s")
    try scene.say(text + text + text)
    _ = try scene.wait("try:")
    try scene.say("/set overflow drop")
    _ = try scene.wait("overflow  drop")
    try scene.say(text + text + text)
    try compare(scene.window, with: "chat-full-\(width).txt")
  }

  @Test(arguments: [40, 120])
  func `--continue lists conversations and resumes the one that is chosen`(_ width: Int) throws {
    let scene = try Scene([.init("A deep inlet."), .init("Yes, many.")], width: width)
    _ = try scene.wait("Send a message")
    try scene.say("what is a fjord")
    _ = try scene.wait("context")
    try scene.say("/exit")
    _ = try scene.wait("ended 0")
    let again = try TmuxWindow(
      width: width,
      height: 30,
      command:
        "export HOME='\(scene.folder)' XDG_DATA_HOME='\(scene.folder)/data' && cd '\(scene.folder)' && "
        // The opening line names the kernels, whose length says where it is broken.
        + "HADAL_KERNELS=scalar '\(HadalProcess.executable.path)' chat --continue"
    )
    _ = try again.waitForLines { lines in lines.contains { $0.contains("Which one?") } }
    try again.press("Enter")
    _ = try again.waitForLines { lines in lines.contains { $0.contains("Send a message") } }
    try again.type("are there many")
    try again.press("Enter")
    try compare(again, with: "chat-continue-\(width).txt")
  }

  @Test func `what a model says never moves the cursor`() throws {
    let scene = try Scene(
      [.init("red \u{1B}[31m and \u{1B}]0;title\u{7} and \u{202E}gnp.exe end")],
      width: 120
    )
    _ = try scene.wait("Send a message")
    try scene.say("x")
    let lines = try scene.wait("gnp.exe")
    #expect(lines.contains { $0.contains("^[[31m") }, "\(lines)")
    #expect(try scene.window.tmux("display-message", "-p", "#{pane_title}") != "title\n")
  }
}
