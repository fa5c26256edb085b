// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Why a server cannot listen.
public struct ServingError: DiagnosableError, Hashable {
  /// The port that was asked for.
  public let port: Int
  /// What the system said.
  public let errorCode: CInt

  /// Creates an error of a port.
  public init(port: Int, errorCode: CInt) {
    self.port = port
    self.errorCode = errorCode
  }

  /// What is wrong.
  public var what: String {
    switch errorCode {
    case EADDRINUSE: "the port is taken by another program"
    case EACCES: "this user may not listen on the port"
    default: "the port cannot be listened on: system error \(errorCode)"
    }
  }

  /// The port.
  public var place: String? { "port \(port)" }

  /// What to do about it.
  public var remedy: String? { "--port 0 takes a free one" }

  /// How a command ends.
  public var exitCode: ExitCode { errorCode == EACCES ? .notPermitted : .unavailable }
}
