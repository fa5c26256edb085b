// SPDX-License-Identifier: Apache-2.0

extension TokenizerReader {
  /// Reads a decoder: ByteLevel, Metaspace, or the steps Replace, ByteFallback, Fuse, Strip in this
  /// order, as the published files have them.
  static func decoder(_ field: Field) throws(TokenizationError) -> TextDecoder {
    let steps = try flattened(field, list: "decoders")
    if steps.count == 1, try steps[0].required("type").string() == "ByteLevel" {
      return .byteLevel
    }
    var rules = TextDecoder.TextRules()
    var stage = 0
    for step in steps {
      let type = try step.required("type")
      let name = try type.string()
      guard
        let place = ["Metaspace", "Replace", "ByteFallback", "Fuse", "Strip"].firstIndex(of: name)
      else { throw type.error(.unsupported(part: "decoder", kind: name)) }
      // Strip works on the whole only where Fuse stands before it.
      guard place >= stage, name != "Strip" || stage == 3 else {
        throw type.error(.unsupported(part: "decoder at this place", kind: name))
      }
      stage = place
      try read(step, name, into: &rules)
    }
    return .text(rules)
  }

  private static func read(
    _ step: Field,
    _ name: String,
    into rules: inout TextDecoder.TextRules
  ) throws(TokenizationError) {
    switch name {
    case "Metaspace":
      let replacement = try step.required("replacement").bytes()
      guard !replacement.isEmpty else {
        throw step.error(.unsupported(part: "decoder option", kind: "replacement"))
      }
      if try step.optional("prepend_scheme")?.string() != "never" {
        rules.leadingMetaspace = replacement
      }
      rules.replacements.append(.init(from: replacement, to: [0x20]))
    case "Replace":
      let text = try step.required("pattern").required("String").bytes()
      guard !text.isEmpty else {
        throw step.error(.unsupported(part: "decoder option", kind: "pattern"))
      }
      rules.replacements.append(.init(from: text, to: try step.required("content").bytes()))
    case "ByteFallback": rules.hasByteFallback = true
    case "Strip":
      let start = try step.required("start").integer()
      let stop = try step.required("stop").integer()
      let content = try step.required("content").bytes()
      guard start >= 0, stop == 0, !content.isEmpty, rules.strip == nil else {
        throw step.error(.unsupported(part: "decoder option", kind: "stop"))
      }
      rules.strip = (content, start)
    default: break
    }
  }

  /// Reads a post-processor: what stands before and behind a text.
  mutating func readPostProcessor(_ field: Field) throws(TokenizationError) {
    for step in try Self.flattened(field, list: "processors") {
      let type = try step.required("type")
      switch try type.string() {
      case "ByteLevel": break
      case "TemplateProcessing": try readTemplate(step)
      case let name: throw type.error(.unsupported(part: "post-processor", kind: name))
      }
    }
  }

  private mutating func readTemplate(_ field: Field) throws(TokenizationError) {
    var isBehindText = false
    for piece in try field.required("single").elements() {
      if piece.optional("Sequence") != nil {
        guard !isBehindText else {
          throw piece.error(.unsupported(part: "template", kind: "two sequences"))
        }
        isBehindText = true
        continue
      }
      let name = try piece.required("SpecialToken").required("id")
      let tokens = try field.required("special_tokens").required(name.string())
      for element in try tokens.required("ids").elements() {
        let id = try element.integer()
        guard let id = Int32(exactly: id), parts.vocabulary.piece(of: id) != nil else {
          throw element.error(.unknownToken(try name.string()))
        }
        if isBehindText { parts.suffix.append(id) } else { parts.prefix.append(id) }
      }
    }
    guard isBehindText else {
      throw field.error(.unsupported(part: "template", kind: "no sequence"))
    }
  }

  private static func flattened(_ field: Field, list: String) throws(TokenizationError) -> [Field] {
    guard try field.required("type").string() == "Sequence" else { return [field] }
    var steps: [Field] = []
    for element in try field.required(list).elements() {
      steps += try flattened(element, list: list)
    }
    return steps
  }
}
