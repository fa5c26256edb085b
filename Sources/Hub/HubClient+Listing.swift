// SPDX-License-Identifier: Apache-2.0

import JSON
import NIOCore
import NIOHTTP1

/// A model's commit and files, as the hub describes them.
extension HubClient {
  // LIMIT: the hub gives 1,000 files a page in some 400 kB; the largest repositories have some
  // thousand files.
  private static let pageByteLimit = 8 << 20
  private static let pageLimit = 200
  private static let fileLimit = 100_000

  /// The commit that a revision stands for.
  ///
  /// - Throws: `HubError` or `CancellationError`.
  func commit(of name: ModelName) async throws -> String {
    let revision = name.revision ?? "main"
    let path = "/api/models/\(name.identifier)/revision/\(HTTPAddress.encodedPart(revision))"
    let place = "\(name)"
    let (document, _) = try await document(
      endpoint.appending(path),
      thing: name.revision == nil ? "model" : "model or revision",
      place: place
    )
    guard let commit = document.root["sha"]?.string,
      ContentDigest(algorithm: "git-sha1", hexadecimal: commit) != nil
    else { throw HubError(.badListing("it names no commit"), place: place) }
    return commit
  }

  /// The files of a commit, in the order of their paths.
  ///
  /// - Throws: `HubError` or `CancellationError`.
  func files(of name: ModelName, commit: String) async throws -> [HubFile] {
    var files: [HubFile] = []
    var next: HTTPAddress? = endpoint.appending(
      "/api/models/\(name.identifier)/tree/\(commit)?recursive=true&expand=false"
    )
    var pages: Set<HTTPAddress> = []
    while let address = next {
      guard pages.count < Self.pageLimit, files.count <= Self.fileLimit else {
        throw HubError(.badListing("it does not end"), place: "\(name)")
      }
      guard pages.insert(address).inserted else {
        throw HubError(.badListing("its pages form a circle"), place: "\(name)")
      }
      let (document, link) = try await document(address, thing: "model", place: "\(name)")
      guard let entries = document.root.array else {
        throw HubError(.badListing("it is no list"), place: "\(name)")
      }
      for entry in entries { try Self.file(entry, of: name).map { files.append($0) } }
      next = try link.map { link throws(HubError) in
        guard let address = address.resolving(link), address.origin == endpoint.origin else {
          throw HubError(.badListing("its next page lies on another host"), place: "\(name)")
        }
        return address
      }
    }
    files.sort { $0.path < $1.path }
    try Self.checkPaths(files, of: name)
    return files
  }

  /// Where the bytes of a file are.
  func address(of file: HubFile, in name: ModelName, commit: String) -> HTTPAddress {
    let path = file.path.split(separator: "/").map(HTTPAddress.encodedPart).joined(separator: "/")
    return endpoint.appending("/\(name.identifier)/resolve/\(commit)/\(path)")
  }

  @concurrent private func document(
    _ address: HTTPAddress,
    thing: String,
    place: String
  ) async throws -> (JSONDocument, next: String?) {
    let (bytes, link) = try await patiently {
      try await get(address, thing: thing, place: place) { head, body in
        guard !Self.isWebPage(head) else { throw HubError(.webPage, place: place) }
        let bytes = try await body.all(limit: Self.pageByteLimit)
        return (bytes, Self.nextPage(head.headers))
      }
    }
    do {
      return (try JSONDocument(bytes), link)
    } catch {
      throw HubError(.badListing(error.what), place: place)
    }
  }

  /// Whether an answer says that it is a page for a browser.
  static func isWebPage(_ head: HTTPResponseHead) -> Bool {
    head.headers.first(name: "content-type")?.lowercased().hasPrefix("text/html") == true
  }

  /// The address in `Link: <…>; rel="next"`.
  private static func nextPage(_ headers: HTTPHeaders) -> String? {
    for link in headers[canonicalForm: "link"] {
      let parts = link.split(separator: ";").map { $0.drop { $0 == " " } }
      guard let target = parts.first, target.hasPrefix("<"), target.hasSuffix(">"),
        parts.dropFirst().contains(where: { $0 == #"rel="next""# || $0 == "rel=next" })
      else { continue }
      return String(target.dropFirst().dropLast())
    }
    return nil
  }

  /// A file of the list; nil for a folder.
  private static func file(_ entry: JSONValue, of name: ModelName) throws(HubError) -> HubFile? {
    let place = "\(name)"
    guard let path = entry["path"]?.string, let type = entry["type"]?.string else {
      throw HubError(.badListing("an entry has no path or type"), place: place)
    }
    guard type == "file" else { return nil }
    guard RepositoryPath.isSafe(path) else { throw HubError(.unsafePath(path), place: place) }
    let stored = entry["lfs"].flatMap { $0.isNull ? nil : $0 }
    let hash = (stored ?? entry)["oid"]?.string ?? ""
    let digest =
      stored == nil
      ? ContentDigest(algorithm: "git-sha1", hexadecimal: hash)
      : ContentDigest(
        algorithm: "sha256",
        hexadecimal: hash.hasPrefix("sha256:") ? String(hash.dropFirst(7)) : hash
      )
    guard let digest, let byteCount = (stored ?? entry)["size"]?.integer, byteCount >= 0 else {
      throw HubError(.badListing("'\(path)' has no size or hash"), place: place)
    }
    return HubFile(path: path, byteCount: byteCount, digest: digest)
  }

  /// Checks that all files can lie side by side.
  private static func checkPaths(_ files: [HubFile], of name: ModelName) throws(HubError) {
    var total = 0
    var paths: Set<Substring> = []
    for file in files {
      guard paths.insert(file.path[...]).inserted else {
        throw HubError(.badListing("'\(file.path)' comes twice"), place: "\(name)")
      }
      let (sum, overflows) = total.addingReportingOverflow(file.byteCount)
      guard !overflows else {
        throw HubError(.badListing("its files pass all bounds"), place: "\(name)")
      }
      total = sum
    }
    for file in files {
      var folder = file.path[...]
      while let slash = folder.lastIndex(of: "/") {
        folder = folder[..<slash]
        guard !paths.contains(folder) else {
          throw HubError(.badListing("'\(folder)' is a file and a folder"), place: "\(name)")
        }
      }
    }
  }
}
