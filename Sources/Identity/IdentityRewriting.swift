// SPDX-License-Identifier: Apache-2.0

extension IdentityGuard {
  /// The document with the model's own names in the sentences of hits.
  func rewrite(
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
