// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import TestSupport
import Testing

/// A fault of a hub, and how a pull ends with it.
struct HubFault: Sendable, CustomTestStringConvertible {
  var name: String
  var code: ExitCode
  var says: String
  var fault: LoopbackHub.Fault
  /// The file whose bytes are known to be wrong.
  var spoiled = "model.safetensors"
  /// How long to wait for bytes, in milliseconds.
  var stallLimit = 30_000
  var testDescription: String { name }

  private static let weights = LoopbackModel.sample().bytes("model.safetensors")

  private static func all(_ answer: LoopbackAnswer) -> LoopbackHub.Fault { { _, _ in answer } }

  private static func storage(
    _ change: @escaping @Sendable (LoopbackAnswer) -> LoopbackAnswer
  ) -> LoopbackHub.Fault {
    { request, hub in request.port == .storage ? change(hub.ownAnswer(to: request)) : nil }
  }

  private static func route(_ part: String, _ answer: LoopbackAnswer) -> LoopbackHub.Fault {
    { request, _ in request.path.contains(part) ? answer : nil }
  }

  static let statuses: [HubFault] = [
    HubFault(name: "401", code: .notPermitted, says: "401", fault: all(LoopbackAnswer(401))),
    HubFault(
      name: "403 of a gated model",
      code: .notPermitted,
      says: "agree first\u{FFFD}",
      fault: all(
        LoopbackAnswer(403).adding("x-error-code", "GatedRepo")
          .adding("x-error-message", "agree first\u{202E}")
      )
    ),
    HubFault(
      name: "403 of the storage",
      code: .notPermitted,
      says: "403",
      fault: storage { _ in LoopbackAnswer(403) }
    ),
    HubFault(name: "404", code: .noInput, says: "no such model", fault: all(LoopbackAnswer(404))),
    HubFault(
      name: "404 of a revision",
      code: .noInput,
      says: "no such revision",
      fault: all(LoopbackAnswer(404).adding("x-error-code", "RevisionNotFound"))
    ),
    HubFault(
      name: "404 of a file",
      code: .noInput,
      says: "no such file",
      fault: route("/resolve/", LoopbackAnswer(404))
    ),
    HubFault(name: "429", code: .tryAgain, says: "429", fault: all(LoopbackAnswer(429))),
    HubFault(
      name: "429 for an hour",
      code: .tryAgain,
      says: "3600 seconds",
      fault: all(LoopbackAnswer(429).adding("retry-after", "3600"))
    ),
    HubFault(
      name: "429 by a window",
      code: .tryAgain,
      says: "999 seconds",
      fault: all(LoopbackAnswer(429).adding("ratelimit", "\"api\";r=0;t=999"))
    ),
    HubFault(name: "500", code: .unavailable, says: "500", fault: all(LoopbackAnswer(500))),
    HubFault(
      name: "503 of the storage",
      code: .unavailable,
      says: "503",
      fault: storage { _ in LoopbackAnswer(503) }
    ),
    HubFault(name: "418", code: .unavailable, says: "418", fault: all(LoopbackAnswer(418))),
    HubFault(name: "204", code: .unavailable, says: "204", fault: all(LoopbackAnswer(204))),
  ]

