// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Glibc
import TestSupport
import Testing
import Tokenization

/// Templates damaged at random: each is refused when it is read, fails by line, or renders.
///
/// Nothing else happens; `HADAL_LONG` makes it 100,000.
@Suite struct TemplateFuzzTests {
  private static let isLong = unsafe getenv("HADAL_LONG") != nil

  private static let conversation: [PromptValue] = [
    message("system", .string("Sei kurz.")), message("user", .string("<|end|> hi\n ü")),
    .object([
      .init("role", .string("assistant")), .init("content", .null),
      .init(
        "tool_calls",
        .array([
          .object([
            .init("id", .string("a1b2c3d4e")), .init("type", .string("function")),
            .init(
              "function",
              .object([.init("name", .string("f")), .init("arguments", .string("{\"a\": 1}"))])
            ),
          ])
        ])
      ),
    ]),
    message("tool", .string("12.5")), message("assistant", .string("<think>\nx\n</think>\n\ny")),
    message(
      "user",
      .array([.object([.init("type", .string("text")), .init("text", .string("z"))])])
    ),
  ]

  private static func message(_ role: String, _ content: PromptValue) -> PromptValue {
    .object([.init("role", .string(role)), .init("content", content)])
  }

  @Test(.timeLimit(.minutes(30)))
  func `a damaged template is refused, fails by line, or renders`() throws {
    let now = try #require(OracleTemplates.now)
    var seeds = [Array(Self.rich.unicodeScalars)]
    for name in OracleTemplates.names.prefix(60) {
      seeds.append(Array(try OracleTemplates.text(name).unicodeScalars))
    }
    let requests = [
      ChatRequest(messages: Self.conversation, tools: .array([.object([])])),
      ChatRequest(messages: [
        Self.message("user", .string("hi")),
        Self.message("assistant", .string("<think>a</think>b")),
        Self.message("user", .string("and")),
      ]),
    ]
    let count = Self.isLong ? 100_000 : 3_000
    var (readCount, renderedCount) = (0, 0)
    for round in 0..<count {
      var generator = SplitMix64(seed: UInt64(round))
      let text = Self.damaged(seeds[round % seeds.count], &generator)
      do {
        let template = try ChatTemplate(text, name: "fuzz")
        readCount += 1
        let prompt = try template.render(requests[round / seeds.count % 2], time: now)
        renderedCount += 1
        #expect(prompt.runs.map(\.text).joined().utf8.elementsEqual(prompt.text.utf8))
      } catch {
        #expect(error.exitCode.rawValue == 65, "round \(round): \(error)")
        #expect(error.line != nil || error.kind == .limit, "round \(round): \(error)")
        #expect(!error.what.isEmpty && error.place?.hasPrefix("fuzz") == true)
      }
    }
    // All three ends must be reached, or nothing was tried.
    #expect(renderedCount > count / 50)
    #expect(readCount > renderedCount)
    #expect(readCount < count)
    if Self.isLong { #expect(try #require(PeakMemory.byteCount) <= 2 * PeakMemory.fuzzingLimit) }
  }

  /// Deletes, doubles and moves stretches, and puts words of the language in.
  private static func damaged(
    _ seed: [Unicode.Scalar],
    _ generator: inout SplitMix64
  ) -> String {
    var text = seed
    for _ in 0..<Int.random(in: 1...4, using: &generator) where !text.isEmpty {
      let place = Int.random(in: 0..<text.count, using: &generator)
      let end = min(text.count, place + Int.random(in: 1...16, using: &generator))
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: text.removeSubrange(place..<end)
      case 1: text.insert(contentsOf: text[place..<end], at: place)
      case 2:
        text.insert(
          contentsOf: text[place..<end],
          at: Int.random(in: 0...text.count, using: &generator)
        )
      case 3: text.removeSubrange(Int.random(in: place..<text.count, using: &generator)...)
      default:
        let word = words.randomElement(using: &generator) ?? ""
        text.replaceSubrange(
          place..<(Bool.random(using: &generator) ? place : end),
          with: word.unicodeScalars
        )
      }
    }
    return String(String.UnicodeScalarView(text))
  }

  private static let words = [
    "{%", "%}", "{{", "}}", "{#", "#}", "-%}", "{%-", "'", "\"", "\\", "(", ")", "[", "]", "{", "}",
    "|", ".", ",", ":", "~", "+", "-", "*", "**", "//", "%", "==", "<", " in ", " is ", " not ",
    " and ", " or ", " if ", " else ", "{% endfor %}", "{% endif %}", "{% else %}", "{% break %}",
    "{% for i in range(9) %}", "{% macro f(x) %}", "{% endmacro %}", "{% set ns.x = ", "loop.last",
    "loop.length", "messages", "message", "none", "true", "10**30", "-1", "0.1", "'%s' % ",
    "[::-1]",
    "|tojson", "|join('x')", "|map('upper')|list", "|sort", "|default([], true)", ".split('a')",
    ".items()", "recursive ", "namespace()", "raise_exception('x')", "\u{1F468}\u{200D}", "\r\n",
    "\0",
  ]

  /// A template with every kind of tag.
  private static let rich = """
    {%- macro show(m, depth=0, sep='|') -%}
      {{- '%s%s' % (m.role|upper, sep) ~ (m.content if m.content is string else '') -}}
      {%- if caller %}{{ caller(depth + 1) }}{% endif -%}
    {%- endmacro %}
    {%- set ns = namespace(count=0, last=none) %}
    {% for m in messages if m.role != 'tool' -%}
      {%- set ns.count = ns.count + 1 -%}
      {%- call(d) show(m, depth=loop.index0) %}{{ loop.cycle('a', 'b') }}{{ d }}{% endcall %}
      {% if loop.last or not loop.nextitem %}{% break %}{% elif m.x is defined %}{% continue %}{% endif %}
    {% else %}none{% endfor %}
    {% set block | trim | replace('a', 'b') %} a{{ ns.count }} {% endset %}{{ block }}
    {% with x = messages|map(attribute='role')|unique|list, y = messages|length %}
    {{ x|join(', ') }} {{ y // 2 }} {{ {'a': x, 'b': [y, 1.5, none]}|tojson(indent=2) }}{% endwith %}
    {% filter upper %}{{ tools|string|length }}{% raw %} {{ x }} {% endraw %}{% endfilter %}
    {% for k, v in messages[0].items() recursive %}{{ k }}={{ v }}{{ loop.depth }}{% endfor %}
    {% autoescape true %}{{ '<' ~ messages[1].content }}{% endautoescape %}
    {% generation %}{{ messages[-2]['content'].split('</think>')[-1].strip() }}{% endgeneration %}
    {# a comment #}{{ strftime_now('%Y') }}{{ 'x' * 3 ~ '{:>5}'.format(1) ~ 7 % 4 ~ -2 ** 2 }}
    """
}
