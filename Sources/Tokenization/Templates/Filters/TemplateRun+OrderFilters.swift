// SPDX-License-Identifier: Apache-2.0

/// Filters that compare elements with one another.
extension TemplateRun {
  func applyOrdering(
    _ filter: TemplateFilter,
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> TemplateValue {
    switch filter {
    case .sort: return try sort(value, arguments)
    case .dictsort: return try sortMembers(value, arguments)
    case .groupby: return try group(value, arguments)
    case .unique: return try unique(value, arguments)
    case .sum: return try sum(value, arguments)
    default: return try extreme(filter, value, arguments)
    }
  }

  /// Sorts by keys, equal ones in their order (reversed or not).
  private func sorted(
    _ values: [TemplateValue],
    by key: Getter,
    isReversed: Bool = false
  ) throws(TemplateError) -> [TemplateValue] {
    var entries: [(key: TemplateValue, value: TemplateValue)] = []
    for value in values { entries.append((key: try key(value), value: value)) }
    if isReversed { entries.reverse() }
    try mergeSort(&entries)
    if isReversed { entries.reverse() }
    return entries.map(\.value)
  }

  private func mergeSort(
    _ entries: inout [(key: TemplateValue, value: TemplateValue)]
  ) throws(TemplateError) {
    var width = 1
    while width < entries.count {
      var merged: [(key: TemplateValue, value: TemplateValue)] = []
      merged.reserveCapacity(entries.count)
      for start in stride(from: 0, to: entries.count, by: 2 * width) {
        let middle = min(start + width, entries.count)
        let end = min(start + 2 * width, entries.count)
        var (left, right) = (start, middle)
        while left < middle, right < end {
          try spend(steps: 1)
          if try compare(.less, entries[right].key, entries[left].key) {
            merged.append(entries[right])
            right += 1
          } else {
            merged.append(entries[left])
            left += 1
          }
        }
        merged += entries[left..<middle]
        merged += entries[right..<end]
      }
      entries = merged
      width *= 2
    }
  }

  private func sort(
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> TemplateValue {
    let given = try arguments.bound("do_sort", ["reverse", "case_sensitive", "attribute"])
    let ignoresCase = !(given[1]?.truth ?? false)
    var getters: [Getter] = []
    if let names = given[2]?.text {
      for name in names.cut(at: names.indices(of: OriginText(",", .data)), length: 1) {
        getters.append(
          try attributeGetter(.text(name), standard: nil, ignoresCase: ignoresCase)
        )
      }
    } else {
      getters = [try attributeGetter(given[2], standard: nil, ignoresCase: ignoresCase)]
    }
    let values = try sorted(
      collected(value),
      by: { [getters] value throws(TemplateError) in
        var keys: [TemplateValue] = []
        for getter in getters { keys.append(try getter(value)) }
        return try .makeList(keys)
      },
      isReversed: given[0]?.truth ?? false
    )
    return try .makeList(values)
  }

  private func sortMembers(
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> TemplateValue {
    let given = try arguments.bound("do_dictsort", ["case_sensitive", "by", "reverse"])
    let place: Int
    switch given[1]?.text?.string ?? (given[1] == nil ? "key" : "") {
    case "key": place = 0
    case "value": place = 1
    default:
      throw TemplateError(.runtime, "You can only sort by either \"key\" or \"value\"")
    }
    if case .undefined(let cause) = value { throw cause.error }
    guard case .dictionary(let box) = value else {
      throw TemplateError(.undefined, "'\(value.typeName) object' has no attribute 'items'")
    }
    let ignoresCase = !(given[0]?.truth ?? false)
    let members = try sorted(
      collected(.view(.items, box)),
      by: { [self] member throws(TemplateError) in
        let key = try member.elements()[place]
        return ignoresCase ? try caseIgnored(key) : key
      },
      isReversed: given[2]?.truth ?? false
    )
    return try .makeList(members)
  }

  private func group(
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> TemplateValue {
    let given = try arguments.bound(
      "do_groupby",
      ["attribute", "default", "case_sensitive"],
      required: 1
    )
    let ignoresCase = !(given[2]?.truth ?? false)
    let key = try attributeGetter(given[0], standard: given[1], ignoresCase: ignoresCase)
    let name = try attributeGetter(given[0], standard: given[1])
    var groups: [TemplateValue] = []
    var members: [TemplateValue] = []
    var current: TemplateValue?
    func finish() throws(TemplateError) {
      guard let first = members.first else { return }
      groups.append(.object(try GroupObject(name(first), .makeList(members))))
      members = []
    }
    for value in try sorted(collected(value), by: key) {
      let next = try key(value)
      if let known = current, try !areEqual(known, next) { try finish() }
      current = next
      members.append(value)
    }
    try finish()
    return try .makeList(groups)
  }

  private func unique(
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> TemplateValue {
    let given = try arguments.bound("do_unique", ["case_sensitive", "attribute"])
    return try generator(
      "sync_do_unique",
      over: value,
      lazily { [self] () throws(TemplateError) in
        let getter = try attributeGetter(
          given[1],
          standard: nil,
          ignoresCase: !(given[0]?.truth ?? false)
        )
        var seen: Set<HashableValue> = []
        let step = try value.requiredStep()
        return { () throws(TemplateError) in
          while let element = try step() {
            try self.spend(steps: 1)
            if seen.insert(try HashableValue(getter(element))).inserted { return element }
          }
          return nil
        }
      }
    )
  }

  private func sum(
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> TemplateValue {
    let given = try arguments.bound("do_sum", ["attribute", "start"])
    let getter = try attributeGetter(given[0], standard: nil)
    var total = given[1] ?? .integer(0)
    guard total.text == nil else {
      throw TemplateError(.type, "sum() can't sum strings [use ''.join(seq) instead]")
    }
    let step = try value.requiredStep()
    while let element = try step() {
      total = try arithmetic(.add, total, getter(element))
    }
    return total
  }

  private func extreme(
    _ filter: TemplateFilter,
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> TemplateValue {
    let given = try arguments.bound("do_\(filter.rawValue)", ["case_sensitive", "attribute"])
    let getter = try attributeGetter(
      given[1],
      standard: nil,
      ignoresCase: !(given[0]?.truth ?? false)
    )
    let step = try value.requiredStep()
    guard var best = try step() else {
      return .undefined(UndefinedCause("No aggregated item, sequence was empty."))
    }
    var bestKey = try getter(best)
    while let element = try step() {
      try spend(steps: 1)
      let key = try getter(element)
      if try compare(filter == .max ? .greater : .less, key, bestKey) {
        (best, bestKey) = (element, key)
      }
    }
    return best
  }
}

/// A group of `groupby`: a pair with names.
final class GroupObject: TemplateObject {
  let pair: ListBox

  init(_ key: TemplateValue, _ members: TemplateValue) throws(TemplateError) {
    pair = try ListBox([key, members])
  }

  override var typeName: String { "_GroupTuple" }
  override var describedType: String { "jinja2.filters._GroupTuple object" }
  override var depth: Int { pair.depth }
  override var knownCount: Int? { 2 }

  override func attribute(_ name: String) -> TemplateValue? {
    switch name {
    case "grouper": pair.values[0]
    case "list": pair.values[1]
    default: nil
    }
  }

  override func item(_ key: TemplateValue) -> TemplateValue? {
    guard case .integer(let index, _)? = key.number, (-2..<2).contains(index) else { return nil }
    return pair.values[Int(index < 0 ? index + 2 : index)]
  }

  override func makeStep() -> TemplateIterator.Step? {
    try? TemplateValue.tuple(pair).makeStep()
  }
}
