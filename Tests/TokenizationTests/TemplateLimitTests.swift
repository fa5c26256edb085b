// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Tokenization

/// Templates that want too much: each ends with an error that says so, in little time and memory,
/// whatever it is that they want.
@Suite struct TemplateLimitTests {
  private func result(_ text: String) throws -> Result<String, TemplateError> {
    let now = try #require(OracleTemplates.now)
    return Result { () throws(TemplateError) in
      try ChatTemplate(text).renderBare([], time: now).text
    }
  }

  private func expectLimit(
    _ text: String,
    _ kinds: [TemplateError.Kind] = [.limit, .overflow],
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let name = text.prefix(80)
    switch try result(text) {
    case .success(let output):
      Issue.record("\(name) gave \(output.count) characters", sourceLocation: location)
    case .failure(let error):
      #expect(kinds.contains(error.kind), "\(name): \(error)", sourceLocation: location)
      #expect(error.line != nil && error.column != nil, sourceLocation: location)
    }
  }

  @Test(arguments: [
    "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
    "{% for i in range(100000) %}{% for j in range(100000) %}x{% endfor %}{% endfor %}",
    "{% set x = 'a' * 1000000 %}{% for i in range(100000) %}{{ 'ab' in x }}{% endfor %}",
    "{% set l = range(100000)|list %}{% for i in l %}{{ -1 in l }}{% endfor %}",
    "{{ range(100001) }}", "{{ range(10 ** 30) }}",
  ])
  func `a template that does not come to an end is stopped`(_ text: String) throws {
    try expectLimit(text)
  }

  @Test(arguments: [
    "{% macro f(n) %}{{ f(n + 1) }}{% endmacro %}{{ f(0) }}",
    "{% macro f() %}{% if 1 %}{% for i in [1] %}{{ [f()] }}{% endfor %}{% endif %}{% endmacro %}{{ f() }}",
    "{% macro g() %}{{ caller() }}{% endmacro %}{% macro f() %}{% call g() %}{{ f() }}{% endcall %}{% endmacro %}{{ f() }}",
    "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}",
    "{% set ns = namespace(x=1) %}{% for i in range(999) %}{% set ns.x = [ns.x] %}{% endfor %}",
    "{% set ns = namespace(x=[1]) %}{% for i in range(999) %}{% set ns.x = ns.x|map('string') %}{% endfor %}",
  ])
  func `a template that goes ever deeper is stopped`(_ text: String) throws {
    try expectLimit(text)
  }

  @Test func `rings and chains of namespaces are let go of`() throws {
    let text = """
      {% set ns = namespace() %}{% set ns.t = ns %}{% for i in range(100000) %}\
      {% set t = ns.t %}{% set n = namespace() %}{% set t.next = n %}{% set ns.t = n %}\
      {% endfor %}done
      """
    #expect(try result(text).get() == "done")
  }

  @Test(arguments: [
    "{{ 'a' * 10**9 }}", "{{ [1] * 10**9 }}", "{{ 'a'.center(10**9) }}", "{{ 'a'.zfill(10**10) }}",
    "{{ '%1000000000d' % 1 }}", "{{ '{:1000000000}'.format(1) }}", "{{ '%.1000000000f' % 1 }}",
    "{{ 'a\nb'|indent(10**9) }}", "{{ [1]|tojson(indent=10**9) }}",
    "{{ (['a' * 100000] * 100000)|join }}", "{{ ('a' * 10**6).replace('a', 'b' * 10**6) }}",
    "{{ ('\t' * 1000).expandtabs(10**9) }}", "{{ [1]|batch(10**9, 'x')|list }}",
    "{{ [1]|slice(10**9)|list }}", "{{ 10 ** 10 ** 10 }}", "{{ 9.9 ** 10000 }}",
    "{% set ns = namespace(x='a') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}",
    "{% set x = 'a' * 10**6 %}{% for i in range(100) %}{{ x }}{% endfor %}",
    "{{ strftime_now('%c' * 4000000) }}",
  ])
  func `a template that builds a gigabyte is stopped`(_ text: String) throws {
    try expectLimit(text)
  }

  @Test func `nesting without end is refused when the template is read`() throws {
    let depth = 50_000
    func repeated(_ text: String) -> String { String(repeating: text, count: depth) }
    let texts = [
      "{{ \(repeated("("))1", "{{ \(repeated("["))", "{{ \(repeated("not "))1 }}",
      "{{ \(repeated("-"))1 }}", "{{ 1\(repeated("+1")) }}", "{{ a\(repeated(".a")) }}",
      "{{ 1\(repeated("|string")) }}", "{{ \(repeated("1 if 1 else "))1 }}",
      "{{ 1\(repeated(" and 1")) }}", "{{ a\(repeated("()")) }}", repeated("{% if 1 %}"),
      repeated("{% for i in l %}"), "{{ \(repeated("{1:"))", "{% for \(repeated("("))a",
    ]
    for text in texts { try expectLimit(text) }
  }

  @Test func `long templates are read as far as the limit`() throws {
    #expect(try result(String(repeating: "x", count: 1_000_000)).get().count == 1_000_000)
    #expect(try result(String(repeating: "{{ 1 }}", count: 100_000)).get().count == 100_000)
    let sets = (0..<20_000).map { "{% set a\($0) = 1 %}" }.joined()
    #expect(try result(sets).get().isEmpty)
    let error = #expect(throws: TemplateError.self) {
      try ChatTemplate(String(repeating: "x", count: 3_000_000))
    }
    #expect(error?.kind == .limit)
  }

  @Test func `depth up to the limits is rendered`() throws {
    let open = String(repeating: "(", count: 90)
    let close = String(repeating: ")", count: 90)
    #expect(try result("{{ \(open)1\(close) }}").get() == "1")
    let tags = String(repeating: "{% if 1 %}", count: 90)
    let ends = String(repeating: "{% endif %}", count: 90)
    #expect(try result("\(tags)x\(ends)").get() == "x")
    let macro = """
      {% macro f(n) %}{% if n > 0 %}.{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(100) }}
      """
    #expect(try result(macro).get().count == 100)
  }
}
