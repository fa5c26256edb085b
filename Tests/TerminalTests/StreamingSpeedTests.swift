// SPDX-License-Identifier: Apache-2.0

import Glibc
import Terminal
import Testing

/// What a token on the screen costs beside its decoding.
///
/// Method: the thread's processor time over an answer of many lines, in tokens of four characters, with
/// everything on: Markdown, word breaks, wide characters. The figure is printed; the bound is the
/// design's 50 µs, which a debug build may miss.
@Suite struct StreamingSpeedTests {
  private static func processorSeconds() -> Double {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static let paragraph = """
    ## A heading

    The quick brown fox jumps over the **lazy dog**, and over a well-known `fence` too. नमस्ते दुनिया, \
    你好，世界。 שלום עולם. 👩‍💻 And then it goes on, because a paragraph is longer than a row.

    ```swift
    let value = [1, 2, 3].map { $0 * 2 }  // a comment
    ```

    """

  @Test(arguments: [40, 120])
  func `a token costs 50 microseconds at most`(_ width: Int) {
    let scalars = Array(String(repeating: Self.paragraph, count: 100).unicodeScalars)
    let tokens = stride(from: 0, to: scalars.count, by: 4).map { start in
      var token = String.UnicodeScalarView()
      token.append(contentsOf: scalars[start..<min(start + 4, scalars.count)])
      return String(token)
    }
    var text = StreamingText(width: width)
    var styler = MarkdownStyler()
    var byteCount = 0
    var slowest = 0.0
    let start = Self.processorSeconds()
    for token in tokens {
      let before = Self.processorSeconds()
      var output: [UInt8] = []
      for piece in styler.append(token) {
        text.append(piece.text, style: piece.style, isCode: piece.isCode, into: &output)
      }
      byteCount += output.count
      slowest = max(slowest, Self.processorSeconds() - before)
    }
    let microseconds = (Self.processorSeconds() - start) / Double(tokens.count) * 1e6
    print(
      "streaming, \(width) columns: \(microseconds) µs a token, slowest \(slowest * 1e6) µs,",
      "\(byteCount) bytes for \(tokens.count) tokens"
    )
    #if !DEBUG
    #expect(microseconds < 50)
    #endif
  }

  @Test func `a key in a long text costs a millisecond at most`() {
    var editor = LineEditor(width: 80)
    editor.begin(String(repeating: "twenty letters each ", count: 100))
    var painter = ScreenPainter(hasColor: true)
    let keys = 200
    let start = Self.processorSeconds()
    for _ in 0..<keys {
      _ = editor.handle(.text("x"))
      var output: [UInt8] = []
      let view = editor.view(height: 40)
      painter.paint(view.rows, cursor: view.cursor, into: &output)
    }
    let milliseconds = (Self.processorSeconds() - start) / Double(keys) * 1e3
    print("editing 2,000 characters: \(milliseconds) ms a key")
    #if !DEBUG
    #expect(milliseconds < 1)
    #endif
  }
}
