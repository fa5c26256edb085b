// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// How many columns and rows a terminal shows.
public struct WindowSize: Hashable, Sendable {
  /// The columns, at least 2.
  public var columns: Int
  /// The rows, at least 1.
  public var rows: Int

  // LIMIT: wider than any window; some systems answer with garbage.
  private static let limit = 2000

  /// Creates a size within what can be drawn on.
  public init(columns: Int, rows: Int) {
    self.columns = min(max(columns, 2), Self.limit)
    self.rows = min(max(rows, 1), Self.limit)
  }

  /// The size of a terminal that does not tell.
  public static let usual = WindowSize(columns: 80, rows: 24)

  /// Asks the system for the size of a terminal; nil where it does not know.
  public init?(of descriptor: Int32) {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
    else { return nil }
    self.init(columns: Int(size.ws_col), rows: Int(size.ws_row))
  }
}
