// SPDX-License-Identifier: Apache-2.0

/// A template that is read and whose names are bound: ready to run, never changed.
struct TemplateProgram: Sendable {
  // LIMIT: the longest published template has 19,000 scalars; a megabyte is read in under a second.
  static let lengthLimit = 2 << 20

  let body: [TemplateStatement]
  let scopes: TemplateScopes
  let blocks: [String: (body: [TemplateStatement], scope: Int, function: Int)]

  /// Reads a template.
  ///
  /// - Throws: `TemplateError` with the line and column of what cannot be read.
  init(_ text: String) throws(TemplateError) {
    let scalars = Array(text.unicodeScalars)
    guard scalars.count <= Self.lengthLimit else {
      throw TemplateError(
        .limit,
        "the template has \(scalars.count) characters, at most \(Self.lengthLimit) are read"
      )
    }
    var parser = TemplateParser(TemplateLexer.tokens(of: scalars))
    body = try parser.parse()
    scopes = ScopeResolver.scopes(of: body, parser)
    blocks = Dictionary(
      uniqueKeysWithValues: parser.blocks.map {
        ($0.name, (body: $0.body, scope: $0.scope, function: $0.function))
      }
    )
  }
}
