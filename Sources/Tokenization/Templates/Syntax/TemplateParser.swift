// SPDX-License-Identifier: Apache-2.0

/// Makes the tree of a template from its tokens, by the grammar of Jinja2 3.1.
struct TemplateParser {
  // LIMIT: statements inside statements and brackets inside brackets, so that no text can exhaust
  // the call stack; published templates nest about 15 deep.
  private static let nestingLimit = 100

  let tokens: [TemplateToken]
  private(set) var index = 0
  private(set) var nameCount = 0
  private(set) var scopeCount = 0
  private(set) var functionCount = 1
  private var nesting = 0
  /// The tags that are open, for messages.
  var openTags: [String] = []
  var expectedEnds: [[String]] = []
  /// Whether a `break` would leave a loop of this function.
  var isInLoop = false
  /// How many loops are open, whatever the function.
  var loopCount = 0
  var blocks: [(name: String, body: [TemplateStatement], scope: Int, function: Int)] = []

  init(_ tokens: [TemplateToken]) { self.tokens = tokens }

  /// Parses the whole template.
  mutating func parse() throws(TemplateError) -> [TemplateStatement] {
    try checkCurrent()
    return try statements(until: nil)
  }

  // MARK: Tokens

  var current: TemplateToken { tokens[index] }

  var position: TemplatePosition { tokens[index].position }

  /// Steps to the next token.
  @discardableResult
  mutating func advance() throws(TemplateError) -> TemplateToken {
    let token = tokens[index]
    if index + 1 < tokens.count { index += 1 }
    try checkCurrent()
    return token
  }

  /// A fault in the text is met when the parser comes to it, so the first of two faults is named.
  private func checkCurrent() throws(TemplateError) {
    if case .fault(let message) = current.kind {
      throw TemplateError(.syntax, message).at(position)
    }
  }

  /// Steps back to a token that was current before.
  mutating func rewind(to index: Int) { self.index = index }

  func lookahead() -> TemplateToken.Kind {
    index + 1 < tokens.count ? tokens[index + 1].kind : .end
  }

  func isName(_ name: String) -> Bool { current.kind == .name(name) }

  func isMark(_ mark: TemplateToken.Mark) -> Bool { current.kind == .mark(mark) }

  mutating func skip(name: String) throws(TemplateError) -> Bool {
    guard isName(name) else { return false }
    try advance()
    return true
  }

  mutating func skip(_ mark: TemplateToken.Mark) throws(TemplateError) -> Bool {
    guard isMark(mark) else { return false }
    try advance()
    return true
  }

  mutating func expect(_ mark: TemplateToken.Mark) throws(TemplateError) {
    guard isMark(mark) else { throw unexpected(expected: mark.rawValue) }
    try advance()
  }

  mutating func expect(name: String) throws(TemplateError) {
    guard isName(name) else { throw unexpected(expected: name) }
    try advance()
  }

  mutating func expect(_ kind: TemplateToken.Kind) throws(TemplateError) {
    guard current.kind == kind else {
      let expected = TemplateToken(kind: kind, position: position).description
      throw unexpected(expected: expected)
    }
    try advance()
  }

  /// Takes a name.
  mutating func expectName() throws(TemplateError) -> String {
    guard case .name(let name) = current.kind else { throw unexpected(expected: "name") }
    try advance()
    return name
  }

  private func unexpected(expected: String) -> TemplateError {
    if current.kind == .end {
      return fault("unexpected end of template, expected '\(expected)'.")
    }
    return fault("expected token '\(expected)', got '\(current.description)'")
  }

  func fault(_ message: String, at place: TemplatePosition? = nil) -> TemplateError {
    TemplateError(.syntax, message).at(place ?? position)
  }

  // MARK: Numbers

  mutating func makeNameID() -> Int {
    nameCount += 1
    return nameCount - 1
  }

  mutating func makeScope() -> Int {
    scopeCount += 1
    return scopeCount - 1
  }

  mutating func makeFunction() -> Int {
    functionCount += 1
    return functionCount - 1
  }

  /// Enters a bracket or a tag.
  mutating func enter() throws(TemplateError) {
    nesting += 1
    guard nesting <= Self.nestingLimit else {
      throw TemplateError(
        .limit,
        "tags and brackets are nested deeper than \(Self.nestingLimit) levels"
      ).at(position)
    }
  }

  mutating func leave() { nesting -= 1 }
}
