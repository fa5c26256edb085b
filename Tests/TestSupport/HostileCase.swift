// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import JSON
public import Testing

/// A broken or odd checkpoint of the oracles and what must become of it.
public struct HostileCase: Sendable, CustomTestStringConvertible {
  /// The folder's name.
  public let name: String
  /// What is wrong with it.
  public let code: String
  /// Whether it is odd but must load.
  public let isValid: Bool

  /// The name.
  public var testDescription: String { name }

  /// The folder.
  public var folder: String { (Oracles.folder ?? "") + "/checkpoints/hostile/" + name }

  /// The cases whose names start with one of the letters; empty where the oracles are absent.
  public static func all(_ letters: String) -> [HostileCase] {
    guard let folder = Oracles.folder,
      let document = try? ConfigurationFile.read(folder + "/checkpoints/hostile/cases.json"),
      let elements = document.root.array
    else { return [] }
    return elements.compactMap { element in
      guard let name = element["name"]?.string, let code = element["code"]?.string,
        let letter = name.first, letters.contains(letter)
      else { return nil }
      return HostileCase(name: name, code: code, isValid: element["expect"]?.string == "load")
    }
  }

  /// The name of an enum case without its values.
  public static func code(of value: some Any) -> String {
    String(String(describing: value).prefix { $0 != "(" })
  }
}
