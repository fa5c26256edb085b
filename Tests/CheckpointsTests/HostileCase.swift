// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import JSON
import TestSupport
import Testing

/// A broken or odd checkpoint of the oracles and what must become of it.
struct HostileCase: Sendable, CustomTestStringConvertible {
  let name: String
  let code: String

  var testDescription: String { name }

  var folder: String { (Oracles.folder ?? "") + "/checkpoints/hostile/" + name }

  /// The cases whose names start with one of the letters; empty where the oracles are absent.
  static func all(_ letters: String) -> [HostileCase] {
    guard let folder = Oracles.folder,
      let document = try? ConfigurationFile.read(folder + "/checkpoints/hostile/cases.json"),
      let elements = document.root.array
    else { return [] }
    return elements.compactMap { element in
      guard let name = element["name"]?.string, let code = element["code"]?.string,
        let letter = name.first, letters.contains(letter)
      else { return nil }
      return HostileCase(name: name, code: code)
    }
  }
}

/// The name of an enum case without its values.
func caseName(_ value: some Any) -> String {
  String(String(describing: value).prefix { $0 != "(" })
}
