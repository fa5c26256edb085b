// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A window of tmux without a person: its own server, which ends with it.
public final class TmuxWindow {
  private static let program = "/usr/bin/tmux"

  /// Whether there is a tmux to test with.
  public static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: program) }

  // Foundation hears of a child's end by a socket that the child holds. A server that tmux leaves
  // behind would hold it too, and the wait would never end.
  private static let closingLine = """
    for path in /proc/$$/fd/*; do
      number=${path##*/}
      if [ "$number" -gt 2 ]; then eval "exec $number>&-"; fi
    done
    exec "$0" "$@"
    """

  private let socket = "hadal-test-\(UInt64.random(in: 0 ... .max))"

  /// Opens a window in which a line of shell runs.
  public init(width: Int, height: Int, command: String) throws {
    try tmux("new-session", "-d", "-x", "\(width)", "-y", "\(height)", command)
    try tmux("set-option", "-g", "remain-on-exit", "on")
  }

  deinit { _ = try? tmux("kill-server") }

  /// Runs a command of tmux.
  ///
  /// - Returns: What it printed.
  @discardableResult
  public func tmux(_ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments =
      ["-c", Self.closingLine, Self.program, "-u", "-L", socket, "-f", "/dev/null"] + arguments
    process.environment = ["LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "TERM": "xterm-256color"]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }

  /// Types a text.
  public func type(_ text: String) throws { try tmux("send-keys", "-l", text) }

  /// Presses a key, by tmux's name of it.
  public func press(_ key: String) throws { try tmux("send-keys", key) }

  /// What the window shows, without the empty lines at its end.
  public var lines: [String] {
    get throws {
      var lines = try tmux("capture-pane", "-p").split(
        separator: "\n",
        omittingEmptySubsequences: false
      ).map(String.init)
      while lines.last?.isEmpty == true { lines.removeLast() }
      return lines
    }
  }

  /// The column and the row of the cursor.
  public var cursor: String {
    get throws {
      try tmux("display-message", "-p", "#{cursor_x},#{cursor_y}").filter { $0 != "\n" }
    }
  }

  /// Waits until the window shows something, for half a minute at most.
  ///
  /// - Returns: What it shows at last.
  public func waitForLines(_ isSo: ([String]) -> Bool) throws -> [String] {
    let start = ContinuousClock.now
    while true {
      let lines = try lines
      if isSo(lines) || start.duration(to: .now) > .seconds(30) { return lines }
      Thread.sleep(forTimeInterval: 0.02)
    }
  }
}
