// SPDX-License-Identifier: Apache-2.0

/// A regular expression as a tree.
indirect enum PatternNode: Hashable, Sendable {
  /// One scalar of a set.
  case set(CharacterSet)
  case sequence([PatternNode])
  /// The first alternative that lets the rest match.
  case alternatives([PatternNode])
  case repetition(PatternNode, Repetition)
  /// Whether the body would match here; nothing is consumed.
  case lookahead(PatternNode, isNegated: Bool)
  /// The body's first match, to which there is no alternative later.
  case atomic(PatternNode)
  case anchor(Anchor)

  /// How often, and which count is tried first.
  struct Repetition: Hashable, Sendable {
    enum Order: Hashable, Sendable {
      case greedy
      case lazy
      case possessive
    }

    var minimum: Int
    /// Nil for no bound.
    var maximum: Int?
    var order: Order
  }

  /// Places between scalars; lines end at LF alone, as in the published tokenizers' engine.
  enum Anchor: Hashable, Sendable {
    case lineStart
    case lineEnd
    case textStart
    case textEnd
    /// The end, or the line feed that is the last scalar.
    case lastLineEnd
  }

  /// Whether the node can match without consuming anything.
  var mayBeEmpty: Bool {
    switch self {
    case .set: false
    case .sequence(let nodes): nodes.allSatisfy(\.mayBeEmpty)
    case .alternatives(let nodes): nodes.contains(where: \.mayBeEmpty)
    case .repetition(let body, let repetition): repetition.minimum == 0 || body.mayBeEmpty
    case .atomic(let body): body.mayBeEmpty
    case .lookahead, .anchor: true
    }
  }
}
