// SPDX-License-Identifier: Apache-2.0

import JSON
import Testing
import Tokenization

/// Held to what transformers 5.23 with Jinja2 3.1.6 rendered: texts by their bytes; errors by kind
/// and line, and by the message where the template raised it.
@Suite struct `Templates of the published implementation` {
  @Test(arguments: OracleTemplates.names)
  func `every conversation gives the published text or error`(_ name: String) throws {
    let now = try #require(OracleTemplates.now)
    let scenarios = try OracleTemplates.scenarios.get()
    let lines = try OracleTemplates.lines("vectors/\(name).jsonl")
    let text = try OracleTemplates.text(name)
    let template = Result { () throws(TemplateError) in try ChatTemplate(text, name: name) }
    #expect(lines.count > 10)
    var failures: [String] = []
    for line in lines.dropFirst() {
      let scenario = try #require(scenarios[line["id"]?.string ?? ""])
      let tokens = try OracleTemplates.specialTokens(
        lines[0]["tokens"],
        without: scenario.withheld
      )
      let expected = try OracleTemplates.Outcome(line)
      let result = template.flatMap { template in
        Result { () throws(TemplateError) in
          try template.render(scenario.request, specialTokens: tokens, time: now)
        }
      }
      if !expected.matches(result) {
        failures.append("\(scenario.id): \(result.mapText), not \(expected)")
      }
    }
    #expect(failures.isEmpty, "\(failures.count) fail: \(failures.prefix(3))")
  }

  @Test func `every conformance case gives the published text or error`() throws {
    let now = try #require(OracleTemplates.now)
    let lines = try OracleTemplates.lines("jinja.jsonl")
    let context = try OracleTemplates.members(lines.first?["context"])
    #expect(lines.count > 100)
    var failures: [String] = []
    for line in lines.dropFirst() {
      let text = line["t"]?.string ?? ""
      let extra = try OracleTemplates.members(line["c"])
      let known = context.filter { member in !extra.contains { $0.key == member.key } }
      let result = Result { () throws(TemplateError) in
        try ChatTemplate(text).renderBare(known + extra, time: now)
      }
      let expected = try Self.adjusted(OracleTemplates.Outcome(line), text)
      if !expected.matches(result) {
        failures.append("\(line["i"]?.integer ?? 0) \(text): \(result.mapText), not \(expected)")
      }
    }
    #expect(
      failures.isEmpty,
      "\(failures.count) fail:\n\(failures.prefix(400).joined(separator: "\n"))"
    )
  }

  /// The recorded line of a stray `break` is one of the Python code that Jinja2 makes of the
  /// template; here it is the template's.
  private static func adjusted(
    _ outcome: OracleTemplates.Outcome,
    _ text: String
  ) -> OracleTemplates.Outcome {
    guard text == "{% break %}" || text == "{% continue %}",
      case .error(let kind, let message, _) = outcome
    else { return outcome }
    return .error(kind, message: message, line: 1)
  }
}

extension Result where Success == RenderedPrompt, Failure == TemplateError {
  /// The outcome as a failing test shows it.
  var mapText: String {
    switch self {
    case .success(let prompt): prompt.text.debugDescription
    case .failure(let error): "\(error.kind) \(error)"
    }
  }
}
