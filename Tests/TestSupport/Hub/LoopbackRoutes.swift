// SPDX-License-Identifier: Apache-2.0

import JSON

/// The routes of a hub: a revision's commit, its files, a file, and the storage of large ones.
struct LoopbackRoutes: Sendable {
  let models: [LoopbackModel]
  let token: String?
  let pageLength: Int

  func answer(to request: LoopbackRequest, storage: String, hub: String) -> LoopbackAnswer {
    if request.port == .storage { return stored(request) }
    if let token, request.headers["authorization"] != "Bearer \(token)" {
      return LoopbackAnswer(401).adding("x-error-code", "RepoNotFound")
    }
    let parts = request.path.split(separator: "/").map(String.init)
    if parts.count >= 5, parts[0] == "api", parts[1] == "models" {
      return described(request, parts, hub: hub)
    }
    guard parts.count > 4, parts[2] == "resolve",
      let model = models.first(where: { $0.identifier == "\(parts[0])/\(parts[1])" }),
      let file = model.files.first(where: {
        encoded($0.path) == parts.dropFirst(4).joined(separator: "/")
      })
    else { return LoopbackAnswer(404).adding("x-error-code", "EntryNotFound") }
    guard parts[3] == model.commit else {
      return LoopbackAnswer(404).adding("x-error-code", "RevisionNotFound")
    }
    if file.isLarge {
      return LoopbackAnswer(302)
        .adding("location", "\(storage)/blobs/\(file.claimedHash)?signature=secret")
        .adding("x-linked-etag", "\"\(file.claimedHash)\"")
        .adding("x-linked-size", "\(file.claimedByteCount)")
    }
    return content(of: file, request)
  }

  private func described(
    _ request: LoopbackRequest,
    _ parts: [String],
    hub: String
  ) -> LoopbackAnswer {
    let identifier = "\(parts[2])/\(parts[3])"
    guard let model = models.first(where: { $0.identifier == identifier }) else {
      return LoopbackAnswer(404).adding("x-error-code", "RepoNotFound")
    }
    switch parts[4] {
    case "revision":
      let known = model.revisions.map(encodedPart) + [model.commit]
      guard parts.count == 6, known.contains(parts[5]) else {
        return LoopbackAnswer(404).adding("x-error-code", "RevisionNotFound")
      }
      return .json(#"{"id":"\#(identifier)","sha":"\#(model.commit)","siblings":[]}"#)
    case "tree":
      guard parts.count == 6, parts[5] == model.commit else {
        return LoopbackAnswer(404).adding("x-error-code", "RevisionNotFound")
      }
      return listed(model, request, hub: hub)
    default: return LoopbackAnswer(404)
    }
  }

  private func listed(
    _ model: LoopbackModel,
    _ request: LoopbackRequest,
    hub: String
  ) -> LoopbackAnswer {
    let cursor =
      request.target.firstRange(of: "cursor=")
      .flatMap { Int(request.target[$0.upperBound...]) } ?? 0
    let entries = model.files.dropFirst(cursor).prefix(pageLength).map { file in
      var members: [(String, JSONText)] = [
        ("type", .string("file")), ("path", .string(file.path)),
        ("size", .integer(file.claimedByteCount)),
      ]
      if file.isLarge {
        let pointer = String(repeating: "a", count: 40)
        members.append(("oid", .string(pointer)))
        members.append(
          (
            "lfs",
            .object([
              ("oid", .string(file.claimedHash)), ("size", .integer(file.claimedByteCount)),
              ("pointerSize", .integer(134)),
            ])
          )
        )
      } else {
        members.append(("oid", .string(file.claimedHash)))
      }
      return JSONText.object(members)
    }
    let folders = Set(
      model.files.compactMap { file in
        file.path.contains("/") ? file.path.split(separator: "/").first.map(String.init) : nil
      }
    )
    let more = folders.sorted().map { folder in
      JSONText.object([
        ("type", .string("directory")), ("path", .string(folder)), ("size", .integer(0)),
        ("oid", .string(String(repeating: "b", count: 40))),
      ])
    }
    let answer = LoopbackAnswer.json(JSONText.array(entries + (cursor == 0 ? more : [])).text)
    let next = cursor + pageLength
    guard next < model.files.count else { return answer }
    return answer.adding(
      "link",
      #"<\#(hub)\#(request.path)?recursive=true&cursor=\#(next)>; rel="next""#
    )
  }

  private func stored(_ request: LoopbackRequest) -> LoopbackAnswer {
    let hash = request.path.split(separator: "/").last.map(String.init)
    for model in models {
      if let file = model.files.first(where: { $0.isLarge && $0.claimedHash == hash }) {
        return content(of: file, request)
      }
    }
    return LoopbackAnswer(404)
  }

  /// The bytes of a file, or those of a range.
  private func content(of file: LoopbackModel.File, _ request: LoopbackRequest) -> LoopbackAnswer {
    let tag = "\"\(file.claimedHash)\""
    var first = 0
    var status = 200
    var headers = [("etag", tag), ("accept-ranges", "bytes")]
    let condition = request.headers["if-range"]
    if let start = request.firstByte, condition == nil || condition == tag {
      guard start < file.byteCount else {
        return LoopbackAnswer(416).adding("content-range", "bytes */\(file.byteCount)")
      }
      first = start
      status = 206
      headers.append(("content-range", "bytes \(start)-\(file.byteCount - 1)/\(file.byteCount)"))
    }
    let body: LoopbackAnswer.Body =
      switch file.content {
      case .bytes(let bytes): .bytes(Array(bytes[first...]))
      case .disk(let path, let byteCount): .file(path, first..<byteCount)
      }
    return LoopbackAnswer(status, headers: headers, body: body)
  }

  private func encoded(_ path: String) -> String {
    path.split(separator: "/").map { encodedPart(String($0)) }.joined(separator: "/")
  }

  private func encodedPart(_ part: String) -> String {
    var text = ""
    for byte in part.utf8 {
      let scalar = Unicode.Scalar(byte)
      let isPlain =
        byte < 0x80 && scalar.properties.isAlphabetic
        || (0x30...0x39).contains(byte) || "-._~".unicodeScalars.contains(scalar)
      let hex = String(byte, radix: 16, uppercase: true)
      text += isPlain ? String(Character(scalar)) : "%" + (hex.count < 2 ? "0" : "") + hex
    }
    return text
  }
}
