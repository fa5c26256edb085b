// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Storage

/// What stands before the API: who may ask, and how much at once.
struct ServerDoor: Sendable {
  let keys: ServerKeys?
  /// Whether requests come by a socket's file, which no page in a browser reaches.
  let isSocket: Bool
  let refused: APIServer.Refused

  /// Who sends a request.
  ///
  /// - Throws: `APIError` where a page of another site may have sent it, or its key is not good.
  func caller(of request: Request) throws(APIError) -> APICaller {
    try guardOrigin(request)
    // What looks after the server asks this, and learns nothing by it.
    if request.method == .get, APIEndpoints.plain(request.uri.path) == "/health" {
      return APICaller(key: nil)
    }
    guard let keys else { return APICaller(key: nil) }
    return try keys.caller(secret: Self.secret(of: request.headers))
  }

  /// The key that a client shows; Anthropic's client sends it in a header of its own.
  static func secret(of headers: HTTPFields) -> String? {
    if let text = headers[.authorization] {
      let parts = text.split(separator: " ", maxSplits: 1)
      let isBearer = parts.first?.lowercased() == "bearer"
      return isBearer && parts.count == 2 ? String(parts[1]) : text
    }
    return HTTPField.Name("x-api-key").flatMap { headers[$0] }
  }

  /// Takes a request of the caller at work into the API.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - reply: What answers it.
  /// - Throws: `APIError`; where an answer was asked for, it was told of before.
  /// - Returns: The reply, and the place that the request has while it is answered.
  func begin(
    _ request: Request,
    _ reply: () async throws(APIError) -> APIReply
  ) async throws(APIError) -> (APIReply, RequestSlot?) {
    guard Self.asksForAnswer(request) else { return (try await reply(), nil) }
    let caller = APICaller.current
    do throws(APIError) {
      let slot = try keys?.begin(caller)
      return (try await reply(), slot)
    } catch {
      refused(caller.key?.id, error.status)
      throw error
    }
  }

  private static func asksForAnswer(_ request: Request) -> Bool {
    guard request.method == .post else { return false }
    let path = APIEndpoints.plain(request.uri.path)
    return ["/completions", "/messages"].contains { path.hasSuffix($0) }
  }

  /// Refuses what a page of another site may have sent.
  ///
  /// Such a page can reach this machine under a name of its own, so that only names of this machine are
  /// answered; where a key is required it has none.
  private func guardOrigin(_ request: Request) throws(APIError) {
    let authority = request.head.authority
    let isKnown = isSocket || keys?.isRequired == true || LoopbackServer.isOwn(authority)
    guard isKnown else {
      throw APIError(
        status: 403,
        message: "this address is no name of this machine",
        code: "forbidden"
      )
    }
    guard let origin = request.headers[.origin] else { return }
    let host = origin.split(separator: "/", maxSplits: 1).last.map { String($0.dropFirst()) }
    guard let host, origin.contains("://"), LoopbackServer.isOwn(host) || host == authority else {
      throw APIError(
        status: 403,
        message: "a page of another site asks, and none is allowed to",
        code: "forbidden"
      )
    }
  }
}
