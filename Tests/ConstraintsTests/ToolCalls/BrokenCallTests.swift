// SPDX-License-Identifier: Apache-2.0

import Constraints
import Testing

/// Calls that are written wrongly: what is no call is content whole, and what follows is still read.
@Suite struct BrokenCallTests {
  private static let call = #"{"name": "add", "arguments": {"a": 1}}"#
  private static let add = ToolCallAnswer.Call(name: "add", arguments: #"{"a": 1}"#)

  private static let broken: [(ToolCallFormat, String)] = [
    (.hermes, "<tool_call>\n</tool_call>"),
    (.hermes, "<tool_call>\n{}\n</tool_call>"),
    (.hermes, "a <tool_call>\n{\"name\": \"unknown\", \"arguments\": {\"a\": 1}}\n</tool_call> b"),
    (.hermes, "<tool_call>\n{\"name\": \"add\"; \"arguments\": {}}\n</tool_call>"),
    (.hermes, "<tool_call>\n{\"arguments\": {\"a\": \"<\"}}\n</tool_call>"),
    (.hermes, "<tool_call>{\"name\": 3}</tool_call>\n"),
    (.hermes, "<tool_call>{\"function\": \"add\"}</tool_call>"),
    (.hermes, "The tag <tool_call> opens a call."),
    (.hermes, "<tool_call>{\"name\": \"add\", \"name\": \"now\"}</tool_call>"),
    (.hermes, "<tool_call>\n<function=add>\n</function>\n</tool_call>"),
    (.deepSeekV3, "<｜tool▁calls▁begin｜><｜tool▁calls▁end｜>"),
    (.deepSeekV3, "a\n<｜tool▁calls▁begin｜> <｜tool▁call▁begin｜>function<｜tool▁sep｜>no\n```json\n{}"),
    (.deepSeekV3, "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>add<｜tool▁sep｜>add\n"),
    (.deepSeekV3, "<｜tool▁call▁begin｜>function<｜tool▁sep｜>\n```json\n{}\n```<｜tool▁call▁end｜>"),
    (.deepSeekV31, "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜><｜tool▁sep｜>{}<｜tool▁call▁end｜>"),
    (.deepSeekV31, "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>add{}<｜tool▁call▁end｜>"),
    (.deepSeekV32, "<｜DSML｜function_calls>\n</｜DSML｜function_calls>"),
    (.deepSeekV32, "<｜DSML｜function_calls>\n<｜DSML｜invoke name=\"no\">\n</｜DSML｜invoke>"),
    (.deepSeekV4, "<｜DSML｜tool_calls>\n<｜DSML｜invoke name=\"\">\n</｜DSML｜invoke>\n"),
    (.deepSeekV4, "<｜DSML｜tool_calls>\nadd(1)"),
    (.kimi, "<|tool_calls_section_begin|><|tool_call_begin|>add:0<|tool_call_argument_begin|>{}"),
    (.kimi, "<|tool_calls_section_begin|><|tool_call_begin|>functions.no:0<|tool_call_end|>"),
    (.llama, "{\"name\": \"no\", \"parameters\": {}}"),
    (.llama, "Call: {\"name\": \"add\", \"parameters\": {}}"),
    (.llama, "<|python_tag|>add.call(a=1)"),
    (.plain, "[\(call)]"),
    (.plain, "```json\n[\(call)]\n```"),
    (.plain, "Sure!\n\(call)"),
  ]

  @Test(arguments: broken)
  func `what is no call is content, byte for byte`(format: ToolCallFormat, text: String) {
    let expected = ToolCallAnswer(content: text)
    #expect(ToolCallAnswer(text, format) == expected)
    #expect(ToolCallAnswer(ToolCallAnswer.scalars(text), format) == expected)
    for pieces in ToolCallAnswer.cuts(text) { #expect(ToolCallAnswer(pieces, format) == expected) }
  }

  @Test(arguments: broken.filter { !$0.0.isBare })
  func `a call behind one that is none is read`(format: ToolCallFormat, text: String) {
    let sample = ToolCallSample(content: text + "x", calls: [ToolCallSample.weather])
    #expect(ToolCallAnswer(sample.text(format), format) == sample.answer(format))
  }

  @Test(arguments: ToolCallFormat.allCases.filter { !$0.isBare })
  func `an opening that stands twice hides no call`(format: ToolCallFormat) {
    let sample = ToolCallSample(calls: [ToolCallSample.weather])
    let frame = format.frame
    let openings = [frame.opening, frame.beforeName].filter { !$0.isEmpty }
    for opening in openings {
      let answer = ToolCallAnswer(ToolCallSample.text(opening) + sample.text(format), format)
      #expect(answer.calls == sample.answer(format).calls, "\(answer)")
    }
  }

  @Test func `keys come in any order and under both names`() {
    let objects = [
      #"{"name": "add", "arguments": {"a": 1}}"#, #"{"arguments": {"a": 1}, "name": "add"}"#,
      #"{"name":"add","parameters":{"a": 1}}"#, #"{ "parameters" : {"a": 1} , "name" : "add" }"#,
      #"{"type": "function", "name": "add", "id": 7, "arguments": {"a": 1}}"#,
      #"{"name": "\u0061dd", "arguments": {"a": 1}, "id": "}"}"#,
    ]
    let expected = ToolCallAnswer(calls: [Self.add])
    for object in objects {
      for format in [ToolCallFormat.plain, .llama] {
        #expect(ToolCallAnswer(object, format) == expected, "\(object)")
        #expect(ToolCallAnswer("```json\n\(object)\n```\n", format) == expected)
        #expect(ToolCallAnswer("<|python_tag|>\(object)", format) == expected)
      }
      #expect(ToolCallAnswer("<tool_call>\(object)</tool_call>", .hermes) == expected)
      #expect(ToolCallAnswer("\(object)", .deepSeekV3, acceptsPlain: true) == expected)
    }
  }

  @Test(arguments: ["", "null", " null ", "{}"])
  func `no arguments are an empty object`(text: String) {
    let expected = ToolCallAnswer(calls: [ToolCallSample.now])
    #expect(ToolCallAnswer("{\"name\": \"now\", \"arguments\": \(text)}", .plain) == expected)
    #expect(ToolCallAnswer("{\"name\": \"now\"}", .plain) == expected)
    let v31 = "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>now<｜tool▁sep｜>\(text)<｜tool▁call▁end｜>"
    #expect(ToolCallAnswer(v31, .deepSeekV31) == expected)
    let v3 = "<｜tool▁call▁begin｜>function<｜tool▁sep｜>now\n```json\n\(text)\n```<｜tool▁call▁end｜>"
    #expect(ToolCallAnswer(v3, .deepSeekV3) == expected)
    #expect(ToolCallAnswer("<tool_call>{\"name\": \"now\"}</tool_call>", .hermes) == expected)
  }

  @Test func `arguments that are no JSON pass through to the call's end`() {
    let bad = #"{"a": [1}, 'b': nan, ` é"#
    let v31 = "<｜tool▁call▁begin｜>add<｜tool▁sep｜>\(bad)<｜tool▁call▁end｜>"
    let expected = ToolCallAnswer(calls: [.init(name: "add", arguments: bad)])
    #expect(ToolCallAnswer(v31, .deepSeekV31) == expected)
    let hermes = "<tool_call>{\"name\": \"add\", \"arguments\": \(bad)\n</tool_call>"
    #expect(ToolCallAnswer(hermes, .hermes) == expected)
  }

  @Test func `slips around whole arguments cost no call`() {
    let expected = ToolCallAnswer(calls: [Self.add])
    for end in ["}\n</tool_call>", "}</tool_call>", "}}\n</tool_call>", "</tool_call>", "}", ""] {
      let text = "<tool_call>{\"name\": \"add\", \"arguments\": {\"a\": 1}\(end)"
      #expect(ToolCallAnswer(text, .hermes) == expected, "\(end)")
    }
    let fenceless = "<｜tool▁call▁begin｜>function<｜tool▁sep｜>add\n{\"a\": 1}<｜tool▁call▁end｜>"
    #expect(ToolCallAnswer(fenceless, .deepSeekV3) == expected)
    let unclosed =
      "<｜tool▁call▁begin｜>function<｜tool▁sep｜>add\n```json\n{\"a\": 1}\n```"
      + "<｜tool▁calls▁end｜>"
    #expect(ToolCallAnswer(unclosed, .deepSeekV3) == expected)
  }

  @Test func `a parameter's text may hold what looks like JSON or a marker`() {
    let text =
      "<｜DSML｜tool_calls>\n<｜DSML｜invoke name=\"add\">\n"
      + "<｜DSML｜parameter name=\"a\" string=\"true\"> \"x\"\\\n<</｜DSML｜invoke></｜DSML｜parameter>\n"
      + "<｜DSML｜parameter name=\"b\" string=\"false\">[\"</｜DSML｜parameter>\"]</｜DSML｜parameter>"
      + "<｜DSML｜parameter name=\"c\" string=\"false\"></｜DSML｜parameter></｜DSML｜invoke>"
    let arguments = #"{"a": " \"x\"\\\n<</｜DSML｜invoke>", "b": ["</｜DSML｜parameter>"], "c": null}"#
    let expected = ToolCallAnswer(calls: [.init(name: "add", arguments: arguments)])
    #expect(ToolCallAnswer(text, .deepSeekV4) == expected)
    #expect(ToolCallAnswer(ToolCallAnswer.scalars(text), .deepSeekV32) == expected)
  }

  @Test func `an answer that ends before a name is cut off or broken`() {
    let text = "Look: <tool_call>\n{\"name\": \"ad"
    #expect(ToolCallAnswer(text, .hermes) == ToolCallAnswer(content: text))
    let cut = ToolCallAnswer(text, .hermes, isCut: true)
    #expect(cut == ToolCallAnswer(content: "Look:", isTruncated: true))
    let bare = "{\"name\": \"ad"
    #expect(ToolCallAnswer(bare, .plain, isCut: true) == ToolCallAnswer(content: bare))
  }

  @Test func `what is held back has a bound`() {
    let long = "<tool_call>{\"arguments\": \"" + String(repeating: "x", count: 70_000)
    #expect(ToolCallAnswer(long + "\"}", .hermes) == ToolCallAnswer(content: long + "\"}"))
    let spaces = String(repeating: " ", count: 70_000)
    #expect(ToolCallAnswer("a" + spaces + "b", .hermes) == ToolCallAnswer(content: "a\(spaces)b"))
  }
}
