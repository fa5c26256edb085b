// SPDX-License-Identifier: Apache-2.0

import Constraints
import Testing

/// Answers with calls, written by each format's frame, against the calls that they were written from.
@Suite struct ToolCallStreamTests {
  @Test(arguments: ToolCallFormat.allCases)
  func `calls and content are read, however the answer is cut`(format: ToolCallFormat) {
    for sample in ToolCallSample.all where sample.content.isEmpty || !format.isBare {
      let text = sample.text(format)
      let expected = sample.answer(format)
      #expect(ToolCallAnswer(text, format) == expected, "\(text)")
      #expect(ToolCallAnswer(ToolCallAnswer.scalars(text), format) == expected)
      for pieces in ToolCallAnswer.cuts(text) {
        #expect(ToolCallAnswer(pieces, format) == expected, "\(pieces)")
      }
    }
  }

  @Test(arguments: ToolCallFormat.allCases)
  func `text without calls is content, byte for byte`(format: ToolCallFormat) {
    let texts = [
      "", " ", "\n\n", "Hello.", " a \n b \n", "if a < b { c; } ``` x", "<tool", "<｜tool▁calls▁be",
      "{\"name\": \"Ann\", \"arguments\": {}}", "{\"city\": \"Paris\"}", "{", "{}", "[1]",
      "```json",
      "```json\n{\"a\": 1}\n```\n", "```swift\nlet a = 1\n```", "```", "; a", "< < <<｜<|",
      "{\"name\": \"add\"", "{\"name\": \"add\", \"age\": 3}", "{\"type\": \"x\", \"name\": 3}",
    ]
    for text in texts {
      let expected = ToolCallAnswer(content: text)
      #expect(ToolCallAnswer(text, format) == expected)
      #expect(ToolCallAnswer(ToolCallAnswer.scalars(text), format) == expected)
      if !format.isBare {
        #expect(ToolCallAnswer(text, format, acceptsPlain: true) == expected)
      }
    }
  }

  @Test(arguments: ToolCallFormat.allCases)
  func `arguments come as they are written`(format: ToolCallFormat) {
    let text = ToolCallSample(calls: [ToolCallSample.weather]).text(format)
    var stream = ToolCallStream(format, names: ToolCallAnswer.names)
    var longest = 0
    for scalar in text.unicodeScalars {
      for case .arguments(_, let more) in stream.append(String(scalar)) {
        longest = max(longest, more.unicodeScalars.count)
      }
    }
    // The longest is what a parameter's opening says at once.
    #expect((1...", \"days\": ".count).contains(longest))
  }

  @Test(arguments: ToolCallFormat.allCases)
  func `an answer that ends anywhere keeps what came`(format: ToolCallFormat) {
    for sample in ToolCallSample.all where sample.content.isEmpty || !format.isBare {
      let text = sample.text(format)
      let whole = sample.answer(format)
      for pieces in ToolCallAnswer.cuts(text) {
        let answer = ToolCallAnswer([pieces[0]], format, isCut: true)
        #expect(answer.isOrdered)
        #expect(answer.calls.count <= whole.calls.count)
        for (call, expected) in zip(answer.calls, whole.calls) {
          #expect(call.name == expected.name && expected.arguments.hasPrefix(call.arguments))
        }
        for (call, expected) in zip(answer.calls.dropLast(), whole.calls) {
          #expect(call == expected)
        }
        if let last = answer.calls.last, !answer.isTruncated {
          #expect(last == whole.calls[answer.calls.count - 1])
        }
        if !format.isBare {
          for marker in Self.markers(format) { #expect(!answer.content.contains(marker)) }
        }
      }
    }
  }

  private static func markers(_ format: ToolCallFormat) -> [String] {
    let frame = format.frame
    return [frame.opening, frame.beforeName, frame.afterArguments, frame.closing].joined()
      .compactMap { if case .marker(let text) = $0 { text } else { nil } }
  }

  @Test(arguments: ToolCallFormat.allCases)
  func `white space around calls belongs to nothing, text behind them is content`(
    format: ToolCallFormat
  ) {
    let sample = ToolCallSample(calls: [ToolCallSample.weather, ToolCallSample.now])
    let expected = sample.answer(format)
    let text = sample.text(format)
    #expect(ToolCallAnswer(" \n" + text + "\n \n", format) == expected)
    var followed = expected
    followed.content = "\n Done. \n"
    #expect(ToolCallAnswer(text + "\n Done. \n", format) == followed)
    guard !format.isBare else { return }
    followed.content = "a b\nDone."
    #expect(ToolCallAnswer("a b\n\n" + text + "\nDone.", format) == followed)
  }

  @Test func `the example of the documentation holds`() {
    var stream = ToolCallStream(.hermes, names: ["get_weather"])
    #expect(stream.append("I will look.\n<tool_c") == [.content("I will look.")])
    #expect(stream.append("all>\n{\"name\": \"get_weather\", \"argum") == [])
    #expect(
      stream.append("ents\": {\"city\": \"Par")
        == [.began(index: 0, name: "get_weather"), .arguments(index: 0, "{\"city\": \"Par")]
    )
    #expect(stream.append("is\"}}\n</tool_call>") == [.arguments(index: 0, "is\"}")])
    #expect(stream.finish() == [] && stream.callCount == 1 && !stream.isTruncated)
  }

  @Test func `what follows 128 calls is content`() {
    let call = ToolCallSample(calls: [ToolCallSample.now]).text(.hermes)
    let answer = ToolCallAnswer(String(repeating: call, count: 130), .hermes)
    #expect(answer.calls.count == 128)
    #expect(answer.content == call + call)
  }
}
