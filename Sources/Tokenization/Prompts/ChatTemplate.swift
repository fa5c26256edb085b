// SPDX-License-Identifier: Apache-2.0

/// A chat template: a program in Jinja, by which a model's authors say how a conversation becomes
/// the text that the model continues.
///
/// It is read once and may be rendered by many tasks at once. Rendering gives the text that
/// transformers gives, and says of each scalar whether the template or the data wrote it.
public struct ChatTemplate: Sendable {
  /// What the template is called in errors: its file.
  public private(set) var name: String
  private let program: TemplateProgram

  /// Reads a template.
  ///
  /// - Parameters:
  ///   - text: The template.
  ///   - name: What errors call it.
  /// - Throws: `TemplateError` with the line and column of a construct that is not known.
  public init(_ text: String, name: String = "chat template") throws(TemplateError) {
    self.name = name
    do { program = try TemplateProgram(text) } catch {
      throw Self.named(error, name)
    }
  }

  /// The same template under another name.
  public func named(_ name: String) -> ChatTemplate {
    var template = self
    template.name = name
    return template
  }

  /// The names that the template reads and does not set itself.
  public var variableNames: Set<String> { program.scopes.lookedUpNames }

  /// Renders a conversation.
  ///
  /// - Parameters:
  ///   - request: The conversation and the template's variables, data all of them.
  ///   - specialTokens: The variables that name the model's own tokens, like `bos_token`: what they
  ///     hold counts as the template's text.
  ///   - time: What the template sees as now.
  /// - Throws: `TemplateError` where the template raises, or meets what it cannot handle.
  /// - Returns: The prompt.
  public func render(
    _ request: ChatRequest,
    specialTokens: SpecialTokens = SpecialTokens(),
    time: CalendarTime
  ) throws(TemplateError) -> RenderedPrompt {
    var messages = ReasoningAliases.applied(to: request.messages)
    var continuation: MessageContinuation?
    do {
      if request.continuesFinalMessage { continuation = try MessageContinuation(&messages) }
    } catch { throw Self.named(error, name) }
    let members =
      [
        PromptValue.Member("messages", .array(messages)),
        .init("tools", request.tools ?? .null),
        .init("documents", request.documents ?? .null),
        .init("add_generation_prompt", .boolean(request.addsGenerationPrompt)),
      ] + request.variables
    let text = try render(members, specialTokens, time)
    guard let continuation else { return RenderedPrompt(text) }
    do { return RenderedPrompt(try continuation.cut(text)) } catch {
      throw Self.named(error, name)
    }
  }

  /// Renders the template over variables alone, without a conversation.
  ///
  /// - Parameters:
  ///   - variables: All that the template sees, data all of it.
  ///   - specialTokens: Variables that count as the template's text.
  ///   - time: What the template sees as now.
  /// - Throws: `TemplateError` where the template raises, or meets what it cannot handle.
  /// - Returns: The text.
  public func renderBare(
    _ variables: [PromptValue.Member],
    specialTokens: SpecialTokens = SpecialTokens(),
    time: CalendarTime
  ) throws(TemplateError) -> RenderedPrompt {
    RenderedPrompt(try render(variables, specialTokens, time))
  }

  private func render(
    _ members: [PromptValue.Member],
    _ specialTokens: SpecialTokens,
    _ time: CalendarTime
  ) throws(TemplateError) -> OriginText {
    do {
      var variables: [String: TemplateValue] = [:]
      var inputScalars = 0
      for (name, token) in specialTokens.values {
        variables[name] = try TemplateValue(token, .template, &inputScalars)
      }
      for member in members {
        variables[member.key] = try TemplateValue(member.value, .data, &inputScalars)
      }
      return try TemplateRun(program, variables, inputScalars: inputScalars, time: time).render()
    } catch { throw Self.named(error, name) }
  }

  private static func named(_ error: TemplateError, _ name: String) -> TemplateError {
    var error = error
    error.template = name
    return error
  }
}

extension TemplateValue {
  /// The value of a conversation's value, its texts of one origin; counts their scalars.
  init(
    _ value: PromptValue,
    _ origin: OriginText.Origin,
    _ scalars: inout Int
  ) throws(TemplateError) {
    switch value {
    case .null: self = .none
    case .boolean(let value): self = .boolean(value)
    case .integer(let value): self = .integer(value, origin)
    case .double(let value): self = .float(value, origin)
    case .string(let string):
      let text = OriginText(string, origin)
      scalars += text.count
      self = .text(text)
    case .array(let elements):
      var values: [TemplateValue] = []
      values.reserveCapacity(elements.count)
      for element in elements { values.append(try TemplateValue(element, origin, &scalars)) }
      self = try .makeList(values)
    case .object(let members):
      var values: [(TemplateValue, TemplateValue)] = []
      values.reserveCapacity(members.count)
      for member in members {
        let key = OriginText(member.key, origin)
        scalars += key.count
        values.append((.text(key), try TemplateValue(member.value, origin, &scalars)))
      }
      self = .dictionary(try DictionaryBox(values))
    }
  }
}
