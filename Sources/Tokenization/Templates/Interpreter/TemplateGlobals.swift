// SPDX-License-Identifier: Apache-2.0

/// The functions that every template may call.
enum TemplateGlobals {
  /// The function of a name; nil where there is none.
  static func value(_ name: String) -> TemplateValue? {
    switch name {
    case "range": function("safe_range", range)
    case "dict": function(name, isClass: true, dictionary)
    case "namespace": function("jinja2.utils.Namespace", isClass: true, namespace)
    case "cycler":
      function("jinja2.utils.Cycler", isClass: true) { arguments, _ throws(TemplateError) in
        .object(try CyclerObject(arguments.positional))
      }
    case "joiner": function("jinja2.utils.Joiner", isClass: true, joiner)
    case "raise_exception": function(name, raise)
    case "strftime_now": function(name, formattedTime)
    case "lipsum":
      function(name) { _, _ throws(TemplateError) in
        throw TemplateError(.runtime, "lipsum() writes random text, which no prompt can use")
      }
    default: nil
    }
  }

  private static func function(
    _ name: String,
    isClass: Bool = false,
    _ body: @escaping FunctionObject.Body
  ) -> TemplateValue {
    .object(FunctionObject(name, isClass: isClass, body))
  }

  private static func range(
    _ arguments: CallArguments,
    _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    let values = arguments.positional
    guard (1...3).contains(values.count), arguments.named.isEmpty else {
      throw TemplateError(
        .type,
        "range expected 1 to 3 arguments, got \(arguments.count)"
      )
    }
    var numbers: [Int] = []
    for value in values {
      let number = try run.integer(value)
      // Beyond these no two bounds could be told apart by a range that may be walked.
      numbers.append(min(max(number, -(1 << 62)), 1 << 62))
    }
    let step = numbers.count == 3 ? numbers[2] : 1
    guard step != 0 else { throw TemplateError(.value, "range() arg 3 must not be zero") }
    let start = numbers.count > 1 ? numbers[0] : 0
    let stop = numbers.count > 1 ? numbers[1] : numbers[0]
    let (distance, isOverflow) = stop.subtractingReportingOverflow(start)
    let isShort = !isOverflow && abs(distance / step) <= RangeValue.countLimit
    let range = RangeValue(start: start, stop: stop, step: step)
    guard (step > 0) != (distance > 0) || (isShort && range.count <= RangeValue.countLimit) else {
      throw TemplateError(
        .overflow,
        "Range too big. The sandbox blocks ranges larger than MAX_RANGE "
          + "(\(RangeValue.countLimit))."
      )
    }
    return .range(range)
  }

  /// The members of a mapping or of pairs, with the named arguments behind them.
  private static func members(
    _ arguments: CallArguments,
    _ function: String
  ) throws(TemplateError) -> [(TemplateValue, TemplateValue)] {
    guard arguments.positional.count <= 1 else {
      throw TemplateError(
        .type,
        "\(function) expected at most 1 argument, got \(arguments.positional.count)"
      )
    }
    var members: [(TemplateValue, TemplateValue)] = []
    switch arguments.positional.first {
    case nil: break
    case .dictionary(let box): members = Array(zip(box.keys, box.values))
    case let value?:
      for pair in try value.elements() {
        let parts = try pair.elements()
        guard parts.count == 2 else {
          throw TemplateError(
            .value,
            "dictionary update sequence element #\(members.count) has length \(parts.count); "
              + "2 is required"
          )
        }
        members.append((parts[0], parts[1]))
      }
    }
    for (name, value) in arguments.named {
      members.append((.text(OriginText(name, .template)), value))
    }
    return members
  }

  private static func dictionary(
    _ arguments: CallArguments,
    _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    let members = try members(arguments, "dict")
    try run.spend(elements: 2 * members.count)
    return .dictionary(try DictionaryBox(members))
  }

  private static func namespace(
    _ arguments: CallArguments,
    _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    let namespace = run.makeNamespace()
    for (key, value) in try members(arguments, "namespace") {
      try namespace.set(try run.text(of: key).string, value)
    }
    return .object(namespace)
  }

  private static func joiner(
    _ arguments: CallArguments,
    _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    let given = try arguments.bound("joiner", ["sep"])
    let separator = given[0] ?? .text(OriginText(", ", .data))
    var isUsed = false
    return .object(
      FunctionObject("joiner", owner: "Joiner", depth: separator.depth) {
        _,
        _ throws(TemplateError) in
        defer { isUsed = true }
        return isUsed ? separator : .text(OriginText())
      }
    )
  }

  private static func raise(
    _ arguments: CallArguments,
    _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    let given = try arguments.bound("raise_exception", ["message"], required: 1)
    throw TemplateError(.raised, try run.text(of: given[0] ?? .none).string)
  }

  private static func formattedTime(
    _ arguments: CallArguments,
    _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    let given = try arguments.bound("strftime_now", ["format"], required: 1)
    let format = try run.requiredText(given[0], "strftime()")
    // No part of a time is longer than this.
    try run.spend(scalars: TemplateRun.product(format.count, 16))
    return .text(run.time.formatted(format))
  }
}

/// What `cycler()` makes.
final class CyclerObject: TemplateObject {
  private let values: [TemplateValue]
  private var index = 0
  private let nesting: Int

  init(_ values: [TemplateValue]) throws(TemplateError) {
    guard !values.isEmpty else {
      throw TemplateError(.runtime, "at least one item has to be provided")
    }
    self.values = values
    nesting = try ListBox.depth(over: values)
  }

  override var typeName: String { "Cycler" }
  override var describedType: String { "jinja2.utils.Cycler object" }
  override var depth: Int { nesting }
  override var description: String { "<jinja2.utils.Cycler object at 0xADDR>" }

  override func attribute(_ name: String) -> TemplateValue? {
    switch name {
    case "current": values[index]
    case "pos": .integer(index)
    case "items": try? .makeTuple(values)
    case "next", "__next__":
      .object(
        FunctionObject(name, owner: typeName, depth: nesting) { [self] _, _ throws(TemplateError) in
          defer { index = (index + 1) % values.count }
          return values[index]
        }
      )
    case "reset":
      .object(
        FunctionObject(name, owner: typeName, depth: nesting) { [self] _, _ throws(TemplateError) in
          index = 0
          return .none
        }
      )
    default: nil
    }
  }
}
