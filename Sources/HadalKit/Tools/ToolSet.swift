// SPDX-License-Identifier: Apache-2.0

import Constraints
import Diagnostics
import JSON
import Tokenization

/// The tools of an answer, checked, in the forms that prompts and constraints take.
struct ToolSet: Sendable {
  private let tools: [String: Tool]
  private let ordered: [Tool]
  /// The definitions as the model's template takes them, as chat clients write them.
  let prompt: PromptValue

  /// Checks tools.
  ///
  /// - Throws: `HadalError` of kind `option`.
  init(_ tools: [Tool]) throws(HadalError) {
    guard tools.count <= CallRules.mostFunctions else {
      throw HadalError(
        .option,
        "there are \(tools.count) tools, but may be \(CallRules.mostFunctions)"
      )
    }
    var named: [String: Tool] = [:]
    var values: [PromptValue] = []
    for tool in tools {
      if let fault = CallableFunction.fault(inName: tool.name) {
        throw HadalError(.option, "the name \(fault)", place: "tool '\(tool.name)'")
      }
      guard named.updateValue(tool, forKey: tool.name) == nil else {
        throw HadalError(.option, "two tools have one name", place: "tool '\(tool.name)'")
      }
      values.append(try Self.definition(tool))
    }
    (self.tools, ordered, prompt) = (named, tools, .array(values))
  }

  private static func definition(_ tool: Tool) throws(HadalError) -> PromptValue {
    let schema = try tool.parameters.parsed()
    do throws(TemplateError) {
      var function: [PromptValue.Member] = [
        .init("name", .string(tool.name)), .init("description", .string(tool.description)),
        .init("parameters", try PromptValue(schema)),
      ]
      if tool.isStrict { function.append(.init("strict", .boolean(true))) }
      return .object([.init("type", .string("function")), .init("function", .object(function))])
    } catch {
      throw HadalError(.option, error)
    }
  }

  /// What one answer may call.
  ///
  /// - Returns: Nil where there is nothing.
  func rules(_ choice: ToolChoice, isParallel: Bool) throws(HadalError) -> CallRules? {
    let wanted: CallRules.Choice
    switch choice {
    case .none: return nil
    case .auto: wanted = .auto
    case .required: wanted = .required
    case .named(let name):
      guard tools[name] != nil else {
        throw HadalError(.option, "no tool is called '\(name)'", place: "AnswerOptions.toolChoice")
      }
      wanted = .named(name)
    }
    guard !ordered.isEmpty else {
      guard wanted == .auto else {
        throw HadalError(
          .option,
          "a call is asked for, and there are no tools",
          place: "AnswerOptions.toolChoice"
        )
      }
      return nil
    }
    var functions: [CallableFunction] = []
    for tool in ordered { functions.append(try Self.function(tool, isForced: wanted != .auto)) }
    return CallRules(functions, wanted, isParallel: isParallel)
  }

  private static func function(
    _ tool: Tool,
    isForced: Bool
  ) throws(HadalError) -> CallableFunction {
    let schema = try tool.parameters.parsed()
    let place = "tool '\(tool.name)'"
    do throws(CallableFunction.SchemaFault) {
      return CallableFunction(
        name: tool.name,
        parameters: try CallableFunction.parameters(
          schema,
          isStrict: tool.isStrict,
          isForced: isForced
        ),
        parameterNames: schema["properties"]?.object?.map(\.key) ?? [],
        isStrict: tool.isStrict
      )
    } catch {
      switch error {
      case .noObject:
        throw HadalError(.option, "the parameters must be a schema of an object", place: place)
      case .notStrict(let fault):
        throw HadalError(
          .option,
          "the parameters are not strict: \(fault.description)",
          place: place,
          remedy: "Schema.object([…]) without optional members, or 'isStrict: false'"
        )
      case .unusable(let fault):
        throw HadalError(.option, fault.description, place: place, remedy: fault.remedy)
      }
    }
  }

  /// Calls a tool.
  ///
  /// - Throws: What the tool throws.
  func result(of call: ToolCall) async throws -> String {
    guard let tool = tools[call.name] else {
      return "error: there is no tool called '\(call.name)'"
    }
    return try await tool.body(call.arguments)
  }
}
