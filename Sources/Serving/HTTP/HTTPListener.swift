// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import ServiceLifecycle

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Listens at an address, with limits on what comes.
struct HTTPListener {
  // LIMIT: some hundred times what a browser or a client sends.
  private static let longestHeader = 16 << 10
  private static let mostHeaders = 100
  // Also the time that a request's head may take.
  private static let idleSeconds: Int64 = 75

  /// Where it listens.
  let address: ListeningAddress
  /// By what it speaks TLS; nil for plain HTTP.
  var certificate: ServerCertificate?
  /// The most connections; what goes beyond waits.
  let mostConnections: Int

  /// Serves until its task is cancelled, or the group is told to stop.
  ///
  /// - Parameters:
  ///   - responder: Answers requests.
  ///   - listening: Is told the address when requests are taken, such as `http://127.0.0.1:8080`.
  ///   - running: Is given the group, which can be told to stop.
  /// - Throws: `ServingError` where the address cannot be had.
  func run<Responder: HTTPResponder>(
    _ responder: Responder,
    listening: @escaping @Sendable (String) -> Void,
    running: (ServiceGroup) -> Void = { _ in }
  ) async throws where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
    let silence = Logger(label: "hadal") { _ in SwiftLogNoOpLogHandler() }
    let application = Application(
      responder: responder,
      server: try server,
      configuration: ApplicationConfiguration(
        address: bindAddress,
        availableConnectionsDelegate: .maximum(mostConnections, logger: silence)
      ),
      onServerRunning: { [address, isEncrypted = certificate != nil] channel in
        listening(address.url(port: channel.localAddress?.port ?? 0, isEncrypted: isEncrypted))
      },
      logger: silence
    )
    let group = ServiceGroup(configuration: .init(services: [application], logger: silence))
    running(group)
    do { try await group.run() } catch let error as IOError {
      throw ServingError(address, errorCode: error.errnoCode)
    } catch is SocketAddressError {
      // A name that nobody knows, or a path that is too long.
      throw ServingError(address, errorCode: address.isSocket ? ENAMETOOLONG : EADDRNOTAVAIL)
    }
  }

  private var server: HTTPServerBuilder {
    get throws {
      let plain = HTTPServerBuilder.http1(
        configuration: .init(
          additionalChannelHandlers: [ConnectionWatch()],
          idleTimeout: .seconds(Self.idleSeconds),
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: Self.longestHeader,
            maxHeaderListSize: Self.longestHeader,
            maxHeaderFieldCount: Self.mostHeaders
          )
        )
      )
      return try certificate.map { try .tls(plain, tlsConfiguration: $0.configuration) } ?? plain
    }
  }

  private var bindAddress: BindAddress {
    switch address {
    case .network(_, let port): .hostname(address.boundHost, port: port)
    case .socket(let path): .unixDomainSocket(path: path)
    }
  }
}
