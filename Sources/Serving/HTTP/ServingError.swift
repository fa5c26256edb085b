// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Why a server cannot listen.
public struct ServingError: DiagnosableError, Hashable {
  /// What was to be listened at.
  public let address: ListeningAddress
  /// What the system said.
  public let errorCode: CInt

  /// Creates an error of an address.
  public init(_ address: ListeningAddress, errorCode: CInt) {
    self.address = address
    self.errorCode = errorCode
  }

  /// What is wrong.
  public var what: String {
    switch (address, errorCode) {
    case (.network, EADDRINUSE): "the port is taken by another program"
    case (.network, EACCES): "this user may not listen on the port"
    case (.network, EADDRNOTAVAIL): "the address is none of this machine's"
    case (.network, _): "the port cannot be listened on: system error \(errorCode)"
    case (.socket, EADDRINUSE): "another server listens at the socket"
    case (.socket, EEXIST): "a file is there that is no socket"
    case (.socket, ENAMETOOLONG): "the path is longer than the system allows for a socket"
    case (.socket, _): "the socket cannot be made: system error \(errorCode)"
    }
  }

  /// The port, the host or the path.
  public var place: String? {
    switch address {
    case .network(let host, let port): errorCode == EADDRNOTAVAIL ? "host \(host)" : "port \(port)"
    case .socket(let path): path
    }
  }

  /// What to do about it.
  public var remedy: String? {
    switch address {
    case .network:
      errorCode == EADDRNOTAVAIL
        ? "0.0.0.0 for all addresses of this machine" : "--port 0 takes a free one"
    case .socket: "another path in a folder of yours"
    }
  }

  /// How a command ends.
  public var exitCode: ExitCode {
    switch (address, errorCode) {
    case (_, EACCES): .notPermitted
    case (.socket, EEXIST), (.socket, ENOENT), (.socket, ENAMETOOLONG): .cannotCreate
    default: .unavailable
    }
  }
}
