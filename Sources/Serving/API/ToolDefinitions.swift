// SPDX-License-Identifier: Apache-2.0

import Constraints
import Diagnostics
import JSON
import Tokenization

/// The functions that a request lets the model call, and whether it must.
struct ToolDefinitions {
  /// A function.
  struct Function {
    let name: String
    /// What its arguments must be: of any object where the request says nothing.
    var parameters: JSONSchema
    /// The names of its parameters, as far as the request has them.
    let parameterNames: [String]
    /// Whether its arguments keep to that also where the model calls it by itself.
    let isStrict: Bool
  }

  /// Whether the model calls.
  enum Choice: Equatable {
    /// As it likes.
    case auto
    /// At least one function.
    case required
    /// This one.
    case named(String)
  }

  // LIMIT: what OpenAI's and DeepSeek's APIs take.
  private static let most = 128
  private static let longestName = 64

  private(set) var functions: [Function]
  let choice: Choice
  /// Whether one answer may hold several calls.
  let isParallel: Bool
  /// The definitions as the model's template takes them.
  let prompt: PromptValue

  /// The same with any object for what is not strict: where their schemas cannot be kept to together.
  var relaxed: ToolDefinitions {
    var relaxed = self
    for index in functions.indices where !functions[index].isStrict {
      relaxed.functions[index].parameters = .anyObject
    }
    return relaxed
  }

  /// The names of all functions.
  var names: Set<String> { Set(functions.map(\.name)) }

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
    _ choice: Choice,
    isParallel: Bool,
    read: (RequestFields, JSONValue, Bool) throws(APIError) -> (Function, PromptValue)
  ) throws(APIError) {
    guard tools.count <= Self.most else {
      throw .outOfRange("'tools' holds \(tools.count), but may hold \(Self.most)", "tools")
    }
    var functions: [Function] = []
    var values: [PromptValue] = []
    for (index, value) in tools.enumerated() {
      let tool = try RequestFields(value, path: "tools[\(index)]")
      let (function, prompt) = try read(tool, value, choice != .auto)
      functions.append(function)
      values.append(prompt)
    }
    (self.functions, self.choice, self.isParallel) = (functions, choice, isParallel)
    prompt = .array(values)
    if let name = functions.map(\.name).firstRepeated {
      throw .invalid("'tools' holds the function '\(name)' twice", "tools")
    }
    if case .named(let name) = choice, !names.contains(name) {
      throw .invalid("'tool_choice' names '\(name)', which 'tools' does not hold", "tool_choice")
    }
  }

  private static func function(
    _ tool: RequestFields,
    isForced: Bool
  ) throws(APIError) -> Function {
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
  ) throws(APIError) -> Function {
    let name = try function.requiredString("name")
    let isName = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    guard isName, (1...longestName).contains(name.utf8.count) else {
      throw .invalid(
        "'\(function.place("name"))' must have 1 to \(longestName) letters, digits, _ or -",
        function.place("name")
      )
    }
    _ = try function.string("description")
    _ = try function.object(schema)
    let isStrict = try function.boolean("strict") ?? false
    let properties = function.value(schema)?["properties"]?.object
    return Function(
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
    guard let value = function.value(schema), isStrict || isForced else {
      return .anyObject
    }
    let place = function.place(schema)
    guard value["type"]?.string == "object" || value["properties"] != nil else {
      guard isStrict else { return .anyObject }
      throw .invalid("'\(place)' must be a schema of type object", place)
    }
    if isStrict, let fault = JSONSchema.strictFault(in: value) {
      throw .invalid("'\(place)' is not strict: \(fault.description)", place)
    }
    do throws(ConstraintError) { return try JSONSchema(value) } catch {
      // Without `strict` a schema is advice: what cannot be kept to is left to the model.
      guard isStrict else { return .anyObject }
      throw .invalid("'\(place)': \(error.description)", place)
    }
  }

  /// What `tool_choice` says; nil for none.
  private static func choice(
    _ request: RequestFields,
    hasTools: Bool
  ) throws(APIError) -> Choice? {
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

extension [String] {
  /// The first that stands twice.
  fileprivate var firstRepeated: String? {
    var seen: Set<String> = []
    return first { !seen.insert($0).inserted }
  }
}