  static let lies: [HubFault] = [
    HubFault(
      name: "a web page for a description",
      code: .badData,
      says: "web page",
      fault: all(.webPage)
    ),
    HubFault(
      name: "a web page for a file",
      code: .badData,
      says: "web page",
      fault: storage { _ in .webPage }
    ),
    HubFault(
      name: "a web page that hides",
      code: .badData,
      says: "bytes",
      fault: storage { _ in
        LoopbackAnswer(headers: [], body: LoopbackAnswer.webPage.body)
      }
    ),
    HubFault(
      name: "text for JSON",
      code: .badData,
      says: "list of files",
      fault: all(.json("hello"))
    ),
    HubFault(
      name: "JSON of another kind",
      code: .badData,
      says: "names no commit",
      fault: all(.json("[]"))
    ),
    HubFault(
      name: "a commit that is none",
      code: .badData,
      says: "no commit",
      fault: all(.json(#"{"sha":"../../x"}"#))
    ),
    HubFault(
      name: "a list that is none",
      code: .badData,
      says: "no list",
      fault: route("/tree/", .json("{}"))
    ),
    HubFault(
      name: "an entry without a hash",
      code: .badData,
      says: "size or hash",
      fault: route("/tree/", .json(#"[{"type":"file","path":"config.json","size":2}]"#))
    ),
    HubFault(
      name: "an endless description",
      code: .badData,
      says: "more than",
      fault: all(LoopbackAnswer(body: .endless(Array("[[".utf8))))
    ),
    HubFault(
      name: "an endless file",
      code: .badData,
      says: "more than the 100000 bytes",
      fault: storage { answer in
        LoopbackAnswer(headers: [("transfer-encoding", "chunked")], body: .endless(weights))
      }
    ),
    HubFault(
      name: "another file's bytes",
      code: .badData,
      says: "the hash",
      fault: storage { _ in
        LoopbackAnswer(body: .bytes(LoopbackModel.randomBytes(100_000, seed: 9)))
      }
    ),
    HubFault(
      name: "one bit that differs",
      code: .badData,
      says: "the hash",
      fault: storage { _ in
        var bytes = weights
        bytes[99_999] ^= 0x80
        return LoopbackAnswer(body: .bytes(bytes))
      }
    ),
    HubFault(
      name: "a small file of other bytes",
      code: .badData,
      says: "the hash",
      fault: route(
        "/config.json",
        LoopbackAnswer(body: .bytes([UInt8](repeating: 0x20, count: 38)))
      ),
      spoiled: "config.json"
    ),
    HubFault(
      name: "another length",
      code: .badData,
      says: "100001 bytes and promised 100000",
      fault: storage { _ in LoopbackAnswer(body: .bytes(weights + [0])) }
    ),
    HubFault(
      name: "a page list in a circle",
      code: .badData,
      says: "circle",
      fault: { request, hub in
        guard request.path.contains("/tree/") else { return nil }
        return hub.ownAnswer(to: request).adding("link", "<\(request.target)>; rel=\"next\"")
      }
    ),
    HubFault(
      name: "empty pages without end",
      code: .badData,
      says: "does not end",
      fault: { request, hub in
        guard request.path.contains("/tree/") else { return nil }
        return .json("[]").adding("link", "<\(request.path)?n=\(hub.requests.count)>; rel=\"next\"")
      }
    ),
    HubFault(
      name: "a next page elsewhere",
      code: .badData,
      says: "another host",
      fault: { request, hub in
        guard request.path.contains("/tree/") else { return nil }
        return hub.ownAnswer(to: request)
          .adding("link", "<\(hub.address(of: .storage))/x>; rel=\"next\"")
      }
    ),
    HubFault(
      name: "redirects in a circle",
      code: .badData,
      says: "circle",
      fault: { request, _ in LoopbackAnswer(302).adding("location", request.target) }
    ),
    HubFault(
      name: "a redirect to nowhere",
      code: .badData,
      says: "no address",
      fault: all(LoopbackAnswer(302))
    ),
    HubFault(
      name: "a redirect to a file",
      code: .badData,
      says: "no address",
      fault: all(LoopbackAnswer(302).adding("location", "file:///etc/passwd"))
    ),
    HubFault(
      name: "another protocol",
      code: .badData,
      says: "no HTTP",
      fault: all(
        {
          var answer = LoopbackAnswer()
          answer.raw = Array("220 mail.example ESMTP\r\n".utf8)
          return answer
        }()
      )
    ),
  ]

  static let cuts: [HubFault] = [
    HubFault(
      name: "a description that is cut",
      code: .unavailable,
      says: "connection ended",
      fault: all(LoopbackAnswer.json(#"{"sha":"0123456789"}"#).cut(after: 5))
    ),
    HubFault(
      name: "a file that never comes",
      code: .unavailable,
      says: "after 0 bytes of 100000",
      fault: storage { $0.cut(after: 0) }
    ),
    HubFault(
      name: "a file that comes short",
      code: .unavailable,
      says: "after 0 bytes of 100000",
      fault: storage { _ in LoopbackAnswer(headers: [("transfer-encoding", "chunked")]) }
    ),
    HubFault(
      name: "a hub that says nothing",
      code: .unavailable,
      says: "sent nothing",
      fault: all(
        {
          var answer = LoopbackAnswer(body: .bytes([1, 2, 3]))
          answer.stall = 0
          return answer
        }()
      ),
      stallLimit: 300
    ),
    HubFault(
      name: "a file that stops coming",
      code: .unavailable,
      says: "sent nothing",
      fault: storage { answer in
        var answer = answer
        answer.stall = 10
        return answer
      },
      stallLimit: 1000
    ),
  ]
}
