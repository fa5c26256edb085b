// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A hub on loopback: a real HTTP server with the routes of Hugging Face's, and a test's faults.
///
/// Large files are redirected to a second server on another port.
public final class LoopbackHub: Sendable {
  /// Answers a request in the place of the hub's own answer; nil leaves it to the hub.
  public typealias Fault = @Sendable (LoopbackRequest, LoopbackHub) -> LoopbackAnswer?

  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
  private let routes: LoopbackRoutes
  private let state = Mutex(State())
  private let fault: Fault
  private let security: NIOSSLContext?

  private struct State {
    var requests: [LoopbackRequest] = []
    var channels: [any Channel] = []
    var ports: [LoopbackRequest.Port: Int] = [:]
  }

  /// Starts a hub.
  ///
  /// - Parameters:
  ///   - models: What it has.
  ///   - token: The token that it demands, nil for none.
  ///   - pageLength: How many files it lists a page.
  ///   - certificate: The PEM files of certificate and key, to speak TLS.
  ///   - fault: What goes wrong.
  /// - Throws: An error if it cannot listen.
  public init(
    _ models: [LoopbackModel],
    token: String? = nil,
    pageLength: Int = 1000,
    certificate: (chain: String, key: String)? = nil,
    fault: @escaping Fault = { _, _ in nil }
  ) async throws {
    routes = LoopbackRoutes(models: models, token: token, pageLength: pageLength)
    self.fault = fault
    security = try certificate.map { certificate in
      try NIOSSLContext(
        configuration: .makeServerConfiguration(
          certificateChain: NIOSSLCertificate.fromPEMFile(certificate.chain)
            .map { .certificate($0) },
          privateKey: .privateKey(NIOSSLPrivateKey(file: certificate.key, format: .pem))
        )
      )
    }
    for port in [LoopbackRequest.Port.hub, .storage] {
      let channel = try await listen(port)
      state.withLock { state in
        state.channels.append(channel)
        state.ports[port] = channel.localAddress?.port
      }
    }
  }

  /// Stops the hub.
  public func stop() async {
    for channel in state.withLock({ $0.channels }) { try? await channel.close() }
    try? await group.shutdownGracefully()
  }

  /// Runs a test with a hub and stops it in the end.
  public static func with<Result>(
    _ models: [LoopbackModel],
    token: String? = nil,
    pageLength: Int = 1000,
    certificate: (chain: String, key: String)? = nil,
    fault: @escaping Fault = { _, _ in nil },
    test: (LoopbackHub) async throws -> Result
  ) async throws -> Result {
    let hub = try await LoopbackHub(
      models,
      token: token,
      pageLength: pageLength,
      certificate: certificate,
      fault: fault
    )
    do {
      let result = try await test(hub)
      await hub.stop()
      return result
    } catch {
      await hub.stop()
      throw error
    }
  }

  /// What `HF_ENDPOINT` names.
  public var address: String { address(of: .hub) }

  /// The address of one of its two servers.
  public func address(of port: LoopbackRequest.Port) -> String {
    let number = state.withLock { $0.ports[port] } ?? 0
    return "\(security == nil ? "http" : "https")://127.0.0.1:\(number)"
  }

  /// All requests so far, in order.
  public var requests: [LoopbackRequest] { state.withLock { $0.requests } }

  /// The hub's own answer: for faults that change it.
  public func ownAnswer(to request: LoopbackRequest) -> LoopbackAnswer {
    routes.answer(to: request, storage: address(of: .storage), hub: address)
  }

  private func listen(_ port: LoopbackRequest.Port) async throws -> any Channel {
    try await ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 64)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { [security, weak self] channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let security { try pipeline.addHandler(NIOSSLServerHandler(context: security)) }
          try pipeline.configureHTTPServerPipeline(withOutboundHeaderValidation: false)
          try pipeline.addHandler(
            LoopbackHandler { head in
              self?.answer(head, port) ?? LoopbackAnswer(500)
            }
          )
        }
      }
      .bind(host: "127.0.0.1", port: 0)
      .get()
  }

  private func answer(_ head: HTTPRequestHead, _ port: LoopbackRequest.Port) -> LoopbackAnswer {
    var headers: [String: String] = [:]
    for (name, value) in head.headers { headers[name.lowercased()] = value }
    var request = LoopbackRequest(port: port, target: head.uri, headers: headers, repetition: 0)
    state.withLock { state in
      request.repetition = state.requests.count { $0.target == head.uri && $0.port == port }
      state.requests.append(request)
    }
    return fault(request, self) ?? ownAnswer(to: request)
  }
}
