// SPDX-License-Identifier: Apache-2.0

/// The methods of Python's own types that templates may call.
enum ValueMethod: String, Sendable {
  case capitalize, casefold, center, count, encode, endswith, expandtabs, find, format, index,
    isalnum, isalpha, isascii, isdecimal, isdigit, isidentifier, islower, isnumeric, isprintable,
    isspace, istitle, isupper, join, ljust, lower, lstrip, partition, removeprefix, removesuffix,
    replace, rfind, rindex, rjust, rpartition, rsplit, rstrip, split, splitlines, startswith,
    strip, swapcase, title, upper, zfill
  case copy, get, items, keys, values
  case bitLength = "bit_length"
  case isInteger = "is_integer"
  case decode
  // These change their value, which the sandbox forbids.
  case append, clear, extend, insert, pop, popitem, remove, reverse, setdefault, sort, update

  private static let ofDictionaries: Set<ValueMethod> = [.copy, .get, .items, .keys, .values]
  private static let ofLists: Set<ValueMethod> = [.copy, .count, .index]
  private static let notOfTexts: Set<ValueMethod> = [
    .copy, .get, .items, .keys, .values, .bitLength, .isInteger, .decode, .append, .clear,
    .extend, .insert, .pop, .popitem, .remove, .reverse, .setdefault, .sort, .update,
  ]

  /// Whether a value has the method.
  static func exists(_ method: ValueMethod, on value: TemplateValue) -> Bool {
    switch value {
    case .text: !notOfTexts.contains(method)
    case .dictionary: ofDictionaries.contains(method)
    case .list: ofLists.contains(method)
    case .tuple, .range: method == .count || method == .index
    case .bytes: method == .decode
    case .integer, .boolean: method == .bitLength
    case .float: method == .isInteger
    default: false
    }
  }

  /// Whether the method would change the value.
  static func isMutating(_ method: ValueMethod, _ value: TemplateValue) -> Bool {
    switch (method, value) {
    case (.append, .list), (.clear, .list), (.extend, .list), (.insert, .list), (.pop, .list),
      (.remove, .list), (.reverse, .list), (.sort, .list), (.clear, .dictionary),
      (.pop, .dictionary), (.popitem, .dictionary), (.setdefault, .dictionary),
      (.update, .dictionary):
      true
    default: false
    }
  }
}

extension TemplateRun {
  /// Calls a method that the value has.
  func call(
    _ method: ValueMethod,
    on value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> TemplateValue {
    switch value {
    case .text(let text): return try call(method, on: text, arguments)
    case .dictionary(let box): return try call(method, on: box, value, arguments)
    case .list(let box), .tuple(let box):
      if method == .copy { return value }
      return try call(method, on: box.values, value, arguments)
    case .range: return try call(method, on: value.elements(), value, arguments)
    case .bytes(let bytes): return .data(String(decoding: bytes, as: UTF8.self))
    case .integer(let number, let origin):
      return .integer(Int128(128 - number.magnitude.leadingZeroBitCount), origin)
    case .boolean(let value): return .integer(value ? 1 : 0)
    case .float(let number, _):
      return .boolean(number.isFinite && number.rounded(.towardZero) == number)
    default: throw TemplateError(.type, "'\(value.typeName)' object is not callable")
    }
  }

  private func call(
    _ method: ValueMethod,
    on box: DictionaryBox,
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> TemplateValue {
    let names = method == .get ? ["key", "default"] : []
    let given = try arguments.bound(
      method.rawValue,
      names,
      required: method == .get ? 1 : 0,
      positionalOnly: true
    )
    switch method {
    case .get:
      guard let key = given[0] else { return .none }
      return try box.value(key) ?? given[1] ?? .none
    case .items: return .view(.items, box)
    case .keys: return .view(.keys, box)
    case .values: return .view(.values, box)
    default: return value
    }
  }

  private func call(
    _ method: ValueMethod,
    on values: [TemplateValue],
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> TemplateValue {
    let names = method == .count ? ["value"] : ["value", "start", "stop"]
    let given = try arguments.bound(method.rawValue, names, required: 1, positionalOnly: true)
    guard let sought = given[0] else { return .none }
    try spend(steps: values.count)
    if method == .count {
      var count = 0
      for value in values where try areEqual(value, sought) { count += 1 }
      return .integer(count)
    }
    let range = try stretch(given[1], given[2], values.count)
    for index in range where try areEqual(values[index], sought) { return .integer(index) }
    throw TemplateError(.value, "\(try text(of: sought).string) is not in \(value.typeName)")
  }

  /// The stretch that a method's `start` and `stop` mean.
  func stretch(
    _ start: TemplateValue?,
    _ stop: TemplateValue?,
    _ count: Int
  ) throws(TemplateError) -> Range<Int> {
    func bound(_ value: TemplateValue?, _ standard: Int) throws(TemplateError) -> Int {
      guard let value, !value.isNone else { return standard }
      let given = try integer(value)
      return given < 0 ? max(0, given &+ count) : min(given, count)
    }
    let lower = try bound(start, 0)
    return lower..<max(lower, try bound(stop, count))
  }

  /// An argument that must be an integer.
  func integer(_ value: TemplateValue) throws(TemplateError) -> Int {
    if case .undefined(let cause) = value { throw cause.error }
    guard case .integer(let number, _)? = value.number else {
      throw TemplateError(
        .type,
        "'\(value.typeName)' object cannot be interpreted as an integer"
      )
    }
    return Int(clamping: number)
  }
}
