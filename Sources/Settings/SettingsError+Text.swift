// SPDX-License-Identifier: Apache-2.0

package import Diagnostics
import YAML

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension SettingsError {
  /// What is wrong: found and expected.
  package var what: String {
    switch reason {
    case .missing: "the configuration file does not exist"
    case .notAFile: "the configuration is no file"
    case .system(let code): "the configuration file cannot be read: \(Self.text(of: code))"
    case .tooLong(let limit): "the configuration file is longer than \(limit) bytes"
    case .yaml(let error): Self.what(error)
    case .refused(let complaint, _):
      // The parser lists many values on lines of their own.
      complaint.prefix(1).lowercased() + complaint.dropFirst().prefix { !$0.isNewline }
    case .catalog(let problem): "the parser's list of options cannot be read: \(problem)"
    case .samePlace(let key, let other): "'\(key)' and '\(other)' set one option"
    case .unknownKey(let key, let command, _):
      "unknown key '\(key)': no option of \(command ?? "any command")"
    case .notSettable(let key): "'\(key)' cannot be set in a file"
    case .unfit(let key, let found, .boolean): "'\(key)' is \(found), but must be true or false"
    case .unfit(let key, let found, .value): "'\(key)' is \(found), but takes one value"
    case .unfit(let key, let found, .values):
      "'\(key)' is \(found), but takes a value or a list of values"
    case .notSection(let command):
      "'\(command)' is a command; its options stand below it, indented"
    }
  }

  /// What the reader can do about it.
  package var remedy: String? {
    switch reason {
    case .missing: "a path that exists; --config '' uses no file"
    case .notAFile: "the path of a YAML file"
    case .system: nil
    case .tooLong: Self.plainFile
    case .yaml(let error): Self.remedy(error)
    case .samePlace: "keep one of the two"
    case .unknownKey(_, let command, let nearest): nearest ?? "\(command ?? "hadal COMMAND") --help"
    case .notSettable: "give it on the command line"
    case .unfit(let key, _, .boolean): "\(key): true"
    case .unfit(let key, _, .value): "\(key): VALUE, or no such line"
    case .unfit(let key, _, .values): "\(key): [VALUE, VALUE], or no such line"
    case .notSection(let command): "\(command):"
    case .refused(_, let command): "\(command) --help"
    case .catalog: "--config '' uses no file"
    }
  }

  /// 66 for a file that is absent, 77 or 74 for one that cannot be read, else 78.
  package var exitCode: ExitCode {
    switch reason {
    case .missing: .noInput
    case .system(let code): code == EACCES || code == EPERM ? .notPermitted : .inputOutput
    case .catalog: .internalError
    case .yaml(let error): error.exitCode
    default: .configuration
    }
  }

  private static let plainFile = "a file of options and their values alone"

  /// What is wrong with the YAML, said of this file.
  private static func what(_ error: YAMLError) -> String {
    guard case .notUTF8(let offset) = error.reason else { return error.what }
    return "byte \(offset) of the configuration file is not valid UTF-8"
  }

  /// What can be done about the YAML, in words of options and commands.
  private static func remedy(_ error: YAMLError) -> String? {
    switch error.reason {
    case .tooManyAliases, .swollen, .tooDeep: plainFile
    case .notYAML: "key: value, one a line; commands as sections, indented by spaces"
    case .notUTF8, .tag, .duplicateKey: error.remedy
    }
  }

  /// What the system calls an error number.
  private static func text(of code: Int32) -> String {
    // SAFETY: strerror returns a terminated string; it is copied before anything else can run.
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }
}
