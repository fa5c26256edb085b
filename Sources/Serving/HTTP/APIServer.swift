// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Inference
public import JSON
import NIOCore
import ServiceLifecycle

/// The HTTP server of the API.
///
/// Without keys it listens for this machine alone. A page of another site that a browser shows can reach
/// it there, so that requests to other names of this machine, and those that a page of another site
/// sends, are refused.
public struct APIServer: Sendable {
  // LIMIT: what goes beyond waits for its connection; 200 streams and as many idle ones find room.
  private static let mostConnections = 1024
  /// A body that takes longer is none that a program sends.
  private static let bodyTimeout = Duration.seconds(60)

  /// Hears of each request for an answer that was refused before anything was computed: whose it was,
  /// by the key's id, and the status of HTTP.
  public typealias Refused = @Sendable (_ keyID: String?, _ status: Int) -> Void

  private let address: ListeningAddress
  private let certificate: ServerCertificate?
  private let keys: ServerKeys?
  private let refused: Refused
  private let models: [ServedModel]
  private let now: @Sendable () -> Int
  private let makeID: @Sendable () -> String
  private let makeHead: @Sendable () -> JSONText?

  /// Creates a server, which does not listen yet.
  ///
  /// - Parameters:
  ///   - models: What is served; the first one answers where none is named. At least one.
  ///   - address: Where it listens.
  ///   - certificate: By what it speaks TLS; nil for plain HTTP.
  ///   - keys: Who is let in; without them everybody.
  ///   - refused: Hears of refused requests, of those alone who were let in.
  ///   - now: Seconds since 1970.
  ///   - makeID: Makes the name of an answer, another one each time.
  ///   - makeHead: Makes the signed head of the chain in which the answers have rows; nil where there is
  ///     none.
  public init(
    models: [ServedModel],
    address: ListeningAddress,
    certificate: ServerCertificate? = nil,
    keys: ServerKeys? = nil,
    refused: @escaping Refused = { _, _ in },
    now: @escaping @Sendable () -> Int,
    makeID: @escaping @Sendable () -> String,
    makeHead: @escaping @Sendable () -> JSONText? = { nil }
  ) {
    self.models = models
    self.address = address
    self.certificate = certificate
    self.keys = keys
    self.refused = refused
    self.now = now
    self.makeID = makeID
    self.makeHead = makeHead
  }

  /// Serves until it is told to stop; the answers that were begun are finished first.
  ///
  /// - Parameters:
  ///   - listening: Is told the address when requests are taken, such as `http://127.0.0.1:8080`.
  ///   - stopping: Ends when the server is to stop.
  /// - Throws: `ServingError` where the address cannot be had.
  public func run(
    listening: @escaping @Sendable (String) -> Void,
    stopping: AsyncStream<Never>
  ) async throws {
    let endpoints = APIEndpoints(
      models: models,
      now: now,
      makeID: makeID,
      receipts: AnswerReceipts(head: makeHead)
    )
    let door = ServerDoor(keys: keys, isSocket: address.isSocket, refused: refused)
    let models = models
    var stop: Task<Void, Never>?
    defer { stop?.cancel() }
    try await HTTPListener(
      address: address,
      certificate: certificate,
      mostConnections: Self.mostConnections
    ).run(
      CallbackResponder<APIContext> { request, context in
        await Self.respond(to: request, context, endpoints, door)
      },
      listening: listening,
      running: { group in
        stop = Task {
          for await _ in stopping {}
          for model in models { await model.engine.stop() }
          await group.triggerGracefulShutdown()
        }
      }
    )
  }

  // MARK: Requests

  private static func respond(
    to request: Request,
    _ context: APIContext,
    _ endpoints: APIEndpoints,
    _ door: ServerDoor
  ) async -> Response {
    do throws(APIError) {
      let caller = try door.caller(of: request)
      return try await APICaller.$current.withValue(caller) {
        await Self.result(of: request, context, endpoints, door)
      }.get()
    } catch {
      return response(error.formed(forPath: request.uri.path))
    }
  }

  private static func result(
    of request: Request,
    _ context: APIContext,
    _ endpoints: APIEndpoints,
    _ door: ServerDoor
  ) async -> Result<Response, APIError> {
    do throws(APIError) {
      let (reply, slot) = try await door.begin(request) { () async throws(APIError) in
        try await endpoints.reply(
          method: request.method.rawValue,
          path: request.uri.path,
          body: try await body(of: request)
        )
      }
      return .success(try await response(reply, slot, context))
    } catch {
      return .failure(error)
    }
  }

