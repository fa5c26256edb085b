// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import YAML

/// Reads the keys of one section of a recipe, each at most once; what is left at the end is unknown.
struct RecipeSection {
  let file: String
  /// What the section is called, nil for the whole file.
  let name: String?
  let position: YAMLPosition?
  private var entries: [YAMLEntry]
  private var asked: [String] = []

  init(_ entries: [YAMLEntry], name: String?, file: String, at position: YAMLPosition?) {
    self.entries = entries
    self.name = name
    self.file = file
    self.position = position
  }

  /// Takes a key's value; a key without one counts as absent.
  private mutating func take(_ key: String) -> (value: YAMLValue, at: YAMLPosition?)? {
    asked.append(key)
    guard let index = entries.firstIndex(where: { $0.key == key }) else { return nil }
    let entry = entries.remove(at: index)
    if case .scalar(let scalar) = entry.value, scalar.isNull { return nil }
    return (entry.value, entry.value.position ?? entry.position)
  }

  private func path(_ key: String) -> String { name.map { "\($0).\(key)" } ?? key }

  private func unfit(
    _ key: String,
    _ value: YAMLValue,
    _ expected: String,
    at position: YAMLPosition?
  ) -> RecipeError {
    let found =
      switch value {
      case .scalar(let scalar): scalar.shown
      case .list: "a list"
      case .section: "a section"
      }
    return RecipeError(
      .unfit(key: path(key), found: found, expected: expected),
      file: file,
      at: position
    )
  }

  /// A text.
  mutating func text(_ key: String) throws(RecipeError) -> String? {
    guard let (value, position) = take(key) else { return nil }
    guard case .scalar(let scalar) = value else {
      throw unfit(key, value, "a text", at: position)
    }
    return scalar.text
  }

  /// A whole number within bounds; underscores may part its digits.
  mutating func integer(
    _ key: String,
    in bounds: ClosedRange<Int> = 0...Int.max
  ) throws(RecipeError) -> Int? {
    guard let (value, position) = take(key) else { return nil }
    let expected =
      bounds.upperBound == .max
      ? "a whole number of \(bounds.lowerBound) or more"
      : "a whole number, \(bounds.lowerBound)…\(bounds.upperBound)"
    guard case .scalar(let scalar) = value,
      let number = Int(scalar.text.filter { $0 != "_" }), bounds.contains(number)
    else { throw unfit(key, value, expected, at: position) }
    return number
  }

  /// A finite number within bounds.
  mutating func number(
    _ key: String,
    in bounds: ClosedRange<Double>
  ) throws(RecipeError) -> Double? {
    guard let (value, position) = take(key) else { return nil }
    let expected =
      bounds.upperBound == .greatestFiniteMagnitude
      ? "a number of \(bounds.lowerBound) or more"
      : "a number, \(bounds.lowerBound)…\(bounds.upperBound)"
    guard case .scalar(let scalar) = value,
      let number = Double(scalar.text.filter { $0 != "_" }), bounds.contains(number)
    else { throw unfit(key, value, expected, at: position) }
    return number
  }

  /// True or false.
  mutating func flag(_ key: String) throws(RecipeError) -> Bool? {
    guard let (value, position) = take(key) else { return nil }
    guard case .scalar(let scalar) = value, let flag = Bool(scalar.text) else {
      throw unfit(key, value, "true or false", at: position)
    }
    return flag
  }

  /// One of a type's names.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String,
    of type: Choice.Type
  ) throws(RecipeError) -> Choice? {
    guard let (value, position) = take(key) else { return nil }
    let names = type.allCases.map(\.rawValue)
    guard case .scalar(let scalar) = value, let choice = Choice(rawValue: scalar.text) else {
      throw unfit(key, value, names.joined(separator: ", "), at: position)
    }
    return choice
  }

  /// A list of texts; a text alone counts as a list of one.
  mutating func texts(_ key: String) throws(RecipeError) -> [String]? {
    guard let (value, position) = take(key) else { return nil }
    let elements: [YAMLValue] = if case .list(let list, _) = value { list } else { [value] }
    var texts: [String] = []
    for element in elements {
      guard case .scalar(let scalar) = element else {
        throw unfit(key, value, "a list of texts", at: position)
      }
      texts.append(scalar.text)
    }
    return texts
  }

  /// Shares: numbers of 0 or more, at least one of them above.
  mutating func shares(_ key: String) throws(RecipeError) -> [Double]? {
    let place = entries.first { $0.key == key }?.value.position
    guard let texts = try texts(key) else { return nil }
    let shares = texts.map { Double($0) ?? -1 }
    guard shares.allSatisfy({ $0.isFinite && $0 >= 0 }), shares.contains(where: { $0 > 0 }) else {
      let found = texts.joined(separator: ", ")
      throw unfit(key, found: found, expected: "a list of shares", at: place)
    }
    return shares
  }

  /// Says that a value is not what it must be.
  func unfit(
    _ key: String,
    found: String,
    expected: String,
    at place: YAMLPosition? = nil
  ) -> RecipeError {
    RecipeError(
      .unfit(key: path(key), found: "'\(found)'", expected: expected),
      file: file,
      at: place ?? position
    )
  }

  /// A section of its own.
  mutating func section(_ key: String) throws(RecipeError) -> RecipeSection? {
    guard let (value, position) = take(key) else { return nil }
    guard case .section(let entries, _) = value else {
      throw unfit(key, value, "a section of keys", at: position)
    }
    return RecipeSection(entries, name: path(key), file: file, at: position)
  }

  /// A list of sections; one section counts as a list of one.
  mutating func sections(_ key: String) throws(RecipeError) -> [RecipeSection]? {
    guard let (value, position) = take(key) else { return nil }
    let elements: [YAMLValue] = if case .list(let list, _) = value { list } else { [value] }
    var sections: [RecipeSection] = []
    for element in elements {
      guard case .section(let entries, let place) = element else {
        throw unfit(key, value, "a list of sections", at: position)
      }
      sections.append(
        RecipeSection(entries, name: path(key), file: file, at: place ?? position)
      )
    }
    return sections
  }

  /// Whether a key is there.
  func has(_ key: String) -> Bool { entries.contains { $0.key == key } }

  /// Says that a key must be there, or is misspelled.
  func missing(_ key: String, example: String) -> RecipeError {
    for entry in entries where NearestName.of(entry.key, in: [key]) != nil {
      return RecipeError(
        .unknownKey(entry.key, section: name, nearest: key),
        file: file,
        at: entry.position
      )
    }
    return RecipeError(.missing(path(key), example: example), file: file, at: position)
  }

  /// Says that a number must be a power of two.
  func powerOfTwo(_ key: String, found: Int) -> RecipeError {
    let place = entries.first { $0.key == key }?.value.position ?? position
    return RecipeError(
      .unfit(key: path(key), found: "'\(found)'", expected: "a power of two"),
      file: file,
      at: place
    )
  }

  /// Says that two keys exclude each other.
  func together(_ first: String, _ second: String) -> RecipeError {
    let entry = entries.first { $0.key == second } ?? entries.first { $0.key == first }
    return RecipeError(.together(path(first), path(second)), file: file, at: entry?.position)
  }

  /// Refuses what nobody asked for.
  func finish() throws(RecipeError) {
    guard let entry = entries.first else { return }
    throw RecipeError(
      .unknownKey(
        entry.key,
        section: name,
        nearest: NearestName.of(entry.key, in: asked)
      ),
      file: file,
      at: entry.position
    )
  }
}
