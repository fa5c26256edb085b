// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What can be done with what a program reads from and writes to.
public struct TerminalCapabilities: Hashable, Sendable {
  /// Whether a person sits at the input: prompts are welcome.
  public var inputIsTerminal: Bool
  /// Whether a person looks at the output: it is made safe, and broken into rows.
  public var outputIsTerminal: Bool
  /// Whether the output understands commands such as moving the cursor.
  public var hasCommands: Bool
  /// Whether styles are wanted.
  public var hasColor: Bool
  /// Whether the terminal breaks its rows anew when it gets narrower.
  public var reflows: Bool
  /// Whether blocks and other signs beyond ASCII can be expected in its font.
  public var hasBlockCharacters: Bool
  /// How it counts columns, as far as its name tells.
  public var widthRules: WidthRules

  /// Whether a text can be edited: else whole lines are read.
  public var canEdit: Bool { inputIsTerminal && outputIsTerminal && hasCommands }

  /// Finds out what the environment tells.
  ///
  /// - Parameters:
  ///   - inputIsTerminal: Whether the input is a terminal.
  ///   - outputIsTerminal: Whether the output is one.
  ///   - environment: The value of a variable, nil where it is not set.
  public init(
    inputIsTerminal: Bool,
    outputIsTerminal: Bool,
    environment: (String) -> String?
  ) {
    let name = environment("TERM") ?? ""
    self.inputIsTerminal = inputIsTerminal
    self.outputIsTerminal = outputIsTerminal
    hasCommands = outputIsTerminal && name != "" && name != "dumb" && name != "unknown"
    // no-color.org: set and not empty, whatever its value.
    hasColor = hasCommands && (environment("NO_COLOR") ?? "").isEmpty
    let isConsole = name == "linux"
    // xterm itself and the console cut rows instead.
    reflows = !isConsole && (environment("XTERM_VERSION") == nil || environment("TMUX") != nil)
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap(environment).first { !$0.isEmpty }
    // Without a word about it, terminals of today take UTF-8.
    let hasOtherCharset =
      locale?.contains(".") == true && locale?.uppercased().contains("UTF") == false
    hasBlockCharacters = hasCommands && !isConsole && !hasOtherCharset
    widthRules = WidthRules(environment: environment)
  }

  /// Finds out what two descriptors of this process can do.
  public init(input: Int32, output: Int32) {
    self.init(
      inputIsTerminal: isatty(input) == 1,
      outputIsTerminal: isatty(output) == 1,
      environment: Self.variable
    )
  }

  private static func variable(_ name: String) -> String? {
    // SAFETY: getenv returns a terminated string or nothing; it is copied at once.
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }
}
