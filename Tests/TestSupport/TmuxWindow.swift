// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A window of tmux without a person: its own server, which ends with it.
public final class TmuxWindow {
  private static let program = "/usr/bin/tmux"

  /// Closes what was inherited: tmux's server outlives its client, and Foundation takes a process for
  /// running while anybody holds the descriptor that it hands down.
  private static let starting = """
    for f in /proc/self/fd/*; do n=${f##*/}; [ "$n" -gt 2 ] && eval "exec $n>&-"; done; exec "$0" "$@"
    """

  /// Whether there is a tmux to test with.
  public static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: program) }

  private var server = ""
  private let socket = "hadal-test-\(UInt64.random(in: 0 ... .max))"

  /// Opens a window in which a line of shell runs.
  public init(width: Int, height: Int, command: String) throws {
    try tmux("new-session", "-d", "-x", "\(width)", "-y", "\(height)", command)
    try tmux("set-option", "-g", "remain-on-exit", "on")
    server = try tmux("display-message", "-p", "#{pid}").filter(\.isNumber)
  }

  deinit { close() }

  /// Closes the window, as a person does who clicks it away.
  ///
  /// By SIGKILL: Foundation starts processes with signals blocked, and tmux leaves them so.
  public func close() {
    guard let server = Int32(server) else { return }
    kill(server, SIGKILL)
    self.server = ""
  }

  /// Runs a command of tmux.
  ///
  /// - Returns: What it printed.
  @discardableResult
  public func tmux(_ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments =
      ["-c", Self.starting, Self.program, "-u", "-L", socket, "-f", "/dev/null"] + arguments
    process.environment = ["LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "TERM": "xterm-256color"]
    // A file and no pipe: tmux's server outlives its client and holds on to every pipe that another
    // test opened in the meantime, whose end would never come.
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("hadal-tmux-\(UInt64.random(in: 0 ... .max))")
    _ = FileManager.default.createFile(atPath: file.path, contents: nil)
    defer { try? FileManager.default.removeItem(at: file) }
    process.standardOutput = try FileHandle(forWritingTo: file)
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let output = try Data(contentsOf: file)
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
