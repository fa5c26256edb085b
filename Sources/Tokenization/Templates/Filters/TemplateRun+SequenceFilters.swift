// SPDX-License-Identifier: Apache-2.0

extension TemplateRun {
  typealias Getter = (TemplateValue) throws(TemplateError) -> TemplateValue

  /// Looks an attribute up, dots in its name leading further in.
  func attributeGetter(
    _ attribute: TemplateValue?,
    standard: TemplateValue?,
    ignoresCase: Bool = false
  ) throws(TemplateError) -> Getter {
    var parts: [TemplateValue] = []
    if let name = attribute?.text {
      for part in name.cut(at: name.indices(of: OriginText(".", .data)), length: 1) {
        let isNumber = !part.isEmpty && part.scalars.allSatisfy(PythonText.isDigit)
        let number = isNumber ? PythonNumber.integer(part, radix: 10) : nil
        parts.append(number.map { .integer($0, .template) } ?? .text(part))
      }
    } else if let attribute, !attribute.isNone {
      parts = [attribute]
    }
    return { [self] value throws(TemplateError) in
      var value = value
      for part in parts {
        value = try item(value, part)
        if let standard, !standard.isNone, value.isUndefined { value = standard }
      }
      return ignoresCase ? try caseIgnored(value) : value
    }
  }

  func caseIgnored(_ value: TemplateValue) throws(TemplateError) -> TemplateValue {
    guard let text = value.text else { return value }
    return .text(try own(text.lowercased()))
  }

  /// A generator over a value.
  func generator(
    _ name: String,
    over value: TemplateValue,
    _ step: @escaping TemplateIterator.Step
  ) throws(TemplateError) -> TemplateValue {
    .iterator(try TemplateIterator(functionName: name, over: value, step: step))
  }

  func pick(
    _ filter: TemplateFilter,
    _ value: TemplateValue
  ) throws(TemplateError) -> TemplateValue {
    switch filter {
    case .first:
      let step = try value.requiredStep()
      return try step() ?? .undefined(UndefinedCause("No first item, sequence was empty."))
    case .last:
      guard value.knownCount != nil else {
        throw TemplateError(.type, "'\(value.typeName)' object is not reversible")
      }
      return try value.elements().last
        ?? .undefined(UndefinedCause("No last item, sequence was empty."))
    default:
      // A prompt must not differ from run to run, so the choice is always the same.
      guard value.knownCount != nil else {
        throw TemplateError(.type, "object of type '\(value.typeName)' has no len()")
      }
      return try value.elements().first
        ?? .undefined(UndefinedCause("No random item, sequence was empty."))
    }
  }

  func reversed(_ value: TemplateValue) throws(TemplateError) -> TemplateValue {
    if let text = value.text {
      return .text(try slice(.text(text), .none, .none, .integer(-1)).text ?? text)
    }
    let typeName: String
    switch value {
    case .list: typeName = "list_reverseiterator"
    case .dictionary, .view(.keys, _): typeName = "dict_reversekeyiterator"
    case .view(.values, _): typeName = "dict_reversevalueiterator"
    case .view(.items, _): typeName = "dict_reverseitemiterator"
    case .range: typeName = "range_iterator"
    case .tuple, .undefined, .bytes: typeName = "reversed"
    default:
      guard try value.makeStep() != nil else {
        throw TemplateError(.runtime, "argument must be iterable")
      }
      return try .makeList(collected(value).reversed())
    }
    var elements = try collected(value)
    return .iterator(
      try TemplateIterator(typeName: typeName, over: value) { () throws(TemplateError) in
        elements.popLast()
      }
    )
  }

