// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// What is wrong with a line of a phrase book.
public enum PhraseFault: Error, Hashable, Sendable {
  /// A brace is not closed.
  case unclosed
  /// A character that has a meaning stands where it has none.
  case unexpected(Character)
  /// Braces within braces within braces.
  case tooDeep(Int)
  /// A line before the first section.
  case outside
  /// A section that comes twice.
  case repeated(String)
  /// A section without a line.
  case empty(String)
  /// A section that nothing defines.
  case undefined(String, nearest: String?)
  /// Sections that refer to one another in a circle.
  case circular(String)
  /// Of a section's phrases, as many are held out as leave none on one side.
  case oneSided(String, held: Int, of: Int)
  /// A slot for a number that a kind's formula has not.
  case unfilled(String, section: String, kind: String)
  /// The bytes are no text.
  case notUTF8
  /// The file cannot be read.
  case unreadable(String, ExitCode)
}

/// A phrase book that cannot be used, with the line.
public struct PhraseError: DiagnosableError, Hashable, Sendable {
  /// What is wrong.
  public var fault: PhraseFault
  /// The file.
  public var file: String
  /// The line, from 1; nil for the whole file.
  public var line: Int?

  /// Creates an error.
  public init(_ fault: PhraseFault, file: String, line: Int? = nil) {
    self.fault = fault
    self.file = file
    self.line = line
  }

  /// What is wrong.
  public var what: String {
    switch fault {
    case .unclosed: "a brace is not closed"
    case .unexpected(let character): "'\(character)' stands where it has no meaning"
    case .tooDeep(let limit): "braces are nested more than \(limit) deep"
    case .outside: "a phrase stands before the first [section]"
    case .repeated(let name): "the section '\(name)' comes twice"
    case .empty(let name): "the section '\(name)' has no phrase"
    case .undefined(let name, _): "nothing defines the section '\(name)'"
    case .circular(let name): "the section '\(name)' refers to itself"
    case .oneSided(let name, let held, let count):
      "of the \(count) phrases of '\(name)' \(held) are held out, which leaves none on one side"
    case .unfilled(let slot, let section, let kind):
      "'$\(slot)' in the section '\(section)' is no number of the kind '\(kind)'"
    case .notUTF8: "the phrases are not UTF-8"
    case .unreadable(let detail, _): "the phrases cannot be read: \(detail)"
    }
  }

  /// The file and the line.
  public var place: String? { line.map { "\(file):\($0)" } ?? file }

  /// What to do about it.
  public var remedy: String? {
    switch fault {
    case .unexpected(let character) where "{}|$\\".contains(character):
      "a backslash before it makes it a character like others"
    case .oneSided: "more phrases, or another share of 'held_out: {phrasings}'"
    case .unfilled(let slot, _, _):
      slot.count == 1 ? "a formula with it, such as 'a + b - c'" : "a formula, such as 'a + b'"
    case .undefined(_, let nearest): nearest.map { "did you mean '\($0)'?" }
    default: nil
    }
  }

  /// 65, or that of reading.
  public var exitCode: ExitCode {
    if case .unreadable(_, let code) = fault { return code }
    return .badData
  }
}
