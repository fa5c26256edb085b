// SPDX-License-Identifier: Apache-2.0

/// A macro, or the body of a call block, with the variables around it.
final class MacroObject: TemplateObject {
  private let macro: TemplateMacro
  private let frame: TemplateFrame

  /// Which macros speak of `caller`, `kwargs` and `varargs`.
  private let specials: Set<Int>

  init(_ macro: TemplateMacro, _ frame: TemplateFrame, _ run: TemplateRun) {
    self.macro = macro
    specials = run.program.scopes.specials
    self.frame = frame
  }

  override var typeName: String { "Macro" }
  override var describedType: String { "jinja2.runtime.Macro object" }
  override var isCallable: Bool { true }

  override var description: String {
    "<Macro \(macro.name.map(PythonQuote.quoted) ?? "anonymous")>"
  }

  override func attribute(_ name: String) -> TemplateValue? {
    switch name {
    case "name": macro.name.map { .text(OriginText($0, .template)) } ?? TemplateValue.none
    case "arguments":
      try? .makeTuple(macro.parameters.map { .text(OriginText($0.name, .template)) })
    case "caller", "catch_kwargs", "catch_varargs":
      .boolean(specials.contains(specialID(name)))
    default: nil
    }
  }

  private func specialID(_ name: String) -> Int {
    switch name {
    case "caller": macro.callerID
    case "catch_kwargs": macro.keywordsID
    default: macro.extrasID
    }
  }

  override func call(
    _ arguments: CallArguments,
    _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    try run.enter()
    defer { run.leave() }
    let inner = TemplateFrame(
      slotCount: run.program.scopes.slotCounts[macro.function],
      parent: frame
    )
    var named = arguments.named
    var given: [TemplateValue?] = []
    for (index, parameter) in macro.parameters.enumerated() {
      if index < arguments.positional.count {
        given.append(arguments.positional[index])
      } else if let place = named.firstIndex(where: { $0.name == parameter.name }) {
        given.append(named.remove(at: place).value)
      } else {
        given.append(nil)
      }
    }
    func bindSpecial(_ id: Int, _ name: String, _ value: TemplateValue) {
      run.set(id, name, value, inner)
    }
    if specials.contains(macro.callerID) {
      let place = named.firstIndex { $0.name == "caller" }
      let caller = place.map { named.remove(at: $0).value }
      bindSpecial(
        macro.callerID,
        "caller",
        caller ?? .undefined(UndefinedCause("No caller defined"))
      )
    }
    let extras = Array(arguments.positional.dropFirst(macro.parameters.count))
    if specials.contains(macro.keywordsID) {
      let members = named.map {
        (TemplateValue.text(OriginText($0.name, .template)), $0.value)
      }
      bindSpecial(macro.keywordsID, "kwargs", .dictionary(try DictionaryBox(members)))
    } else if let first = named.first {
      throw TemplateError(
        .type,
        "macro \(quotedName) takes no keyword argument \(PythonQuote.quoted(first.name))"
      )
    }
    if specials.contains(macro.extrasID) {
      bindSpecial(macro.extrasID, "varargs", try .makeTuple(extras))
    } else if !extras.isEmpty {
      throw TemplateError(
        .type,
        "macro \(quotedName) takes not more than \(macro.parameters.count) argument(s)"
      )
    }
    return .text(try run.text(of: macro, given, inner))
  }

  private var quotedName: String { macro.name.map(PythonQuote.quoted) ?? "None" }
}

extension TemplateRun {
  /// Runs a macro's body and returns what it wrote.
  fileprivate func text(
    of macro: TemplateMacro,
    _ given: [TemplateValue?],
    _ frame: TemplateFrame
  ) throws(TemplateError) -> OriginText {
    try enter(program.scopes.scopes[macro.scope], frame)
    // Parameters are variables of the scope; entering it left them alone.
    for (parameter, value) in zip(macro.parameters, given) {
      if let value { set(parameter.id, parameter.name, value, frame) }
    }
    let firstDefault = macro.parameters.count - macro.defaults.count
    for (index, parameter) in macro.parameters.enumerated() where given[index] == nil {
      let value: TemplateValue
      if index >= firstDefault {
        do { value = try evaluate(macro.defaults[index - firstDefault], frame) } catch {
          throw error.at(macro.position)
        }
      } else {
        let message = "parameter \(PythonQuote.quoted(parameter.name)) was not provided"
        value = .undefined(UndefinedCause(message))
      }
      set(parameter.id, parameter.name, value, frame)
    }
    let outer = output
    output = OriginText()
    defer { output = outer }
    _ = try run(macro.body, frame)
    return isEscaping ? output.markup(true) : output
  }
}

/// The special variable `self`: the template's blocks as functions.
final class SelfObject: TemplateObject {
  private let program: TemplateProgram

  init(_ program: TemplateProgram) { self.program = program }

  override var typeName: String { "TemplateReference" }
  override var describedType: String { "jinja2.runtime.TemplateReference object" }
  override var description: String { "<TemplateReference None>" }

  override func item(_ key: TemplateValue) -> TemplateValue? {
    guard let name = key.text?.string, program.blocks[name] != nil else { return nil }
    return .object(
      FunctionObject(name) { _, run throws(TemplateError) in
        let outer = run.output
        run.output = OriginText()
        defer { run.output = outer }
        try run.runBlock(name)
        return .text(run.output)
      }
    )
  }
}
