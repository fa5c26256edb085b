// SPDX-License-Identifier: Apache-2.0

import JSON

extension PromptValue {
  /// The value as Python's `json.dumps` writes it without escapes for letters.
  public var jsonText: String {
    switch self {
    case .null: return "null"
    case .boolean(let value): return value ? "true" : "false"
    case .integer(let value): return "\(value)"
    case .double(let value):
      return value.isFinite ? PythonNumber.representation(value) : "null"
    case .string(let string): return Self.quoted(string)
    case .array(let elements): return "[" + elements.map(\.jsonText).joined(separator: ", ") + "]"
    case .object(let members):
      let texts = members.map { Self.quoted($0.key) + ": " + $0.value.jsonText }
      return "{" + texts.joined(separator: ", ") + "}"
    }
  }

  private static func quoted(_ string: String) -> String {
    var text = OriginText()
    OriginText(string, .data).appendJSON(escapingNonASCII: false, to: &text)
    return text.string
  }

  /// Creates the value of a JSON text; nil where it is none.
  init?(jsonText: String) {
    guard let document = try? JSONDocument(Array(jsonText.utf8)),
      let value = try? PromptValue(document.root)
    else { return nil }
    self = value
  }
}
