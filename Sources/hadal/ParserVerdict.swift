// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JSON
package import Settings

/// What the parser says of command lines, without running one.
package enum ParserVerdict {
  /// Parses a line and gives up the result.
  ///
  /// - Parameter arguments: The words after the program's name.
  /// - Returns: What the parser complains about, nil where it takes the line.
  package static func complaint(_ arguments: [String]) -> String? {
    do {
      _ = try Hadal.parseAsRoot(arguments)
      return nil
    } catch {
      return Hadal.message(for: error)
    }
  }

  /// All commands and their options, as the parser knows them.
  ///
  /// - Throws: `SettingsError` where the parser's own description cannot be read.
  package static func catalog() throws(SettingsError) -> CommandCatalog {
    // The parser answers with its description as with help: by an error.
    let description = complaint(["--experimental-dump-help"]) ?? ""
    do {
      return try CommandCatalog(json: description)
    } catch {
      throw SettingsError(.catalog(error.what), file: "hadal")
    }
  }
}
