// SPDX-License-Identifier: Apache-2.0

/// Where a server listens.
public enum ListeningAddress: Sendable, Hashable {
  /// An address of this machine, and a port; 0 takes a free one.
  case network(host: String, port: Int)
  /// A socket in the file system, for its owner alone.
  case socket(path: String)

  /// The loopback interface, which other machines do not reach.
  static func loopback(port: Int) -> ListeningAddress { .network(host: loopbackHost, port: port) }

  static let loopbackHost = "127.0.0.1"

  /// Whether it is a socket in the file system.
  var isSocket: Bool {
    if case .socket = self { true } else { false }
  }

  /// Whether nobody but this machine can ask.
  public var isLocal: Bool {
    switch self {
    case .socket: true
    case .network(let host, _):
      [Self.loopbackHost, "localhost", "::1"].contains(host.lowercased())
    }
  }

  /// The host by which one listens: a name may stand for several.
  var boundHost: String {
    guard case .network(let host, _) = self, host.lowercased() != "localhost" else {
      return Self.loopbackHost
    }
    return host
  }

  /// The address as a client needs it.
  ///
  /// - Parameters:
  ///   - port: The port that was taken.
  ///   - isEncrypted: Whether TLS is spoken.
  /// - Returns: What a client takes as its base URL, without the path.
  func url(port: Int, isEncrypted: Bool) -> String {
    switch self {
    case .socket(let path): return "unix:\(path)"
    case .network:
      let host = boundHost.contains(":") ? "[\(boundHost)]" : boundHost
      return "http\(isEncrypted ? "s" : "")://\(host):\(port)"
    }
  }
}
