// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Diagnostics
import JSON
import Tokenization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Prints errors in the contract's form and ends with its exit codes.
enum ErrorReport {
  /// The three parts of an error, and how the command ends.
  struct Parts {
    var what: String
    var place: String?
    var remedy: String?
    var code: Int32
    /// The line of a template.
    var line: Int?

    init(_ error: any Error) {
      if let error = error as? any DiagnosableError {
        what = error.what
        place = error.place
        remedy = error.remedy
        code = error.exitCode.rawValue
        line = (error as? TemplateError)?.line
      } else {
        what = "\(error)"
        code = ExitCode.internalError.rawValue
      }
    }

    /// The contract's JSON object.
    var json: JSONText {
      var members: [(String, JSONText)] = [
        ("code", .integer(Int(code))), ("message", .string(what)),
        ("where", place.map(JSONText.string) ?? .null),
      ]
      if let line { members.append(("line", .integer(line))) }
      return .object([("error", .object(members))])
    }

    func print() {
      Output.errorLine("hadal: \(Self.line(what + (place.map { " (\($0))" } ?? "")))")
      if let remedy { Output.errorLine("  try: \(Self.line(remedy))") }
    }

    /// Text without what a terminal would obey: names come from files of strangers.
    private static func line(_ text: String) -> String {
      String(
        String.UnicodeScalarView(
          text.unicodeScalars.map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator:
              scalar == "\n" || scalar == "\t" ? " " : "\u{FFFD}"
            // What turns the direction of text around lets a line read other than it is.
            case .format where scalar.properties.isBidiControl: "\u{FFFD}"
            default: scalar
            }
          }
        )
      )
    }
  }

  /// Ends the process with an error, a request for help, or success.
  static func exit(with error: any Error, arguments: [String] = Arguments.given) -> Never {
    if let code = error as? ArgumentParser.ExitCode { Glibc.exit(code.rawValue) }
    if error is any DiagnosableError {
      let parts = Parts(error)
      parts.print()
      if arguments.contains("--json") { try? Output.json(parts.json) }
      Glibc.exit(parts.code)
    }
    let code = Hadal.exitCode(for: error)
    if code.isSuccess {
      let text = Hadal.fullMessage(for: error, columns: HelpText.unbroken)
      try? Output.line(HelpText.fitted(text, width: HelpText.width))
      Glibc.exit(0)
    }
    // The parser's own message, in the contract's form.
    let message = Hadal.message(for: error)
    let first = message.split(separator: "\n").first.map(String.init) ?? "wrong usage"
    Output.errorLine("hadal: \(first.prefix(1).lowercased() + first.dropFirst())")
    Output.errorLine("  try: \(helpCommand)")
    Glibc.exit(code == .validationFailure ? Diagnostics.ExitCode.usage.rawValue : code.rawValue)
  }

  private static var helpCommand: String {
    let names = Set(Hadal.configuration.subcommands.map { $0.configuration.commandName ?? "" })
    let command = Arguments.given.first { names.contains($0) }
    return (["hadal"] + (command.map { [$0] } ?? []) + ["--help"]).joined(separator: " ")
  }
}