  func applyGrouping(
    _ filter: TemplateFilter,
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> TemplateValue {
    if filter == .items {
      _ = try arguments.bound("do_items", [])
      return try generator(
        "do_items",
        over: value,
        lazily { [self] () throws(TemplateError) in
          try itemStep(value)
        }
      )
    }
    let name = filter == .batch ? "linecount" : "slices"
    let given = try arguments.bound("do_\(filter.rawValue)", [name, "fill_with"], required: 1)
    let fill = given[1].flatMap { $0.isNone ? nil : $0 }
    return try generator(
      filter == .batch ? "do_batch" : "sync_do_slice",
      over: value,
      lazily { [self] () throws(TemplateError) in
        let count = try integer(given[0] ?? .none)
        let groups =
          filter == .batch
          ? try batches(collected(value), count, fill) : try slices(collected(value), count, fill)
        var index = 0
        return { () throws(TemplateError) in
          guard index < groups.count else { return nil }
          defer { index += 1 }
          return groups[index]
        }
      }
    )
  }

  /// A step that is made when it is first asked for: a generator does nothing before.
  func lazily(
    _ make: @escaping () throws(TemplateError) -> TemplateIterator.Step
  ) -> TemplateIterator.Step {
    var step: TemplateIterator.Step?
    return { () throws(TemplateError) in
      if let step { return try step() }
      let made = try make()
      step = made
      return try made()
    }
  }

  private func itemStep(_ value: TemplateValue) throws(TemplateError) -> TemplateIterator.Step {
    switch value {
    case .undefined: return { () throws(TemplateError) in nil }
    case .dictionary(let box): return try TemplateValue.view(.items, box).requiredStep()
    default: throw TemplateError(.type, "Can only get item pairs from a mapping.")
    }
  }

  private func batches(
    _ values: [TemplateValue],
    _ count: Int,
    _ fill: TemplateValue?
  ) throws(TemplateError) -> [TemplateValue] {
    var groups: [TemplateValue] = []
    var group: [TemplateValue] = []
    for value in values {
      if group.count == count {
        groups.append(try .makeList(group))
        group = []
      }
      group.append(value)
    }
    if !group.isEmpty {
      if let fill, group.count < count {
        try spend(elements: count)
        group += Array(repeating: fill, count: count - group.count)
      }
      groups.append(try .makeList(group))
    }
    return groups
  }

  private func slices(
    _ values: [TemplateValue],
    _ count: Int,
    _ fill: TemplateValue?
  ) throws(TemplateError) -> [TemplateValue] {
    guard count != 0 else {
      throw TemplateError(.division, "integer division or modulo by zero")
    }
    guard count > 0 else { return [] }
    try spend(elements: count)
    let length = values.count / count
    let longer = values.count % count
    var groups: [TemplateValue] = []
    var start = 0
    for index in 0..<count {
      let end = start + length + (index < longer ? 1 : 0)
      var group = Array(values[start..<end])
      if let fill, index >= longer { group.append(fill) }
      groups.append(try .makeList(group))
      start = end
    }
    return groups
  }

  func map(
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> TemplateValue {
    try generator(
      "sync_do_map",
      over: value,
      lazily { [self] () throws(TemplateError) in
        guard value.truth else { return { () throws(TemplateError) in nil } }
        let transform = try transform(arguments)
        let step = try value.requiredStep()
        return { () throws(TemplateError) in
          guard let element = try step() else { return nil }
          try self.spend(steps: 1)
          return try transform(element)
        }
      }
    )
  }

  private func transform(_ arguments: CallArguments) throws(TemplateError) -> Getter {
    if arguments.positional.isEmpty,
      let attribute = arguments.named.first(where: { $0.name == "attribute" })?.value
    {
      for (name, _) in arguments.named where name != "attribute" && name != "default" {
        throw TemplateError(.runtime, "Unexpected keyword argument \(PythonQuote.quoted(name))")
      }
      let standard = arguments.named.first { $0.name == "default" }?.value
      return try attributeGetter(attribute, standard: standard)
    }
    guard let first = arguments.positional.first else {
      throw TemplateError(.runtime, "map requires a filter argument")
    }
    let name = try text(of: first).string
    guard let filter = TemplateFilter(named: name), filter != .fromJSON else {
      throw TemplateError(.runtime, "No filter named \(PythonQuote.quoted(name)).")
    }
    var rest = arguments
    rest.positional.removeFirst()
    return { [self] value throws(TemplateError) in
      // A filter may name itself again, however deep.
      try enter()
      defer { leave() }
      return try apply(filter, value, rest)
    }
  }

  func select(
    _ filter: TemplateFilter,
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> TemplateValue {
    let isAttribute = filter == .selectattr || filter == .rejectattr
    let isWanted = filter == .select || filter == .selectattr
    return try generator(
      "select_or_reject",
      over: value,
      lazily { [self] () throws(TemplateError) in
        guard value.truth else { return { () throws(TemplateError) in nil } }
        let holds = try condition(arguments, isAttribute: isAttribute)
        let step = try value.requiredStep()
        return { () throws(TemplateError) in
          while let element = try step() {
            try self.spend(steps: 1)
            if try holds(element).truth == isWanted { return element }
          }
          return nil
        }
      }
    )
  }

  private func condition(
    _ arguments: CallArguments,
    isAttribute: Bool
  ) throws(TemplateError) -> Getter {
    var rest = arguments
    var getter: Getter = { value throws(TemplateError) in value }
    if isAttribute {
      guard let attribute = rest.positional.first else {
        throw TemplateError(.runtime, "Missing parameter for attribute name")
      }
      rest.positional.removeFirst()
      getter = try attributeGetter(attribute, standard: nil)
    }
    guard let first = rest.positional.first else { return getter }
    let name = try text(of: first).string
    guard let test = TemplateTest(named: name) else {
      throw TemplateError(.runtime, "No test named \(PythonQuote.quoted(name)).")
    }
    rest.positional.removeFirst()
    return { [self, getter] value throws(TemplateError) in
      .boolean(try holds(test, getter(value), rest))
    }
  }
}
