// SPDX-License-Identifier: Apache-2.0

/// Attributes, elements and slices, as the immutable sandbox of Jinja2 gives them.
extension TemplateRun {
  /// What `value.name` gives.
  func attribute(
    _ value: TemplateValue,
    _ attribute: AttributeName
  ) throws(TemplateError) -> TemplateValue {
    if case .undefined(let cause) = value { throw cause.error }
    if let found = ownAttribute(value, attribute) { return found }
    switch value {
    case .dictionary(let box):
      if let member = box.value(attribute.text) { return member }
    case .object(let object):
      if let member = object.item(.text(attribute.text)) { return member }
    default: break
    }
    return missingAttribute(value, attribute.name)
  }

  /// What `value['name']` gives where there is no such element.
  private func ownAttribute(_ value: TemplateValue, _ attribute: AttributeName) -> TemplateValue? {
    let name = attribute.name
    if case .object(let object) = value, !name.hasPrefix("_"),
      let found = object.attribute(name)
    {
      return found
    }
    if name.hasPrefix("_") {
      // Whatever Python keeps behind such a name is closed to templates.
      guard PythonAttributes.isInternal(name) else { return nil }
      return .undefined(unsafeAttribute(value, name))
    }
    if let number = value.number, let part = PythonAttributes.part(of: number, name) {
      return part
    }
    guard let method = attribute.method else { return nil }
    if ValueMethod.isMutating(method, value) {
      return .undefined(unsafeAttribute(value, name))
    }
    guard ValueMethod.exists(method, on: value) else { return nil }
    return .object(
      FunctionObject(name, owner: value.typeName, depth: value.depth) {
        (arguments, run) throws(TemplateError) in
        try run.call(method, on: value, arguments)
      }
    )
  }

  private func unsafeAttribute(_ value: TemplateValue, _ name: String) -> UndefinedCause {
    let type = value.typeName
    return UndefinedCause(
      kind: .security,
      "access to attribute \(PythonQuote.quoted(name)) of '\(type)' object is unsafe."
    )
  }

  private func missingAttribute(_ value: TemplateValue, _ name: String) -> TemplateValue {
    .undefined(
      UndefinedCause("'\(Self.describedType(value))' has no attribute \(PythonQuote.quoted(name))")
    )
  }

  static func describedType(_ value: TemplateValue) -> String {
    switch value {
    case .none: "None"
    case .object(let object): object.describedType
    default: "\(value.typeName) object"
    }
  }

  /// What `value|attr(name)` gives: the attribute, never the element.
  func pureAttribute(
    _ value: TemplateValue,
    _ name: String
  ) throws(TemplateError) -> TemplateValue {
    if case .undefined(let cause) = value { throw cause.error }
    return ownAttribute(value, AttributeName(name)) ?? missingAttribute(value, name)
  }

  /// What `value[key]` gives.
  func item(
    _ value: TemplateValue,
    _ key: TemplateValue
  ) throws(TemplateError) -> TemplateValue {
    switch value {
    case .undefined(let cause): throw cause.error
    case .dictionary(let box):
      do {
        if let member = try box.value(key) { return member }
      } catch {
        // A key that cannot be one is only not there.
        if error.kind != .type { throw error }
      }
    case .list(let box), .tuple(let box):
      if let index = Self.index(key, box.values.count) { return box.values[index] }
    case .text(let text):
      if let index = Self.index(key, text.count) { return .text(text.scalarText(at: index)) }
    case .bytes(let bytes):
      if let index = Self.index(key, bytes.count) { return .integer(Int(bytes[index])) }
    case .range(let range):
      if let index = Self.index(key, range.count) { return range[index] }
    case .object(let object):
      if let member = object.item(key) { return member }
    default: break
    }
    if case .text(let name) = key {
      let attribute = AttributeName(name.string)
      return ownAttribute(value, attribute) ?? missingAttribute(value, attribute.name)
    }
    let shown = try representation(of: key).string
    return .undefined(UndefinedCause("\(Self.describedType(value)) has no element \(shown)"))
  }

  /// The index that a key means; nil where it is none or lies outside.
  private static func index(_ key: TemplateValue, _ count: Int) -> Int? {
    guard case .integer(let given, _)? = key.number, let given = Int(exactly: given) else {
      return nil
    }
    let index = given < 0 ? given + count : given
    return (0..<count).contains(index) ? index : nil
  }

  // MARK: Slices

