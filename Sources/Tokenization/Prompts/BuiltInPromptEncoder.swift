// SPDX-License-Identifier: Apache-2.0

/// Makes prompts in a form of its own, for models that come without a template.
public struct BuiltInPromptEncoder: PromptEncoder {
  /// The forms.
  public enum Form: String, Sendable, Hashable {
    /// `<｜User｜>…<｜Assistant｜>…`, with DeepSeek-V3's tokens for tool calls and their results.
    case deepSeekV3 = "built-in deepseek-v3"
    /// `<|im_start|>ROLE`, a line each, `<|im_end|>`.
    case chatML = "built-in chatml"
    /// `User: …` and `Assistant: …` in words, with an empty line between turns.
    case plain = "built-in plain"
  }

  private let form: Form
  private let beginningOfText: String
  private let endOfText: String

  /// Creates an encoder.
  ///
  /// - Parameters:
  ///   - form: The form.
  ///   - specialTokens: The model's tokens.
  public init(_ form: Form, specialTokens: SpecialTokens) {
    self.form = form
    beginningOfText = specialTokens.values["bos_token"]?.string ?? ""
    endOfText = specialTokens.values["eos_token"]?.string ?? ""
  }

  /// Creates the encoder that fits a tokenizer: the form whose tokens it has, else plain words.
  public init(fitting tokenizer: Tokenizer, specialTokens: SpecialTokens) {
    let contents = Set(tokenizer.addedTokens.map(\.content))
    let form: Form =
      contents.isSuperset(of: ["<｜User｜>", "<｜Assistant｜>"])
      ? .deepSeekV3 : contents.isSuperset(of: ["<|im_start|>", "<|im_end|>"]) ? .chatML : .plain
    self.init(form, specialTokens: specialTokens)
  }

  /// The name of the form.
  public var name: String { form.rawValue }

  /// None: nothing switches thinking here.
  public var thinkingVariables: [String] { [] }

  /// Makes a prompt.
  public func prompt(
    for request: ChatRequest,
    time: CalendarTime
  ) throws(TemplateError) -> RenderedPrompt {
    var conversation = ConversationForm.plain
    // The form with tokens for tools says so in its own words.
    conversation.showsTools = form == .deepSeekV3
    let fitted = try conversation.applied(to: request)
    var turns: [Turn] = []
    for message in fitted.messages { turns.append(try Turn(message)) }
    var writer = PromptWriter(beginningOfText: beginningOfText, endOfText: endOfText)
    switch form {
    case .deepSeekV3: writer.writeDeepSeekV3(turns, fitted)
    case .chatML: writer.writeChatML(turns, fitted)
    case .plain: writer.writePlain(turns, fitted)
    }
    return RenderedPrompt(writer.text)
  }
}

/// A message as the built-in forms read it.
struct Turn {
  enum Role: String {
    case system
    case user
    case assistant
    case tool
  }

  var role: Role
  var content: String
  var calls: [(name: String, arguments: String)] = []

  init(_ message: PromptValue) throws(TemplateError) {
    let name = message["role"]?.string ?? ""
    // OpenAI's newer name of the same role.
    guard let role = name == "developer" ? Role.system : Role(rawValue: name) else {
      throw TemplateError(.raised, "'\(name)' is not a role: system, user, assistant or tool")
    }
    self.role = role
    guard let content = message["content"]?.string else {
      throw TemplateError(.type, "the content of a message of role '\(name)' is not a text")
    }
    self.content = content
    guard case .array(let calls)? = message["tool_calls"] else { return }
    for call in calls {
      let function = call["function"] ?? call
      guard let name = function["name"]?.string else {
        throw TemplateError(.type, "a tool call has no name")
      }
      let arguments = function["arguments"]
      self.calls.append((name: name, arguments: arguments?.string ?? arguments?.jsonText ?? "{}"))
    }
  }
}
