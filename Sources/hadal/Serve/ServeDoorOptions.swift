// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Serving

/// Where `hadal serve` listens, and whom it lets in.
struct ServeDoorOptions: ParsableArguments {
  @Option(
    help: """
      The address to listen at; at any but 127.0.0.1, localhost and ::1 every client needs a key.
      """
  )
  var host = "127.0.0.1"

  @Option(
    help: ArgumentHelp(
      "Listen at this Unix socket instead, for this user alone.",
      valueName: "path"
    )
  )
  var socket: String?

  @Flag(help: "Let nobody in without a key, on this machine either.")
  var requireKey = false

  @Option(
    help: ArgumentHelp(
      "Speak TLS: the chain of certificates in PEM, the server's own first.",
      valueName: "file"
    )
  )
  var tlsCertificate: String?

  @Option(help: ArgumentHelp("The certificate's private key in PEM.", valueName: "file"))
  var tlsKey: String?

  @Option(
    help: ArgumentHelp(
      "The database of the keys (default: hadal.sqlite in $XDG_DATA_HOME/hadal).",
      valueName: "file"
    )
  )
  var database: String?

  func validate() throws {
    guard (tlsCertificate == nil) == (tlsKey == nil) else {
      throw ValidationError("--tls-certificate and --tls-key go together")
    }
    guard socket == nil || tlsKey == nil else {
      throw ValidationError("--socket and --tls-certificate exclude each other")
    }
    guard socket?.isEmpty != true, !host.isEmpty else {
      throw ValidationError("--host and --socket must not be empty")
    }
  }

  /// Where to listen.
  func address(port: Int) -> ListeningAddress {
    socket.map { .socket(path: $0) } ?? .network(host: host, port: port)
  }

  /// By what TLS is spoken; nil for plain HTTP.
  func certificate() throws -> ServerCertificate? {
    guard let tlsCertificate, let tlsKey else { return nil }
    return try ServerCertificate(certificate: tlsCertificate, key: tlsKey)
  }
}
