// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Settings

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Writes the reference of all commands, from what the parser says of them.
///
/// `CommandReference page|manual VERSION < description` prints Markdown or a manual page; the
/// description is what `hadal --experimental-dump-help` prints.
@main
enum CommandReference {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    guard arguments.count == 2, let form = arguments.first, let version = arguments.last,
      form == "page" || form == "manual"
    else { end("usage: CommandReference page|manual VERSION < description", .usage) }
    var description = ""
    while let line = readLine(strippingNewline: false) { description += line }
    do {
      let catalog = try CommandCatalog(json: description)
      guard !catalog.root.commands.isEmpty else {
        end("the description names no command", .badData)
      }
      let text =
        form == "page"
        ? ReferencePage(catalog: catalog).text
        : ManualPage(catalog: catalog, version: version).text
      write(text, to: STDOUT_FILENO)
    } catch {
      end(error.description, .badData)
    }
  }

  private static func end(_ message: String, _ code: ExitCode) -> Never {
    write("CommandReference: \(message)\n", to: STDERR_FILENO)
    exit(code.rawValue)
  }

  private static func write(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let bytes = Array(rest)
      let count = unsafe Glibc.write(descriptor, bytes, bytes.count)
      guard count > 0 else { exit(ExitCode.inputOutput.rawValue) }
      rest = rest.dropFirst(count)
    }
  }
}
