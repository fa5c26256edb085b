// SPDX-License-Identifier: Apache-2.0

/// What is done about hits before anything trains on them.
public struct IdentityResolution: Sendable, Hashable {
  /// Who the model is.
  public struct Identity: Sendable, Hashable {
    /// The model's name.
    public var name: String
    /// Its maker's name.
    public var maker: String

    /// Creates an identity.
    public init(name: String, maker: String) {
      self.name = name
      self.maker = maker
    }
  }

  /// What happens to a document with a hit that was not accepted.
  public enum Remedy: Sendable, Hashable {
    /// It stays, and its hits stay open.
    case none
    /// It is left out.
    case drop
    /// The names in the sentences of its hits become the model's own; what still is a hit then
    /// stays open.
    case rewrite(Identity)
  }

  /// What happens to documents with hits.
  public var remedy: Remedy
  /// Names and companies whose hits are accepted, in any spelling that the guard knows.
  public var accepted: [String]

  /// Creates a resolution.
  public init(_ remedy: Remedy, accepted: [String] = []) {
    self.remedy = remedy
    self.accepted = accepted
  }

  /// What became of a document.
  public struct Outcome: Sendable, Hashable {
    /// The document, rewritten where it had to be; nil where it was dropped.
    public var document: IdentityDocument?
    /// The hits that nobody has decided about.
    public var open: [IdentityHit]
  }
}

extension IdentityGuard {
  /// Resolves the hits of a document.
  ///
  /// - Complexity: O(n), twice for a document that is rewritten.
  public func resolve(
    _ document: IdentityDocument,
    by resolution: IdentityResolution
  ) -> IdentityResolution.Outcome {
    let accepted = Set(resolution.accepted.flatMap { [NameIndex.key($0), makerKey(of: $0)] })
    func isOpen(_ hit: IdentityHit) -> Bool {
      !accepted.contains(NameIndex.key(hit.name))
        && !(hit.maker.map { accepted.contains(NameIndex.key($0)) } ?? false)
    }
    let hits = check(document).filter(isOpen)
    guard !hits.isEmpty else { return .init(document: document, open: []) }
    switch resolution.remedy {
    case .none: return .init(document: document, open: hits)
    case .drop: return .init(document: nil, open: [])
    case .rewrite(let identity):
      let rewritten = rewrite(document, hits, as: identity)
      return .init(document: rewritten, open: check(rewritten).filter(isOpen))
    }
  }

  /// The key of the company that a spelling belongs to.
  private func makerKey(of name: String) -> UInt64 {
    let known = matcher.match(WordSplitter.words(of: name)[...], at: 0)?.name
    return NameIndex.key(known?.maker.map { makers[$0].name } ?? name)
  }

  private func rewrite(
    _ document: IdentityDocument,
    _ hits: [IdentityHit],
    as identity: IdentityResolution.Identity
  ) -> IdentityDocument {
    var document = document
    // From the end, so that the places before stay right.
    for hit in hits.reversed() {
      let text = document.turns[hit.turn].text
      document.turns[hit.turn].text = Self.replacing(hit.sentenceBytes, of: text) { sentence in
        named(sentence, hit, identity)
      }
    }
    return document
  }

  private static func replacing(
    _ bytes: Range<Int>,
    of text: String,
    by change: (String) -> String
  ) -> String {
    let utf8 = text.utf8
    let start = utf8.index(utf8.startIndex, offsetBy: bytes.lowerBound)
    let end = utf8.index(start, offsetBy: bytes.count)
    return String(text[..<start]) + change(String(text[start..<end])) + String(text[end...])
  }

  /// A sentence with the model's own names.
  private func named(
    _ sentence: String,
    _ hit: IdentityHit,
    _ identity: IdentityResolution.Identity
  ) -> String {
    let marked = MarkedText(sentence, matcher: matcher, keepsQuotes: true)
    var result = sentence
    for match in marked.names.reversed() where !match.name.isAllowed {
      guard let first = marked.words[match.words].first, let last = marked.words[match.words].last
      else { continue }
      let isMaker = match.name.isMaker && !(match.name.isModel && hit.rule == .selfName)
      result = Self.replacing(first.bytes.lowerBound..<last.bytes.upperBound, of: result) { _ in
        isMaker ? identity.maker : identity.name
      }
    }
    if hit.rule == .unknownName, !hit.nameBytes.isEmpty {
      let start = hit.nameBytes.lowerBound - hit.sentenceBytes.lowerBound
      result = Self.replacing(start..<start + hit.nameBytes.count, of: result) { _ in
        identity.maker
      }
    }
    return result
  }
}
