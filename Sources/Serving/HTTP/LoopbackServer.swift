// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore

/// A server for the person at this machine: it listens on the loopback interface alone, and answers
/// requests that read.
///
/// A page of another site that a browser shows can reach the loopback interface, under a name of its own
/// that it makes stand for this machine. So only requests to names of this machine are answered.
public struct LoopbackServer: Sendable {
  /// What is asked for.
  public struct Question: Sendable {
    /// The path, from `/`.
    public let path: String
    /// The query's names and values, decoded, in their order.
    public let query: [(name: String, value: String)]

    /// Creates a question.
    public init(path: String, query: [(name: String, value: String)] = []) {
      self.path = path
      self.query = query
    }
  }

  /// What comes back.
  public struct Answer: Sendable {
    /// The status of HTTP.
    public let status: Int
    /// The media type.
    public let mediaType: String
    /// The body.
    public let body: [UInt8]

    /// Creates an answer.
    public init(status: Int = 200, mediaType: String, body: [UInt8]) {
      self.status = status
      self.mediaType = mediaType
      self.body = body
    }
  }

  // LIMIT: a person's browsers have a dozen; what goes beyond waits.
  private static let mostConnections = 64

  /// The port; 0 takes a free one.
  public let port: Int

  /// Creates a server, which does not listen yet.
  public init(port: Int) { self.port = port }

  /// Serves until its task is cancelled.
  ///
  /// - Parameters:
  ///   - listening: Is told the address when requests are taken, such as `http://127.0.0.1:8090/`.
  ///   - answer: Answers a question; called from several tasks at once.
  /// - Throws: `ServingError` where the port cannot be had.
  public func run(
    listening: @escaping @Sendable (String) -> Void,
    answer: @escaping @Sendable (Question) -> Answer
  ) async throws {
    let responder = CallbackResponder<BasicRequestContext> { request, _ in
      Self.response(to: request, answer)
    }
    try await HTTPListener(
      address: .loopback(port: port),
      mostConnections: Self.mostConnections
    ).run(responder, listening: { listening($0 + "/") })
  }

  private static func response(
    to request: Request,
    _ answer: (Question) -> Answer
  ) -> Response {
    let isHead = request.method == .head
    guard request.method == .get || isHead else {
      return response(plain(405, "only GET is answered here"), isHead: false)
    }
    guard isOwn(request.head.authority) else {
      return response(plain(403, "this address is no name of this machine"), isHead: isHead)
    }
    let query = request.uri.queryParameters.map { (name: String($0.key), value: String($0.value)) }
    return response(answer(Question(path: request.uri.path, query: query)), isHead: isHead)
  }

  /// Whether a request's `Host` is a name of the loopback interface.
  package static func isOwn(_ authority: String?) -> Bool {
    guard let authority else { return false }
    let host = authority.hasPrefix("[::1]") ? "[::1]" : authority.prefix { $0 != ":" }
    let port = authority.dropFirst(host.count)
    let isPort = port.isEmpty || UInt16(port.dropFirst()) != nil
    return isPort && ["127.0.0.1", "localhost", "[::1]"].contains(host.lowercased())
  }

  /// A short text as an answer.
  static func plain(_ status: Int, _ text: String) -> Answer {
    Answer(status: status, mediaType: "text/plain; charset=utf-8", body: Array("\(text)\n".utf8))
  }

  private static func response(_ answer: Answer, isHead: Bool) -> Response {
    var fields = HTTPFields()
    fields[.contentType] = answer.mediaType
    fields[.contentLength] = "\(answer.body.count)"
    fields[.cacheControl] = "no-store"
    for (name, value) in guards {
      if let name = HTTPField.Name(name) { fields[name] = value }
    }
    return Response(
      status: HTTPResponse.Status(code: answer.status),
      headers: fields,
      body: isHead ? .init() : .init(byteBuffer: ByteBuffer(bytes: answer.body))
    )
  }

  // The page loads nothing from elsewhere, sends nothing, runs no script but its own, and stands in no
  // frame.
  private static let guards = [
    (
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        + "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
  ]
}
