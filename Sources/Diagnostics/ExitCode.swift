// SPDX-License-Identifier: Apache-2.0

/// The exit codes of the command-line contract.
public enum ExitCode: Int32, Sendable, Hashable {
  /// The work is done.
  case success = 0
  /// A check failed.
  case checkFailed = 1
  /// The command was called wrongly.
  case usage = 64
  /// A file or a request holds bad data.
  case badData = 65
  /// An input does not exist.
  case noInput = 66
  /// A service or a resource is unavailable.
  case unavailable = 69
  /// The program itself is at fault.
  case internalError = 70
  /// An output cannot be created.
  case cannotCreate = 73
  /// Reading or writing failed.
  case inputOutput = 74
  /// It may work later.
  case tryAgain = 75
  /// Permission is missing.
  case notPermitted = 77
  /// The configuration asks for something that cannot be had here.
  case configuration = 78
  /// SIGINT ended the work.
  case interrupted = 130
  /// SIGTERM ended the work.
  case terminated = 143
}
