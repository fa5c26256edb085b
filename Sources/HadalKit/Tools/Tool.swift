// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// A function of the program that the model may call.
///
/// ```swift
/// struct Sum: Decodable { var a: Int; var b: Int }
/// let add = Tool("add", "Adds two numbers.", parameters: .object(["a": .integer, "b": .integer])) {
///   (sum: Sum) in "\(sum.a + sum.b)"
/// }
/// ```
///
/// What the model writes is nothing to trust: the function decides what it lets happen.
public struct Tool: Sendable {
  /// What it gives the model, for arguments as JSON.
  typealias Body = @Sendable (String) async throws -> String

  /// Its name: at most 64 letters, digits, `_` or `-`.
  public let name: String
  /// What it does, for the model.
  public let description: String
  /// What its arguments must be: an object.
  public let parameters: Schema
  /// Whether the model cannot write other arguments.
  ///
  /// Without it the schema is advice, unless a call is asked for (``ToolChoice``).
  public let isStrict: Bool
  let body: Body

  /// Makes a tool whose arguments are decoded.
  ///
  /// Arguments that cannot be decoded are the model's fault, and it is told so. What the function throws
  /// ends the answer; what the model is to hear of a failure is returned.
  ///
  /// - Parameters:
  ///   - name: Its name.
  ///   - description: What it does, for the model.
  ///   - parameters: What its arguments must be: an object.
  ///   - isStrict: Whether the model cannot write other arguments; every member must then be required,
  ///     and no other allowed, as `Schema.object` has it.
  ///   - body: What gives the model its result.
  public init<Arguments: Decodable & SendableMetatype>(
    _ name: String,
    _ description: String,
    parameters: Schema,
    isStrict: Bool = false,
    _ body: @escaping @Sendable (Arguments) async throws -> String
  ) {
    self.init(name, description, parameters: parameters, isStrict: isStrict) { (json: String) in
      let arguments: Arguments
      do {
        arguments = try JSONDecoder().decode(Arguments.self, from: Data(json.utf8))
      } catch {
        return "error: the arguments are not what '\(name)' takes: \(parameters.json)"
      }
      return try await body(arguments)
    }
  }

  /// Makes a tool that takes its arguments as JSON, as the model wrote them.
  ///
  /// - Parameters:
  ///   - name: Its name.
  ///   - description: What it does, for the model.
  ///   - parameters: What its arguments must be: an object; without any where nothing is said.
  ///   - isStrict: Whether the model cannot write other arguments.
  ///   - body: What gives the model its result.
  public init(
    _ name: String,
    _ description: String,
    parameters: Schema = .object([:]),
    isStrict: Bool = false,
    _ body: @escaping @Sendable (_ json: String) async throws -> String
  ) {
    self.name = name
    self.description = description
    self.parameters = parameters
    self.isStrict = isStrict
    self.body = body
  }
}

/// Whether an answer calls tools.
public enum ToolChoice: Sendable, Hashable {
  /// As the model likes.
  case auto
  /// At least one at first; then as the model likes.
  case required
  /// This one at first; then as the model likes.
  case named(String)
  /// None, and the model does not hear of them.
  case none
}

/// A call that the model made.
public struct ToolCall: Sendable, Hashable {
  /// What tells it apart from others of its conversation.
  public let id: String
  /// The tool's name.
  public let name: String
  /// The arguments as the model wrote them: JSON, but for what it got wrong.
  public let arguments: String
  /// What the tool gave; nil where it has not been called yet.
  public internal(set) var result: String?

  /// Describes a call, for a conversation that is taken up.
  public init(id: String, name: String, arguments: String, result: String? = nil) {
    self.id = id
    self.name = name
    self.arguments = arguments
    self.result = result
  }
}
