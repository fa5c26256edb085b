// SPDX-License-Identifier: Apache-2.0

import Compute
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// One request and its answer, over a connection of its own.
///
/// Connections are not kept: a pull opens one or two for a file of gigabytes, and a connection that
/// is not reused cannot have been closed by the other side in between.
struct HTTPTransport: Sendable {
  typealias Stream = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

  private let patience: Patience
  private let security: Result<NIOSSLContext, HubError>

  /// Prepares connections.
  ///
  /// - Parameters:
  ///   - patience: How long to wait.
  ///   - certificateFile: Whom to trust in the place of the system's certificates.
  init(patience: Patience, certificateFile: String?) {
    self.patience = patience
    security = Result { () throws(HubError) in
      var configuration = TLSConfiguration.makeClientConfiguration()
      configuration.applicationProtocols = ["http/1.1"]
      if let certificateFile { configuration.trustRoots = .file(certificateFile) }
      do { return try NIOSSLContext(configuration: configuration) } catch {
        throw HubError(.untrusted("no certificates can be read"), place: certificateFile)
      }
    }
  }

  /// Asks for what an address names and hands the answer on as it comes.
  ///
  /// - Parameters:
  ///   - address: Where it is.
  ///   - headers: What the request says beside its address.
  ///   - read: Takes the answer; what it leaves unread is not fetched.
  /// - Throws: `HubError`, also one that `read` throws, or `CancellationError`.
  /// - Returns: What `read` made of the answer.
  @concurrent func get<Answer: Sendable>(
    _ address: HTTPAddress,
    headers: [(String, String)],
    reading read: @concurrent (HTTPResponseHead, inout HTTPBody) async throws -> Answer
  ) async throws -> Answer {
    do {
      let stream = try await connect(to: address)
      return try await stream.executeThenClose { inbound, outbound in
        // A hub may close before it has read all of this and have answered all the same; where it has
        // not, the reader hears why.
        try? await outbound.write(contentsOf: [.head(head(address, headers)), .end(nil)])
        var body = HTTPBody(inbound.makeAsyncIterator())
        let head = try await body.head()
        return try await read(head, &body)
      }
    } catch {
      throw failure(error, address)
    }
  }

  private func connect(to address: HTTPAddress) async throws -> Stream {
    let context = address.isSecure ? try security.get() : nil
    let stallLimit = patience.stallLimit
    return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connectTimeout(TimeAmount(patience.connectLimit))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      // LIMIT: of such pieces at most ten wait for the disk, so a transfer holds less than 3 MB.
      .channelOption(
        .recvAllocator,
        value: AdaptiveRecvByteBufferAllocator(minimum: 16_384, initial: 65_536, maximum: 262_144)
      )
      .connect(host: address.host, port: address.port) { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(StallGuard(limit: stallLimit))
          if let context {
            // An address of numbers has no name to ask for; its certificate must name the numbers.
            let isNumeric = (try? SocketAddress(ipAddress: address.host, port: 0)) != nil
            try pipeline.addHandler(
              NIOSSLClientHandler(
                context: context,
                serverHostname: isNumeric ? nil : address.host
              )
            )
          }
          try pipeline.addHTTPClientHandlers()
          return try Stream(wrappingChannelSynchronously: channel)
        }
      }
  }

  private func head(_ address: HTTPAddress, _ headers: [(String, String)]) -> HTTPRequestHead {
    var fields = HTTPHeaders([
      ("host", address.authority), ("user-agent", "hadal"), ("accept-encoding", "identity"),
      ("connection", "close"),
    ])
    fields.add(contentsOf: headers)
    return HTTPRequestHead(version: .http1_1, method: .GET, uri: address.target, headers: fields)
  }

  /// What a failed connection means to someone who waits for a model.
  private func failure(_ error: any Error, _ address: HTTPAddress) -> any Error {
    let place = address.description
    switch error {
    case is CancellationError: return error
    case var error as HubError:
      if error.place == nil { error.place = place }
      return error
    case is StallGuard.Stall:
      return HubError(.stalled(seconds: Int(patience.stallLimit.components.seconds)), place: place)
    case let error as NIOConnectionError:
      return HubError(.unreachable(Self.text(error)), place: address.origin)
    case let error as ChannelError:
      if case .connectTimeout = error {
        return HubError(.unreachable("no answer to a connection"), place: address.origin)
      }
      return HubError(.cut(received: 0, promised: nil), place: place)
    case NIOSSLError.handshakeFailed(let cause):
      let text = String(describing: cause)
      return text.contains("CERTIFICATE")
        ? HubError(.untrusted("it is signed by no one known here"), place: address.origin)
        : HubError(.unreachable("no agreement on TLS"), place: address.origin)
    case let error as NIOSSLExtraError where error == .failedToValidateHostname:
      return HubError(.untrusted("it is another host's"), place: address.origin)
    case let error as HTTPParserError where error != .invalidEOFState:
      return HubError(.notHTTP, place: address.origin)
    default: return HubError(.cut(received: 0, promised: nil), place: place)
    }
  }

  private static func text(_ error: NIOConnectionError) -> String {
    if error.dnsAError != nil || error.dnsAAAAError != nil, error.connectionErrors.isEmpty {
      return "no host has the name '\(error.host)'"
    }
    for failure in error.connectionErrors {
      if case ChannelError.connectTimeout = failure.error { return "no answer to a connection" }
      if let system = failure.error as? IOError {
        return ComputeError.text(of: system.errnoCode)
      }
    }
    return "no connection to '\(error.host)'"
  }
}

/// The bytes of an answer, as they come.
///
/// Whoever takes them runs as NIO's own sequence does, on no actor: what is not `Sendable` stays in one
/// task and crosses to nobody.
struct HTTPBody {
  private var parts: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator

  fileprivate init(_ parts: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator) {
    self.parts = parts
  }

  /// The next bytes; nil at the end of the answer.
  ///
  /// - Throws: `HubError` with `cut` where the connection ends before the answer.
  @concurrent mutating func next() async throws -> ByteBuffer? {
    while let part = try await parts.next() {
      switch part {
      case .head: continue
      case .body(let bytes): return bytes
      case .end: return nil
      }
    }
    try Task.checkCancellation()
    throw HubError(.cut(received: 0, promised: nil))
  }

  /// All bytes of an answer that is known to be short.
  ///
  /// - Throws: `HubError` where it is longer than the limit.
  @concurrent mutating func all(limit: Int) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    while let part = try await next() {
      bytes += part.readableBytesView
      guard bytes.count <= limit else { throw HubError(.tooLong(promised: limit)) }
    }
    return bytes
  }

  @concurrent fileprivate mutating func head() async throws -> HTTPResponseHead {
    guard case .head(let head)? = try await parts.next() else {
      try Task.checkCancellation()
      throw HubError(.cut(received: 0, promised: nil))
    }
    return head
  }
}