  /// What `value[start:stop:step]` gives.
  func slice(
    _ value: TemplateValue,
    _ start: TemplateValue,
    _ stop: TemplateValue,
    _ step: TemplateValue
  ) throws(TemplateError) -> TemplateValue {
    switch value {
    case .undefined(let cause): throw cause.error
    case .list(let box):
      let indices = try sliceIndices(box.values.count, start, stop, step)
      return try .makeList(indices.map { box.values[$0] })
    case .tuple(let box):
      let indices = try sliceIndices(box.values.count, start, stop, step)
      return try .makeTuple(indices.map { box.values[$0] })
    case .text(let text): return .text(try slice(text, start, stop, step))
    case .range(let range):
      let indices = try sliceIndices(range.count, start, stop, step)
      return .range(
        RangeValue(
          start: range.start + indices.start * range.step,
          stop: range.start + indices.stop * range.step,
          step: range.step &* indices.step
        )
      )
    case .dictionary: throw TemplateError(.type, "unhashable type: 'slice'")
    case .bytes(let bytes):
      let indices = try sliceIndices(bytes.count, start, stop, step)
      return .bytes(indices.map { bytes[$0] })
    default:
      throw TemplateError(.type, "'\(value.typeName)' object is not subscriptable")
    }
  }

  private func slice(
    _ text: OriginText,
    _ start: TemplateValue,
    _ stop: TemplateValue,
    _ step: TemplateValue
  ) throws(TemplateError) -> OriginText {
    let indices = try sliceIndices(text.count, start, stop, step)
    if indices.step == 1 { return text[indices.start..<max(indices.start, indices.stop)] }
    var result = OriginText()
    result.isMarkup = text.isMarkup
    for index in indices { result.append(text.scalars[index], text.origin(at: index)) }
    return result
  }

  private func sliceIndices(
    _ count: Int,
    _ start: TemplateValue,
    _ stop: TemplateValue,
    _ step: TemplateValue
  ) throws(TemplateError) -> SliceIndices {
    let step = try Self.bound(step) ?? 1
    guard step != 0 else { throw TemplateError(.value, "slice step cannot be zero") }
    // Indices as CPython's `PySlice_AdjustIndices` has them.
    let (low, high) = step > 0 ? (0, count) : (-1, count - 1)
    func clamped(_ bound: Int?, _ standard: Int) -> Int {
      guard let bound else { return standard }
      if bound < 0 { return bound < -count ? low : max(bound + count, low) }
      return min(bound, high)
    }
    let result = SliceIndices(
      start: clamped(try Self.bound(start), step > 0 ? low : high),
      stop: clamped(try Self.bound(stop), step > 0 ? high : low),
      step: step
    )
    try spend(elements: result.count / 8 + 1)
    return result
  }

  private static func bound(_ value: TemplateValue) throws(TemplateError) -> Int? {
    if value.isNone { return nil }
    guard case .integer(let value, _)? = value.number else {
      throw TemplateError(
        .type,
        "slice indices must be integers or None or have an __index__ method"
      )
    }
    // A step of the least integer has no opposite.
    return max(Int(clamping: value), -Int.max)
  }
}

/// The indices of a slice, in order.
struct SliceIndices: Sequence {
  var start: Int
  var stop: Int
  var step: Int

  var count: Int {
    if step > 0 { return stop > start ? (stop - start - 1) / step + 1 : 0 }
    return start > stop ? (start - stop - 1) / -step + 1 : 0
  }

  func makeIterator() -> some IteratorProtocol<Int> {
    (0..<count).lazy.map { start + $0 * step }.makeIterator()
  }
}

/// What Python's own types have behind names that templates may ask for.
enum PythonAttributes {
  /// Whether every Python value, or its type, has something of this name.
  static func isInternal(_ name: String) -> Bool {
    name.hasPrefix("__") && name.hasSuffix("__") && internalNames.contains(name)
  }

  private static let internalNames: Set<String> = [
    "__class__", "__init__", "__new__", "__doc__", "__dir__", "__eq__", "__ne__", "__lt__",
    "__le__", "__gt__", "__ge__", "__hash__", "__repr__", "__str__", "__format__",
    "__getattribute__", "__setattr__", "__delattr__", "__reduce__", "__reduce_ex__",
    "__sizeof__", "__subclasshook__", "__init_subclass__", "__getstate__",
  ]

  static func part(of number: PythonOperand, _ name: String) -> TemplateValue? {
    switch (name, number) {
    case ("real", .integer(let value, let origin)), ("numerator", .integer(let value, let origin)):
      .integer(value, origin)
    case ("real", .float(let value, let origin)): .float(value, origin)
    case ("imag", .integer(_, let origin)): .integer(0, origin)
    case ("imag", .float(_, let origin)): .float(0, origin)
    case ("denominator", .integer(_, let origin)): .integer(1, origin)
    default: nil
    }
  }
}
