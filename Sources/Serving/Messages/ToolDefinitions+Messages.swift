// SPDX-License-Identifier: Apache-2.0

import HadalKit
import JSON
import Tokenization

extension ToolDefinitions {
  /// Reads a request of the Messages API; nil where there are no tools, or none is to be called.
  static func readMessages(_ request: RequestFields) throws(APIError) -> ToolDefinitions? {
    let tools = try request.array("tools") ?? []
    let (choice, isParallel) = try messagesChoice(request, hasTools: !tools.isEmpty)
    guard let choice, !tools.isEmpty else { return nil }
    return try ToolDefinitions(tools, choice, isParallel: isParallel) {
      tool,
      _,
      isForced throws(APIError) in
      try messagesTool(tool, isForced: isForced)
    }
  }

  /// A tool, and the same as templates take it: in the form of a chat's.
  private static func messagesTool(
    _ tool: RequestFields,
    isForced: Bool
  ) throws(APIError) -> (CallableFunction, PromptValue) {
    let type = try tool.string("type") ?? "custom"
    guard type == "custom" else {
      throw .invalid(
        "'\(tool.place("type"))' is '\(type.prefix(100))', but a vendor's own tools are not "
          + "supported here; there are those with an input_schema alone",
        tool.place("type")
      )
    }
    guard let schema = tool.value("input_schema") else {
      throw .invalid("'\(tool.place("input_schema"))' is missing", tool.place("input_schema"))
    }
    let function = try function(tool, schema: "input_schema", isForced: isForced)
    var members: [PromptValue.Member] = [.init("name", .string(function.name))]
    if let description = try tool.string("description") {
      members.append(.init("description", .string(description)))
    }
    let place = tool.place("input_schema")
    members.append(.init("parameters", try ChatMessages.promptValue(schema, place)))
    if function.isStrict { members.append(.init("strict", .boolean(true))) }
    return (
      function, .object([.init("type", .string("function")), .init("function", .object(members))])
    )
  }

  /// What `tool_choice` says, nil for none, and whether one answer may hold several calls.
  private static func messagesChoice(
    _ request: RequestFields,
    hasTools: Bool
  ) throws(APIError) -> (choice: CallRules.Choice?, isParallel: Bool) {
    guard let fields = try request.object("tool_choice") else { return (.auto, true) }
    let isParallel = try fields.boolean("disable_parallel_tool_use") != true
    let type = try fields.requiredString("type")
    guard hasTools || ["auto", "none"].contains(type) else {
      throw .invalid("'tool_choice' is '\(type.prefix(100))', but there are no tools", "tools")
    }
    switch type {
    case "auto": return (.auto, isParallel)
    case "any": return (.required, isParallel)
    case "tool": return (.named(try fields.requiredString("name")), isParallel)
    case "none": return (nil, isParallel)
    default:
      throw .invalid(
        "'tool_choice.type' is '\(type.prefix(100))', but must be auto, any, tool or none",
        "tool_choice.type"
      )
    }
  }
}
