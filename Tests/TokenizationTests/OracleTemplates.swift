// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Tokenization

/// The chat templates of the oracles and what the published implementation renders from them.
enum OracleTemplates {
  /// What a case must give.
  enum Outcome: Sendable, Hashable {
    case text(String)
    case error(TemplateError.Kind, message: String, line: Int?)

    init(_ json: JSONValue) throws {
      if let text = json["text"]?.string {
        self = .text(text)
        return
      }
      let kind = OracleTemplates.kinds[json["error"]?.string ?? ""]
      self = .error(
        kind ?? .runtime,
        message: json["message"]?.string ?? "",
        line: json["line"]?.integer
      )
    }

    /// Whether what came is this: the text by its bytes, an error by its kind and line, and by its
    /// message where the template wrote it.
    func matches(_ result: Result<RenderedPrompt, TemplateError>) -> Bool {
      switch (self, result) {
      case (.text(let expected), .success(let prompt)):
        return equal(expected, prompt.text)
      case (.error(let kind, let message, let line), .failure(let error)):
        let hasMessage = kind != .raised || equal(message, error.message)
        return kind == error.kind && (line == nil || line == error.line) && hasMessage
      default: return false
      }
    }
  }

  /// One conversation that the templates share.
  struct Scenario: Sendable {
    var id: String
    var request: ChatRequest
    var withheld: [String]
  }

  /// Python's exceptions by our kinds.
  static let kinds: [String: TemplateError.Kind] = [
    "TemplateSyntaxError": .syntax, "TemplateAssertionError": .syntax, "SyntaxError": .syntax,
    "UndefinedError": .undefined, "TypeError": .type, "ValueError": .value,
    "ZeroDivisionError": .division, "OverflowError": .overflow, "SecurityError": .security,
    "TemplateRuntimeError": .runtime, "TemplateError": .raised,
  ]

  /// The clock of the oracles.
  static let now = CalendarTime("2026-11-21T22:30:17")

  /// The names of the templates that are at hand.
  static let names: [String] = {
    guard let folder = Oracles.folder else { return [] }
    let files = (try? SystemFolder.names(in: folder + "/templates/vectors")) ?? []
    return files.filter { $0.hasSuffix(".jsonl") }.map { String($0.dropLast(6)) }.sorted()
  }()

  static func text(_ name: String) throws -> String {
    try Oracles.text("templates/templates/\(name).jinja")
  }

  static func lines(_ path: String) throws -> [JSONValue] {
    let bytes = try Oracles.bytes(at: "\(Oracles.folder ?? "")/templates/\(path)")
    return try bytes.split(separator: 0x0A).map { try JSONDocument(Array($0)).root }
  }

  static let scenarios: Result<[String: Scenario], any Error> = Result {
    var result: [String: Scenario] = [:]
    for line in try lines("scenarios.jsonl") {
      let request = ChatRequest(
        messages: try line["messages"]?.array?.map { try PromptValue($0) } ?? [],
        tools: try line["tools"].map { try PromptValue($0) },
        documents: try line["documents"].map { try PromptValue($0) },
        variables: try members(line["kw"]),
        addsGenerationPrompt: line["gen"]?.boolean ?? false,
        continuesFinalMessage: line["cont"]?.boolean ?? false
      )
      let id = line["id"]?.string ?? ""
      let withheld = line["drop"]?.array?.compactMap(\.string) ?? []
      result[id] = Scenario(id: id, request: request, withheld: withheld)
    }
    return result
  }

  static func members(_ json: JSONValue?) throws -> [PromptValue.Member] {
    guard let json, case .object(let members) = try PromptValue(json) else { return [] }
    return members
  }

  static func specialTokens(_ json: JSONValue?, without: [String] = []) throws -> SpecialTokens {
    var tokens = SpecialTokens()
    var members = try members(json)
    tokens.take(from: &members)
    for name in without { tokens.values[name] = nil }
    return tokens
  }
}
