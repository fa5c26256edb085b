// SPDX-License-Identifier: Apache-2.0

/// One token of a template's text.
struct TemplateToken {
  enum Kind: Equatable {
    case data([Unicode.Scalar])
    case outputStart
    case outputEnd
    case tagStart
    case tagEnd
    case name(String)
    case text([Unicode.Scalar])
    case integer(Int128)
    case float(Double)
    case mark(Mark)
    case end
    /// The text goes on with something that is no token; met only if the parser gets there.
    case fault(String)
  }

  /// Operators and brackets.
  enum Mark: String {
    case plus = "+"
    case minus = "-"
    case slash = "/"
    case doubleSlash = "//"
    case star = "*"
    case percent = "%"
    case doubleStar = "**"
    case tilde = "~"
    case openBracket = "["
    case closeBracket = "]"
    case openParenthesis = "("
    case closeParenthesis = ")"
    case openBrace = "{"
    case closeBrace = "}"
    case equal = "=="
    case notEqual = "!="
    case greater = ">"
    case greaterOrEqual = ">="
    case less = "<"
    case lessOrEqual = "<="
    case assign = "="
    case dot = "."
    case colon = ":"
    case bar = "|"
    case comma = ","
    case semicolon = ";"
  }

  var kind: Kind
  var position: TemplatePosition

  /// What an error calls the token.
  var description: String {
    switch kind {
    case .data: "template data / text"
    case .outputStart: "begin of print statement"
    case .outputEnd: "end of print statement"
    case .tagStart: "begin of statement block"
    case .tagEnd: "end of statement block"
    case .name(let name): name
    case .text(let scalars): OriginText(scalars, .template).string
    case .integer: "integer"
    case .float: "float"
    case .mark(let mark): mark.rawValue
    case .end: "end of template"
    case .fault(let message): message
    }
  }
}
