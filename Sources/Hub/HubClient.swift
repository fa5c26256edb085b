// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

/// Speaks with a hub: redirects, the token, and what its statuses mean.
struct HubClient: Sendable {
  // LIMIT: hubs use one or two; more is a circle.
  private static let redirectLimit = 8

  let endpoint: HTTPAddress
  private let token: String?
  private let transport: HTTPTransport
  private let patience: Patience

  init(_ settings: HubSettings) {
    endpoint = settings.endpoint
    token = settings.token
    patience = settings.patience
    transport = HTTPTransport(
      patience: settings.patience,
      certificateFile: settings.certificateFile
    )
  }

  /// Gets what an address names, wherever the hub sends us for it.
  ///
  /// The token goes to the endpoint's own scheme, host and port, and nowhere else: a redirect to a
  /// storage host carries its own signature.
  ///
  /// - Parameters:
  ///   - address: At the hub.
  ///   - thing: What it is, for the error that says that the hub has no such thing.
  ///   - place: The model or file that errors name.
  ///   - headers: What the request says beside.
  ///   - read: Takes an answer of status 200 or 206.
  /// - Throws: `HubError`, also one that `read` throws, or `CancellationError`.
  /// - Returns: What `read` made of the answer.
  @concurrent func get<Answer: Sendable>(
    _ address: HTTPAddress,
    thing: String,
    place: String,
    headers: [(String, String)] = [],
    reading read: @concurrent (HTTPResponseHead, inout HTTPBody) async throws -> Answer
  ) async throws -> Answer {
    var current = address
    for _ in 0...Self.redirectLimit {
      let sent = headers + authorization(for: current)
      let outcome = try await transport.get(current, headers: sent) { head, body in
        switch head.status.code {
        case 200, 206: return Outcome.answer(try await read(head, &body))
        case 301, 302, 303, 307, 308:
          return .redirect(try target(of: head, from: current, place: place))
        default: throw refusal(head, thing: thing, place: place)
        }
      }
      switch outcome {
      case .answer(let answer): return answer
      case .redirect(let next): current = next
      }
    }
    throw HubError(.badRedirect("in a circle"), place: place)
  }

  /// Asks again where that may help.
  ///
  /// A hub that cannot be reached at all is not asked again: then a name is wrong, or the network.
  ///
  /// - Throws: What the work throws in the end.
  /// - Returns: What it gives.
  @concurrent func patiently<Answer: Sendable>(
    _ work: @concurrent () async throws -> Answer
  ) async throws -> Answer {
    var failureCount = 0
    while true {
      do { return try await work() } catch let error as HubError {
        failureCount += 1
        if case .unreachable = error.reason { throw error }
        guard let delay = patience.delay(after: error, count: failureCount) else { throw error }
        try await Task.sleep(for: delay)
      }
    }
  }

  private enum Outcome<Answer: Sendable>: Sendable {
    case answer(Answer)
    case redirect(HTTPAddress)
  }

  private func authorization(for address: HTTPAddress) -> [(String, String)] {
    guard let token, address.origin == endpoint.origin else { return [] }
    return [("authorization", "Bearer \(token)")]
  }

  private func target(
    of head: HTTPResponseHead,
    from address: HTTPAddress,
    place: String
  ) throws(HubError) -> HTTPAddress {
    guard let location = head.headers.first(name: "location"),
      let target = address.resolving(location)
    else { throw HubError(.badRedirect("to no address"), place: place) }
    guard target.isSecure || !address.isSecure else {
      throw HubError(.badRedirect("away from TLS, to \(target.origin)"), place: place)
    }
    return target
  }

  private func refusal(_ head: HTTPResponseHead, thing: String, place: String) -> HubError {
    let headers = head.headers
    let code = headers.first(name: "x-error-code")
    switch head.status.code {
    case 401, 403:
      let detail = headers.first(name: "x-error-message").map(RepositoryPath.shown)
      return HubError(
        .notPermitted(status: Int(head.status.code), detail: detail),
        place: place
      )
    case 404, 410:
      let missing =
        switch code {
        case "RepoNotFound": "model"
        case "RevisionNotFound": "revision"
        case "EntryNotFound": "file"
        default: thing
        }
      return HubError(.notFound(missing), place: place)
    case 429: return HubError(.tooManyRequests(seconds: Self.wait(headers)), place: place)
    case 408, 500...599:
      return HubError(
        .failing(status: Int(head.status.code), retryAfter: Self.wait(headers)),
        place: place
      )
    default: return HubError(.unexpectedStatus(Int(head.status.code)), place: place)
    }
  }

  /// The seconds to wait: of `Retry-After`, or till the window of `RateLimit` ends.
  private static func wait(_ headers: HTTPHeaders) -> Int? {
    if let text = headers.first(name: "retry-after") {
      return Int(text).map { max($0, 0) } ?? HTTPDate.secondsFromNow(text)
    }
    let fields = headers.first(name: "ratelimit")?.split(separator: ";") ?? []
    return fields.first { $0.hasPrefix("t=") }.flatMap { Int($0.dropFirst(2)) }
  }
}
