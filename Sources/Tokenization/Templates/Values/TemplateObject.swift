// SPDX-License-Identifier: Apache-2.0

/// A value with an identity: a namespace, a macro, a function, a running loop.
class TemplateObject {
  /// Python's name of the type.
  var typeName: String { "object" }
  /// What `object_type_repr` of Jinja2 calls it.
  var describedType: String { "\(typeName) object" }
  /// What printing it gives.
  var description: String { "<\(typeName)>" }
  var isHashable: Bool { true }
  var isCallable: Bool { false }
  var depth: Int { 0 }
  var knownCount: Int? { nil }
  var truth: Bool { true }

  /// The attribute of a name; nil where it has none.
  func attribute(_ name: String) -> TemplateValue? { nil }

  /// The element of a key; nil where it has none.
  func item(_ key: TemplateValue) -> TemplateValue? { nil }

  func makeStep() -> TemplateIterator.Step? { nil }

  /// Calls it.
  func call(_ arguments: CallArguments, _ run: TemplateRun) throws(TemplateError) -> TemplateValue {
    throw TemplateError(.type, "'\(typeName)' object is not callable")
  }
}

/// The arguments of a call.
struct CallArguments {
  var positional: [TemplateValue] = []
  var named: [(name: String, value: TemplateValue)] = []

  var isEmpty: Bool { positional.isEmpty && named.isEmpty }

  var count: Int { positional.count + named.count }

  /// Puts the arguments in the order of a signature.
  ///
  /// - Parameters:
  ///   - function: The function's name, for messages.
  ///   - names: The names of all parameters, in order.
  ///   - required: How many of them, from the first, must be given.
  ///   - positionalOnly: Whether no argument may be named, as in Python's own methods.
  /// - Throws: `TemplateError` of kind `type`.
  /// - Returns: A value for each name, nil for those left out.
  func bound(
    _ function: String,
    _ names: [String],
    required: Int = 0,
    positionalOnly: Bool = false
  ) throws(TemplateError) -> [TemplateValue?] {
    guard positional.count <= names.count else {
      let counted = "\(names.count) argument\(names.count == 1 ? "" : "s")"
      throw TemplateError(
        .type,
        "\(function)() takes at most \(counted) (\(positional.count) given)"
      )
    }
    var values = [TemplateValue?](repeating: nil, count: names.count)
    for (index, value) in positional.enumerated() { values[index] = value }
    for (name, value) in named {
      guard !positionalOnly else {
        throw TemplateError(.type, "\(function)() takes no keyword arguments")
      }
      guard let index = names.firstIndex(of: name) else {
        throw TemplateError(
          .type,
          "\(function)() got an unexpected keyword argument '\(name)'"
        )
      }
      guard values[index] == nil else {
        throw TemplateError(.type, "\(function)() got multiple values for argument '\(name)'")
      }
      values[index] = value
    }
    for index in 0..<required where values[index] == nil {
      throw TemplateError(
        .type,
        "\(function)() missing 1 required positional argument: '\(names[index])'"
      )
    }
    return values
  }
}

/// What `namespace()` makes: the one value that a template may change.
final class NamespaceObject: TemplateObject {
  private(set) var members: [(name: String, value: TemplateValue)] = []
  private var deepest = 0

  override var typeName: String { "Namespace" }
  override var describedType: String { "jinja2.utils.Namespace object" }
  override var depth: Int { deepest + 1 }

  override var description: String { "<Namespace>" }

  override func attribute(_ name: String) -> TemplateValue? {
    members.first { $0.name == name }?.value
  }

  override func item(_ key: TemplateValue) -> TemplateValue? {
    key.text.flatMap { attribute($0.string) }
  }

  /// Sets an attribute.
  ///
  /// - Throws: `TemplateError` of kind `security` for a name that starts with an underscore, as the
  ///   published environment has it.
  func set(_ name: String, _ value: TemplateValue) throws(TemplateError) {
    guard !name.hasPrefix("_") else {
      throw TemplateError(
        .security,
        "Chat templates cannot store underscore-prefixed attributes on a namespace, but got "
          + "\(PythonQuote.quoted(name)). Please rename the attribute."
      )
    }
    deepest = max(deepest, try ListBox.depth(over: [value]))
    if let index = members.firstIndex(where: { $0.name == name }) {
      members[index].value = value
    } else {
      members.append((name: name, value: value))
    }
  }

  /// Lets go of all values, so that no ring of namespaces outlives its render.
  func clear() { members = [] }
}

/// A function of the environment, or a method taken from its value.
final class FunctionObject: TemplateObject {
  typealias Body = (CallArguments, TemplateRun) throws(TemplateError) -> TemplateValue

  private let name: String
  private let owner: String?
  private let isClass: Bool
  private let body: Body
  private let nesting: Int

  /// Creates a function.
  ///
  /// - Parameters:
  ///   - name: What it is called.
  ///   - owner: The type that a method belongs to.
  ///   - isClass: Whether Python has a class of this name.
  ///   - depth: The depth of what the function holds.
  ///   - body: What it does.
  init(
    _ name: String,
    owner: String? = nil,
    isClass: Bool = false,
    depth: Int = 0,
    _ body: @escaping Body
  ) {
    self.name = name
    self.owner = owner
    self.isClass = isClass
    self.nesting = depth
    self.body = body
  }

  override var depth: Int { nesting }
  override var typeName: String {
    isClass ? "type" : owner == nil ? "function" : "builtin_function_or_method"
  }
  override var isCallable: Bool { true }

  override var description: String {
    // Python writes an address here, which means nothing and would change from run to run.
    if let owner { return "<built-in method \(name) of \(owner) object at 0xADDR>" }
    return isClass ? "<class '\(name)'>" : "<function \(name) at 0xADDR>"
  }

  override func call(
    _ arguments: CallArguments,
    _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    try body(arguments, run)
  }
}
