// SPDX-License-Identifier: Apache-2.0

import Constraints
import Diagnostics
import HadalKit
import JSON
import Tokenization

/// The functions that a request lets the model call, and whether it must.
struct ToolDefinitions {
  /// The functions, and whether one is called.
  let rules: CallRules
  /// The definitions as the model's template takes them.
  let prompt: PromptValue

  /// Reads a request; nil where there are no tools, or none is to be called.
  static func read(_ request: RequestFields) throws(APIError) -> ToolDefinitions? {
    let tools = try request.array("tools") ?? []
    let choice = try choice(request, hasTools: !tools.isEmpty)
    guard let choice, !tools.isEmpty else { return nil }
    return try ToolDefinitions(
      tools,
      choice,
      isParallel: try request.boolean("parallel_tool_calls") ?? true
    ) { tool, value, isForced throws(APIError) in
      (
        try Self.function(tool, isForced: isForced),
        try ChatMessages.promptValue(value, tool.place("function"))
      )
    }
  }

  /// Takes the tools of a request.
  ///
  /// - Parameters:
  ///   - tools: The tools.
  ///   - choice: Whether the model calls.
  ///   - isParallel: Whether one answer may hold several calls.
  ///   - read: Gives of a tool, and of whether its call may be forced, the function and what the
  ///     model's template takes.
  /// - Throws: `APIError` with the field that is at fault.
  init(
    _ tools: [JSONValue],
    _ choice: CallRules.Choice,
    isParallel: Bool,
    read: (RequestFields, JSONValue, Bool) throws(APIError) -> (CallableFunction, PromptValue)
  ) throws(APIError) {
    let most = CallRules.mostFunctions
    guard tools.count <= most else {
      throw .outOfRange("'tools' holds \(tools.count), but may hold \(most)", "tools")
    }
    var functions: [CallableFunction] = []
    var values: [PromptValue] = []
    for (index, value) in tools.enumerated() {
      let tool = try RequestFields(value, path: "tools[\(index)]")
      let (function, prompt) = try read(tool, value, choice != .auto)
      functions.append(function)
      values.append(prompt)
    }
    rules = CallRules(functions, choice, isParallel: isParallel)
    prompt = .array(values)
    if let name = rules.repeatedName {
      throw .invalid("'tools' holds the function '\(name)' twice", "tools")
    }
    if case .named(let name) = choice, !rules.names.contains(name) {
      throw .invalid("'tool_choice' names '\(name)', which 'tools' does not hold", "tool_choice")
    }
  }

  private static func function(
    _ tool: RequestFields,
    isForced: Bool
  ) throws(APIError) -> CallableFunction {
    let type = try tool.requiredString("type")
    guard type == "function", let function = try tool.object("function") else {
      throw .invalid(
        "'\(tool.place("type"))' is '\(type)', but must be function, with a field of that name",
        tool.place("type")
      )
    }
    return try self.function(function, schema: "parameters", isForced: isForced)
  }

  /// Reads a function whose arguments' schema stands in a field.
  static func function(
    _ function: RequestFields,
    schema: String,
    isForced: Bool
  ) throws(APIError) -> CallableFunction {
    let name = try function.requiredString("name")
    if let fault = CallableFunction.fault(inName: name) {
      throw .invalid("'\(function.place("name"))' \(fault)", function.place("name"))
    }
    _ = try function.string("description")
    _ = try function.object(schema)
    let isStrict = try function.boolean("strict") ?? false
    let properties = function.value(schema)?["properties"]?.object
    return CallableFunction(
      name: name,
      parameters: try parameters(function, schema, isStrict: isStrict, isForced: isForced),
      parameterNames: properties?.map(\.key) ?? [],
      isStrict: isStrict
    )
  }

  private static func parameters(
    _ function: RequestFields,
    _ schema: String,
    isStrict: Bool,
    isForced: Bool
  ) throws(APIError) -> JSONSchema {
    let place = function.place(schema)
    do throws(CallableFunction.SchemaFault) {
      return try CallableFunction.parameters(
        function.value(schema),
        isStrict: isStrict,
        isForced: isForced
      )
    } catch {
      switch error {
      case .noObject: throw .invalid("'\(place)' must be a schema of type object", place)
      case .notStrict(let fault):
        throw .invalid("'\(place)' is not strict: \(fault.description)", place)
      case .unusable(let fault): throw .invalid("'\(place)': \(fault.description)", place)
      }
    }
  }

  /// What `tool_choice` says; nil for none.
  private static func choice(
    _ request: RequestFields,
    hasTools: Bool
  ) throws(APIError) -> CallRules.Choice? {
    guard let value = request.value("tool_choice") else { return .auto }
    if let text = value.string {
      switch text {
      case "none": return nil
      case "auto": return .auto
      case "required" where hasTools: return .required
      case "required": throw .invalid("'tool_choice' is required, but there are no tools", "tools")
      default: break
      }
    } else if let fields = try request.object("tool_choice"),
      let function = try fields.object("function")
    {
      guard hasTools else { throw .invalid("'tool_choice' is for 'tools'", "tool_choice") }
      return .named(try function.requiredString("name"))
    }
    throw .invalid(
      "'tool_choice' must be none, auto, required, or {\"type\":\"function\",\"function\":"
        + "{\"name\":…}}",
      "tool_choice"
    )
  }
}
