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

  /// What a person decided about one hit.
  public enum Decision: String, Sendable, Hashable, CaseIterable {
    /// It is right as it stands.
    case accept
    /// Its document is left out.
    case drop
    /// The names in its sentence become the model's own.
    case rewrite
  }

  /// What happens to documents with hits that nobody decided about.
  public var remedy: Remedy
  /// Names and companies whose hits are accepted, in any spelling that the guard knows, and hashes
  /// of hits.
  public var accepted: [String]
  /// Decisions by the hashes of hits.
  public var decisions: [String: Decision]
  /// Who the model is, for decisions to rewrite; without it such hits stay open.
  public var identity: Identity?

  /// Creates a resolution.
  public init(
    _ remedy: Remedy,
    accepted: [String] = [],
    decisions: [String: Decision] = [:],
    identity: Identity? = nil
  ) {
    self.remedy = remedy
    self.accepted = accepted
    self.decisions = decisions
    self.identity = if case .rewrite(let own) = remedy { own } else { identity }
  }

  /// What became of a document.
  public struct Outcome: Sendable, Hashable {
    /// The document, rewritten where it had to be; nil where it was dropped.
    public var document: IdentityDocument?
    /// The hits that nobody has decided about.
    public var open: [IdentityHit]
    /// The hits that were accepted; none where the document was dropped.
    public var accepted: [IdentityHit] = []
    /// How many hits the document had.
    public var hitCount = 0
    /// Whether names were replaced.
    public var isRewritten = false
  }
}

extension IdentityGuard {
  /// Resolves the hits of a document.
  ///
  /// A decision about a hit comes before the accepted names, these before the remedy.
  ///
  /// - Complexity: O(n), twice for a document that is rewritten.
  public func resolve(
    _ document: IdentityDocument,
    by resolution: IdentityResolution
  ) -> IdentityResolution.Outcome {
    let hits = check(document)
    guard !hits.isEmpty else { return .init(document: document, open: []) }
    let accepted = Set(resolution.accepted.flatMap { [NameIndex.key($0), makerKey(of: $0)] })
    func decision(_ hit: IdentityHit) -> IdentityResolution.Decision? {
      if let decision = resolution.decisions[hit.hash] { return decision }
      // A hit that names nobody is accepted by its hash alone.
      let isNamed = !hit.name.isEmpty && accepted.contains(NameIndex.key(hit.name))
      let isMade = hit.maker.map { accepted.contains(NameIndex.key($0)) } ?? false
      if isNamed || isMade || resolution.accepted.contains(hit.hash) { return .accept }
      return switch resolution.remedy {
      case .none: nil
      case .drop: .drop
      case .rewrite: .rewrite
      }
    }
    let decided = hits.map { (hit: $0, decision: decision($0)) }
    func those(_ wanted: IdentityResolution.Decision?) -> [IdentityHit] {
      decided.filter { $0.decision == wanted }.map(\.hit)
    }
    if !those(.drop).isEmpty { return .init(document: nil, open: [], hitCount: hits.count) }
    var outcome = IdentityResolution.Outcome(
      document: document,
      open: those(nil),
      accepted: those(.accept),
      hitCount: hits.count
    )
    let foreign = those(.rewrite)
    guard !foreign.isEmpty else { return outcome }
    guard let identity = resolution.identity else {
      outcome.open = decided.filter { $0.decision != .accept }.map(\.hit)
      return outcome
    }
    let rewritten = rewrite(document, foreign, as: identity)
    outcome.document = rewritten
    outcome.open = check(rewritten).filter { decision($0) != .accept }
    outcome.isRewritten = true
    return outcome
  }

  /// The key of the company that a spelling belongs to.
  private func makerKey(of name: String) -> UInt64 {
    let words = WordSplitter.words(of: name)
    let known = words.isEmpty ? nil : matcher.match(words[...], at: 0)?.name
    return NameIndex.key(known?.maker.map { makers[$0].name } ?? name)
  }
}
