// SPDX-License-Identifier: Apache-2.0

import Diagnostics
package import YAML

/// What is wrong with a configuration file, and where.
package struct SettingsError: DiagnosableError, Hashable {
  /// The kinds of fault.
  package enum Reason: Hashable, Sendable {
    /// The file that was named does not exist.
    case missing
    /// The path names a folder, a pipe or a device.
    case notAFile
    /// The system refused.
    case system(code: Int32)
    /// The file is longer than any configuration.
    case tooLong(limit: Int)
    /// The file is no file of keys and values.
    case yaml(YAMLError)

    /// Two keys set one option.
    case samePlace(key: String, other: String)
    /// A key is no option; of a command, where it stands in its section.
    case unknownKey(String, command: String?, nearest: String?)
    /// A key is an option that cannot have a default.
    case notSettable(String)
    /// A value is of another kind than its option.
    case unfit(String, found: String, expected: Expectation)
    /// A command's name stands before something that is no section.
    case notSection(String)

    /// The parser refuses a value.
    case refused(String, command: String)
    /// The parser's own description cannot be read.
    case catalog(String)
  }

  /// What an option takes.
  package enum Expectation: Hashable, Sendable {
    /// A flag: true or false.
    case boolean
    /// One value.
    case value
    /// One value or a list of them.
    case values
  }

  /// The kind of fault.
  package var reason: Reason
  /// The path of the file.
  package var file: String
  /// The place in the file, where one is concerned.
  package var position: YAMLPosition?

  /// Creates an error.
  package init(_ reason: Reason, file: String, at position: YAMLPosition? = nil) {
    self.reason = reason
    self.file = file
    self.position = position
  }

  /// Creates an error for a file that is none of keys and values.
  init(_ error: YAMLError) {
    self.init(.yaml(error), file: error.file, at: error.position)
  }

  /// The file, the line and the column.
  package var place: String? { position?.place(in: file) ?? file }
}
