// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics
import JSON

/// The chat templates of a folder and the tokens that they name, read but not yet compiled.
public struct ChatTemplateFiles: Sendable {
  /// A template and the place that errors name.
  struct Source: Sendable, Hashable {
    var text: String
    var place: String
  }

  // LIMIT: a folder holds some hundred files at most; this bounds what a listing may cost.
  private static let templateLimit = 64

  /// The templates by name; the one without a name of its own is `default`.
  let sources: [String: Source]
  /// What tokenizer_config.json and special_tokens_map.json name.
  public let specialTokens: SpecialTokens

  /// Reads a folder as transformers does: `chat_template.jinja` and `additional_chat_templates`,
  /// else `chat_template.json`, else the field of tokenizer_config.json.
  ///
  /// - Parameter folder: The folder's path.
  /// - Throws: `TokenizationError` naming the file and the field that cannot be read.
  public init(folder: String) throws(TokenizationError) {
    let configuration = try Self.document(folder, "tokenizer_config.json")
    var sources: [String: Source] = [:]
    if let field = configuration?.optional("chat_template") {
      sources = try Self.sources(field)
    }
    if let field = try Self.document(folder, "chat_template.json")?.optional("chat_template") {
      sources = try Self.sources(field)
    }
    if let text = try Self.text(folder, "chat_template.jinja") {
      sources = ["default": Source(text: text, place: "chat_template.jinja")]
    }
    for name in Self.additionalNames(folder).prefix(Self.templateLimit) {
      let file = "additional_chat_templates/\(name).jinja"
      if let text = try Self.text(folder, file) {
        sources[name] = Source(text: text, place: file)
      }
    }
    self.sources = sources
    let map = try Self.document(folder, "special_tokens_map.json")
    specialTokens = try Self.specialTokens([map, configuration].compactMap { $0 })
  }

  /// Whether the folder has a template.
  public var isEmpty: Bool { sources.isEmpty }

  /// Compiles the templates and makes the encoder of the model; one of the built-in encoders where
  /// the folder has no template.
  ///
  /// - Parameter tokenizer: The folder's tokenizer.
  /// - Throws: `TemplateError` for a template that does not compile: another form in its place would
  ///   make wrong prompts.
  /// - Returns: The encoder.
  public func makeEncoder(_ tokenizer: Tokenizer) throws(TemplateError) -> any PromptEncoder {
    guard !isEmpty else {
      return BuiltInPromptEncoder(fitting: tokenizer, specialTokens: specialTokens)
    }
    guard let standard = sources["default"] ?? (sources.count == 1 ? sources.first?.value : nil)
    else {
      let names = sources.keys.sorted().joined(separator: ", ")
      throw TemplateError(
        .syntax,
        "the model has the templates \(names), but none named 'default'"
      )
    }
    let template = try ChatTemplate(standard.text, name: standard.place)
    var toolTemplate: ChatTemplate?
    if let source = sources["tool_use"], source != standard {
      toolTemplate = try ChatTemplate(source.text, name: source.place)
    }
    return TemplatePromptEncoder(
      template,
      toolTemplate: toolTemplate,
      specialTokens: specialTokens
    )
  }

  /// The text of the template for a request, with the place that errors name; nil where there is
  /// none.
  public func template(hasTools: Bool) -> (text: String, place: String)? {
    let source =
      (hasTools ? sources["tool_use"] : nil) ?? sources["default"]
      ?? (sources.count == 1 ? sources.first?.value : nil)
    return source.map { (text: $0.text, place: $0.place) }
  }

  // MARK: Reading

  private static func sources(_ field: Field) throws(TokenizationError) -> [String: Source] {
    if let text = field.value.string {
      return ["default": Source(text: text, place: field.place)]
    }
    guard field.value.array != nil else {
      throw field.wrongKind("a template, or an array of named ones")
    }
    var sources: [String: Source] = [:]
    for element in try field.elements() {
      let template = try element.required("template")
      sources[try element.required("name").string()] = Source(
        text: try template.string(),
        place: template.place
      )
    }
    return sources
  }

  private static func specialTokens(_ fields: [Field]) throws(TokenizationError) -> SpecialTokens {
    var values: [String: PromptValue] = [:]
    for field in fields {
      for name in SpecialTokens.names where name != "additional_special_tokens" {
        if let content = try TokenizerReader.content(of: name, in: field) {
          values[name] = .string(content)
        }
      }
      if let list = field.optional("additional_special_tokens"), list.value.array != nil {
        var contents: [PromptValue] = []
        for element in try list.elements() {
          let content = element.value.object == nil ? element : try element.required("content")
          contents.append(.string(try content.string()))
        }
        values["additional_special_tokens"] = .array(contents)
      }
    }
    return SpecialTokens(values)
  }

  /// The names of the templates in the folder for further ones; none where there is no such folder.
  private static func additionalNames(_ folder: String) -> [String] {
    let names = (try? FileKind.names(inFolder: folder + "/additional_chat_templates")) ?? []
    return names.filter { $0.hasSuffix(".jinja") }.map { String($0.dropLast(6)) }.sorted()
  }

  private static func document(
    _ folder: String,
    _ name: String
  ) throws(TokenizationError) -> Field? {
    guard let bytes = try bytes(folder, name) else { return nil }
    do {
      return Field(root: try JSONDocument(bytes).root, file: name)
    } catch {
      throw TokenizationError(.notJSON(error), place: "\(name), \(error.place ?? "")")
    }
  }

  private static func text(_ folder: String, _ name: String) throws(TokenizationError) -> String? {
    guard let bytes = try bytes(folder, name) else { return nil }
    if let offset = UTF8Check.firstFault(in: bytes.span) {
      throw TokenizationError(.notUTF8(offset: offset), place: name)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func bytes(_ folder: String, _ name: String) throws(TokenizationError) -> [UInt8]?
  {
    do {
      let region = try MemoryRegion(mapping: "\(folder)/\(name)")
      return region.copyBytes(0..<region.byteCount)
    } catch {
      if error.exitCode == .noInput { return nil }
      throw TokenizationError(.unreadable(error), place: name)
    }
  }
}
