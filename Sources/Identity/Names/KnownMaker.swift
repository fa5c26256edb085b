// SPDX-License-Identifier: Apache-2.0

/// A company that makes assistants, with the spellings of its name and of its models' names.
///
/// A spelling that ends in `~` is an ordinary word, too, and is a name only with a capital; one
/// that ends in `*` is also a person, a sign, an animal or a wind, and is no claim where somebody
/// plays a part. Letters are folded, so width, accents, spaces and hyphens need no spelling.
public struct KnownMaker: Sendable, Hashable {
  /// The company as reports name it.
  public var name: String
  /// The spellings of the company.
  public var makers: [String]
  /// The spellings of its models; the first is the one that reports name.
  public var models: [String]

  /// Creates an entry.
  public init(_ name: String, makers: [String] = [], models: [String] = []) {
    self.name = name
    self.makers = makers
    self.models = models
  }

  /// All companies that the guard knows.
  public static let all: [KnownMaker] = american + chinese + worldwide

  /// Reads a table: a line with a company's name, then lines `= spelling, …` of the company and
  /// lines `> spelling, …` of its models.
  public static func table(_ text: String) -> [KnownMaker] {
    var entries: [KnownMaker] = []
    for line in text.split(separator: "\n") {
      let spellings = line.dropFirst().split(separator: ",").map(trimmed)
      switch line.first {
      case "=": entries[entries.count - 1].makers += spellings
      case ">": entries[entries.count - 1].models += spellings
      default: entries.append(KnownMaker(trimmed(line)))
      }
    }
    return entries
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
