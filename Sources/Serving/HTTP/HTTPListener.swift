// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// Listens on the loopback interface, with limits on what comes.
struct LoopbackListener {
  static let host = "127.0.0.1"
  // LIMIT: some hundred times what a browser or a client sends.
  private static let longestHeader = 16 << 10
  private static let mostHeaders = 100
  // Also the time that a request's head may take.
  private static let idleSeconds: Int64 = 75

  /// The port; 0 takes a free one.
  let port: Int
  /// The most connections; what goes beyond waits.
  let mostConnections: Int

  /// Serves until its task is cancelled, or the group is told to stop.
  ///
  /// - Parameters:
  ///   - responder: Answers requests.
  ///   - listening: Is told the address when requests are taken, such as `http://127.0.0.1:8080`.
  ///   - running: Is given the group, which can be told to stop.
  /// - Throws: `ServingError` where the port cannot be had.
  func run<Responder: HTTPResponder>(
    _ responder: Responder,
    listening: @escaping @Sendable (String) -> Void,
    running: (ServiceGroup) -> Void = { _ in }
  ) async throws where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
    let silence = Logger(label: "hadal") { _ in SwiftLogNoOpLogHandler() }
    let application = Application(
      responder: responder,
      server: .http1(
        configuration: .init(
          additionalChannelHandlers: [ConnectionWatch()],
          idleTimeout: .seconds(Self.idleSeconds),
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: Self.longestHeader,
            maxHeaderListSize: Self.longestHeader,
            maxHeaderFieldCount: Self.mostHeaders
          )
        )
      ),
      configuration: ApplicationConfiguration(
        address: .hostname(Self.host, port: port),
        availableConnectionsDelegate: .maximum(mostConnections, logger: silence)
      ),
      onServerRunning: { channel in
        listening("http://\(Self.host):\(channel.localAddress?.port ?? port)")
      },
      logger: silence
    )
    let group = ServiceGroup(configuration: .init(services: [application], logger: silence))
    running(group)
    do { try await group.run() } catch let error as IOError {
      throw ServingError(port: port, errorCode: error.errnoCode)
    }
  }
}
