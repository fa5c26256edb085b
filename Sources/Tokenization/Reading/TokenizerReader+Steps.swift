// SPDX-License-Identifier: Apache-2.0

extension TokenizerReader {
  mutating func readNormalizer(_ field: Field?) throws(TokenizationError) {
    guard let field else { return }
    let type = try field.required("type")
    switch try type.string() {
    case "Sequence":
      for element in try field.required("normalizers").elements() {
        try readNormalizer(element)
      }
    case "NFC": parts.normalizer.steps.append(.composition)
    case "Prepend":
      parts.normalizer.steps.append(.prepend(try field.required("prepend").bytes()))
    case "Replace":
      let splitter = try splitter(field.required("pattern"))
      parts.normalizer.steps.append(.replace(splitter, try field.required("content").bytes()))
    case let name: throw type.error(.unsupported(part: "normalizer", kind: name))
    }
  }

  mutating func readPreTokenizer(_ field: Field?) throws(TokenizationError) {
    guard let field else { return }
    let type = try field.required("type")
    let name = try type.string()
    guard !parts.preTokenizer.isByteLevel || name == "Sequence" else {
      throw type.error(.unsupported(part: "pre-tokenizer after ByteLevel", kind: name))
    }
    switch name {
    case "Sequence":
      for element in try field.required("pretokenizers").elements() {
        try readPreTokenizer(element)
      }
    case "Split": try readSplit(field)
    case "Digits":
      let isSingle = try field.flag("individual_digits", default: false)
      let digits = CharacterSet([.classes(.number)])
      append(.run(digits, maximum: isSingle ? 1 : .max))
    case "ByteLevel": try readByteLevel(field)
    case "Metaspace": try readMetaspace(field)
    default: throw type.error(.unsupported(part: "pre-tokenizer", kind: name))
    }
  }

  private mutating func readSplit(_ field: Field) throws(TokenizationError) {
    var step = PreTokenizer.Step(splitter: try splitter(field.required("pattern")))
    let behavior = try field.required("behavior")
    let isInverted = try field.flag("invert", default: false)
    switch try behavior.string() {
    case "Isolated": break
    case "Removed":
      if isInverted { step.gaps = .removed } else { step.matches = .removed }
    case let name: throw behavior.error(.unsupported(part: "split behavior", kind: name))
    }
    parts.preTokenizer.steps.append(step)
  }

  private mutating func readByteLevel(_ field: Field) throws(TokenizationError) {
    if try field.flag("add_prefix_space", default: true) {
      // A space in the middle of a text would be one that the text does not have.
      guard parts.preTokenizer.steps.isEmpty else {
        throw field.error(.unsupported(part: "option", kind: "add_prefix_space"))
      }
      parts.preTokenizer.addsPrefixSpace = true
    }
    if try field.flag("use_regex", default: true) { append(.gpt2) }
    parts.preTokenizer.isByteLevel = true
  }

  private mutating func readMetaspace(_ field: Field) throws(TokenizationError) {
    guard parts.preTokenizer.steps.isEmpty, parts.preTokenizer.metaspace == nil else {
      throw field.error(.unsupported(part: "second pre-tokenizer", kind: "Metaspace"))
    }
    let scheme = try field.optional("prepend_scheme")?.string() ?? "always"
    let prepending: PreTokenizer.Metaspace.Prepending
    switch scheme {
    case "always": prepending = .always
    case "first": prepending = .first
    case "never": prepending = .never
    default: throw field.error(.unsupported(part: "prepend_scheme", kind: scheme))
    }
    let metaspace = PreTokenizer.Metaspace(
      replacement: try field.required("replacement").bytes(),
      prepending: prepending,
      splits: try field.flag("split", default: true)
    )
    parts.preTokenizer.metaspace = metaspace
    if metaspace.splits { append(.leader(metaspace.replacement)) }
  }

  private mutating func append(_ splitter: Splitter) {
    parts.preTokenizer.steps.append(PreTokenizer.Step(splitter: splitter))
  }

  /// Reads `{"String": …}` or `{"Regex": …}`.
  private mutating func splitter(_ field: Field) throws(TokenizationError) -> Splitter {
    if let text = field.optional("String") {
      let bytes = try text.bytes()
      guard !bytes.isEmpty else { throw text.wrongKind("a text that is not empty") }
      return .literal(bytes)
    }
    let pattern = try field.required("Regex")
    do {
      let splitter = try Splitter(pattern: try pattern.string())
      parts.generalPattern = parts.generalPattern ?? splitter.generalPattern
      return splitter
    } catch { throw error.place == nil ? pattern.error(error.reason) : error }
  }

  /// Chooses how vocab.json and merges.txt cut text, which the files do not say.
  mutating func chooseSplit(_ configuration: Field?) throws(TokenizationError) {
    let name = try configuration?.optional("tokenizer_class")?.string() ?? "GPT2Tokenizer"
    switch name {
    case "GPT2Tokenizer", "GPT2TokenizerFast": append(.gpt2)
    case "Qwen2Tokenizer", "Qwen2TokenizerFast":
      parts.normalizer.steps = [.composition]
      append(.contractions(digitsMaximum: 1))
    default:
      let place = "tokenizer_config.json, field tokenizer_class"
      throw TokenizationError(
        .unsupported(part: "tokenizer without tokenizer.json", kind: name),
        place: place
      )
    }
    if try configuration?.flag("add_prefix_space", default: false) ?? false {
      parts.preTokenizer.addsPrefixSpace = true
    }
  }
}
