// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import JSON

/// Phrases by section, as `.phrases` files hold them: `[section]` and below it a pattern a line.
public struct PhraseBook: Sendable {
  /// A line of a section.
  struct Phrase: Sendable, Hashable {
    var pattern: PhrasePattern
    /// How often it comes beside the others.
    var weight: Double
    /// As it stands in its file.
    var line: String
    /// Where it stands, from 1.
    var number: Int

    /// The line without what typing changes: what a split of phrasings goes by.
    ///
    /// `$a-$b=` and `$a − $b = ?` are one way of asking, and so are `$a added to $b` and
    /// `$b added to $a`.
    var wording: String {
      line.lowercased().replacing("−", with: "-").replacing("$b", with: "$a")
        .replacing("$c", with: "$a").filter { !$0.isWhitespace && !"=?.!".contains($0) }
    }
  }

  /// A file that is read.
  public struct File: Sendable {
    /// Its name, for errors.
    public var name: String
    /// What it holds.
    public var bytes: [UInt8]

    /// Creates a file.
    public init(name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  /// A section and where it begins.
  struct Section: Sendable {
    var phrases: [Phrase] = []
    /// The weights' running sums.
    var ends: [Double] = []
    var file: String
    var line: Int

    mutating func append(_ phrase: Phrase) {
      phrases.append(phrase)
      ends.append((ends.last ?? 0) + phrase.weight)
    }
  }

  private(set) var sections: [String: Section] = [:]

  /// Reads files.
  ///
  /// - Parameter files: The files; their order plays no part.
  /// - Throws: `PhraseError` with the file and the line.
  public init(_ files: [File]) throws(PhraseError) {
    for file in files { try read(file) }
    for (name, section) in sections.sorted(by: { $0.key < $1.key }) {
      guard !section.phrases.isEmpty else {
        throw PhraseError(.empty(name), file: section.file, line: section.line)
      }
      try check(name, section)
    }
  }

  /// Whether there is a section.
  func has(_ name: String) -> Bool { sections[name] != nil }

  /// The section whose name is like another.
  func nearest(_ name: String) -> String? { NearestName.of(name, in: sections.keys.sorted()) }

  /// The section that a slot draws from: its name without the digit at its end.
  static func section(ofSlot slot: String) -> String {
    String(slot.reversed().drop { $0.isNumber }.reversed())
  }

  private mutating func read(_ file: File) throws(PhraseError) {
    guard UTF8Check.firstFault(in: file.bytes.span) == nil else {
      throw PhraseError(.notUTF8, file: file.name)
    }
    let text = String(decoding: file.bytes, as: UTF8.self)
    var current: String?
    var number = 0
    for line in text.split(
      omittingEmptySubsequences: false,
      whereSeparator: { $0 == "\n" || $0 == "\r\n" }
    ) {
      number += 1
      if line.isEmpty || line.hasPrefix("#") { continue }
      if line.hasPrefix("["), line.hasSuffix("]") {
        let name = String(line.dropFirst().dropLast())
        guard sections[name] == nil else {
          throw PhraseError(.repeated(name), file: file.name, line: number)
        }
        sections[name] = Section(file: file.name, line: number)
        current = name
        continue
      }
      guard let current else { throw PhraseError(.outside, file: file.name, line: number) }
      let phrase: Phrase
      do throws(PhraseFault) {
        phrase = try Self.phrase(line, number)
      } catch {
        throw PhraseError(error, file: file.name, line: number)
      }
      sections[current]?.append(phrase)
    }
  }

  /// Reads a line: a weight before `* ` where there is one, then the pattern.
  private static func phrase(_ line: Substring, _ number: Int) throws(PhraseFault) -> Phrase {
    let digits = line.prefix { $0.isASCII && $0.isNumber }
    let rest = line.dropFirst(digits.count)
    if let weight = Double(digits), weight > 0, rest.hasPrefix("* ") {
      let own = rest.dropFirst(2)
      let pattern = try PhrasePattern(own)
      return Phrase(pattern: pattern, weight: weight, line: String(own), number: number)
    }
    let pattern = try PhrasePattern(line)
    return Phrase(pattern: pattern, weight: 1, line: String(line), number: number)
  }

  /// Says what a section refers to that is not there, or that leads back to it.
  private func check(_ name: String, _ section: Section) throws(PhraseError) {
    for phrase in section.phrases {
      for other in Self.sections(of: phrase.pattern) where sections[other] == nil {
        let fault = PhraseFault.undefined(other, nearest: nearest(other))
        throw PhraseError(fault, file: section.file, line: phrase.number)
      }
    }
    var seen: Set<String> = []
    if reaches(name, from: name, seen: &seen) {
      throw PhraseError(.circular(name), file: section.file, line: section.line)
    }
  }

  /// The slots for an exercise's numbers that a section's texts name, also through others.
  func exerciseSlots(of name: String) -> Set<String> {
    var (slots, seen, rest): (Set<String>, Set<String>, [String]) = ([], [name], [name])
    while let next = rest.popLast() {
      for phrase in sections[next]?.phrases ?? [] {
        phrase.pattern.visit { part in
          if case .slot(let slot) = part { slots.insert(slot) }
        }
        rest += Self.sections(of: phrase.pattern).filter { seen.insert($0).inserted }
      }
    }
    return slots.intersection(PhraseFiller.exerciseSlots)
  }

  private func reaches(_ goal: String, from name: String, seen: inout Set<String>) -> Bool {
    for phrase in sections[name]?.phrases ?? [] {
      for next in Self.sections(of: phrase.pattern) {
        if next == goal { return true }
        if seen.insert(next).inserted, reaches(goal, from: next, seen: &seen) { return true }
      }
    }
    return false
  }

  /// The sections that a pattern draws from, in order.
  private static func sections(of pattern: PhrasePattern) -> [String] {
    var names: [String] = []
    pattern.visit { part in
      switch part {
      case .reference(let name): names.append(name)
      case .slot(let slot) where !PhraseFiller.isNumber(slot): names.append(section(ofSlot: slot))
      default: break
      }
    }
    return names
  }
}