  private static func body(of request: Request) async throws(APIError) -> [UInt8] {
    let most = RequestFields.longestBody
    let tooLarge = APIError(
      status: 413,
      message: "the body is longer than \(most) bytes",
      code: "request_too_large"
    )
    if let length = request.headers[.contentLength].flatMap(Int.init), length > most {
      throw tooLarge
    }
    do {
      return try await withThrowingTaskGroup(of: [UInt8].self) { group in
        group.addTask {
          var bytes: [UInt8] = []
          for try await buffer in request.body {
            bytes.append(contentsOf: buffer.readableBytesView)
            guard bytes.count <= most else { throw tooLarge }
          }
          return bytes
        }
        group.addTask {
          try await Task.sleep(for: bodyTimeout)
          throw APIError(
            status: 408,
            message: "the body did not come within \(bodyTimeout.components.seconds) seconds",
            code: "request_timeout"
          )
        }
        defer { group.cancelAll() }
        return try await group.next() ?? []
      }
    } catch let error as APIError {
      throw error
    } catch {
      throw .invalid("the body broke off")
    }
  }

  // MARK: Responses

  private static func response(
    _ reply: APIReply,
    _ slot: RequestSlot?,
    _ context: APIContext
  ) async throws(APIError) -> Response {
    switch reply {
    case .json(let json, let headers): return response(200, json, headers)
    case .text(let text, let mediaType):
      return response(200, Array(text.utf8), [("content-type", mediaType)])
    case .answer(let run, let headers):
      let task = Task { await run.answer() }
      let watch = await context.watch
      watch?.whenGone { task.cancel() }
      let result = await withTaskCancellationHandler {
        await task.value
      } onCancel: {
        task.cancel()
      }
      watch?.whenGone(nil)
      slot?.release()
      return response(200, try result.get(), headers)
    case .events(let run, let headers):
      var fields = fields(headers)
      fields[.contentType] = "text/event-stream"
      fields[.cacheControl] = "no-cache"
      if let name = HTTPField.Name("x-accel-buffering") { fields[name] = "no" }
      return Response(
        status: .ok,
        headers: fields,
        body: ResponseBody { writer in
          var stream = AnswerStream(run)
          let watch = await context.watch
          watch?.whenGone(stream.cancel)
          defer { watch?.whenGone(nil) }
          defer { slot?.release() }
          while let bytes = await stream.next() {
            // Who has read the end may ask again at once.
            if stream.hasEnded { slot?.release() }
            try await writer.write(ByteBuffer(bytes: bytes))
          }
          try await writer.finish(nil)
        }
      )
    }
  }

  private static func response(_ error: APIError) -> Response {
    var headers: [(String, String)] = []
    if let seconds = error.retryAfter {
      headers.append(("retry-after", "\(Int(seconds.rounded(.up)))"))
    }
    // What is left of a body that was not read is not taken for the next request.
    if error.status == 401 { headers.append(("www-authenticate", "Bearer")) }
    if [401, 408, 413].contains(error.status) { headers.append(("connection", "close")) }
    return response(error.status, error.json, headers)
  }

  private static func response(
    _ status: Int,
    _ json: JSONText,
    _ headers: [(String, String)]
  ) -> Response {
    var bytes: [UInt8] = []
    json.write(to: &bytes)
    return response(status, bytes, headers + [("content-type", "application/json")])
  }

  private static func response(
    _ status: Int,
    _ bytes: [UInt8],
    _ headers: [(String, String)]
  ) -> Response {
    var fields = fields(headers)
    fields[.contentLength] = "\(bytes.count)"
    return Response(
      status: HTTPResponse.Status(code: status),
      headers: fields,
      body: .init(byteBuffer: ByteBuffer(bytes: bytes))
    )
  }

  private static func fields(_ headers: [(String, String)]) -> HTTPFields {
    var fields = HTTPFields()
    for (name, value) in headers {
      if let name = HTTPField.Name(name) { fields[name] = value }
    }
    if let name = HTTPField.Name("x-content-type-options") { fields[name] = "nosniff" }
    return fields
  }
}
