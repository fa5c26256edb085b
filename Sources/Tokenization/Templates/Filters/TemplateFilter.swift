// SPDX-License-Identifier: Apache-2.0

/// The filters of Jinja2 3.1.
enum TemplateFilter: String, Sendable {
  case abs, attr, batch, capitalize, center
  case standard = "default"
  case dictsort, escape, filesizeformat, first, float, forceescape, format, groupby, indent, int,
    items, join, last, length, list, lower, map, max, min, pprint, random, reject, rejectattr,
    replace, reverse, round, safe, select, selectattr, slice, sort, string, striptags, sum, title,
    tojson, trim, truncate, unique, upper, urlencode, wordcount, wordwrap, xmlattr
  /// A filter of other engines that published templates use behind tests. As in the environment of
  /// transformers it is absent, and the template fails where it comes to it.
  case fromJSON = "from_json"

  /// The filter of a name; nil for a name that no template may use.
  init?(named name: String) {
    switch name {
    case "count": self = .length
    case "d": self = .standard
    case "e": self = .escape
    default:
      guard let filter = TemplateFilter(rawValue: name) else { return nil }
      self = filter
    }
  }
}

extension TemplateRun {
  /// What a filter makes of a value.
  func apply(
    _ filter: TemplateFilter,
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> TemplateValue {
    switch filter {
    case .fromJSON: throw TemplateError(.runtime, "No filter named 'from_json' found.")
    case .standard:
      let given = try arguments.bound("do_default", ["default_value", "boolean"])
      let isReplaced = value.isUndefined || ((given[1]?.truth ?? false) && !value.truth)
      return isReplaced ? given[0] ?? .text(OriginText()) : value
    case .tojson: return .text(try json(value, arguments))
    case .abs, .float, .int, .round, .filesizeformat:
      return try applyNumeric(filter, value, arguments)
    case .attr:
      let given = try arguments.bound("do_attr", ["name"], required: 1)
      return try pureAttribute(value, requiredText(given[0], "attr()").string)
    case .length: return .integer(try length(value))
    case .list: return try .makeList(collected(value))
    case .join: return .text(try join(value, arguments))
    case .first, .last, .random: return try pick(filter, value)
    case .reverse: return try reversed(value)
    case .sort, .dictsort, .groupby, .unique, .max, .min, .sum:
      return try applyOrdering(filter, value, arguments)
    case .batch, .slice, .items: return try applyGrouping(filter, value, arguments)
    case .map: return try map(value, arguments)
    case .select, .reject, .selectattr, .rejectattr: return try select(filter, value, arguments)
    case .truncate, .wordwrap, .indent: return .text(try applyLayout(filter, value, arguments))
    case .escape, .forceescape, .safe, .striptags, .urlencode, .xmlattr:
      return .text(try applyMarkup(filter, value, arguments))
    default: return try applyText(filter, value, arguments)
    }
  }

  /// All elements of a value, counted toward what a render may build.
  func collected(_ value: TemplateValue) throws(TemplateError) -> [TemplateValue] {
    if let count = value.knownCount { try spend(elements: count) }
    guard case .iterator = value else { return try value.elements() }
    let step = try value.requiredStep()
    var values: [TemplateValue] = []
    while let value = try step() {
      try spend(elements: 1)
      values.append(value)
    }
    return values
  }

  func length(_ value: TemplateValue) throws(TemplateError) -> Int {
    if case .object(let object) = value, let loop = object as? LoopObject,
      case .integer(let count, _)? = try loop.part("length")
    {
      return Int(clamping: count)
    }
    guard let count = value.knownCount else {
      throw TemplateError(.type, "object of type '\(value.typeName)' has no len()")
    }
    return count
  }
}
