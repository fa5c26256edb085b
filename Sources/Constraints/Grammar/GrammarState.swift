// SPDX-License-Identifier: Apache-2.0

/// A place in a grammar: what has come of an answer, and what may come next.
///
/// A copy is another place that goes on alone. What it says depends on the grammar and the tokens alone,
/// not on what others asked of the grammar.
public struct GrammarState: Sendable {
  /// The grammar.
  public let grammar: Grammar
  /// Whether an end token has come.
  public private(set) var isEnded = false
  private var arena = StackArena()
  private var kernel: [Configuration]

  // LIMIT: so many stacks are kept from token to token; only an ambiguous schema that calls itself has
  // more, and then some texts that fit it are refused. What is kept can always be completed.
  private static let stackCountMax = 64
  private static let frameCountMax = 1024

  /// Begins an answer.
  public init(_ grammar: Grammar) {
    self.grammar = grammar
    kernel = [Configuration(node: grammar.start, frame: 0)]
  }

  /// Whether the answer may end here.
  public var isComplete: Bool {
    if isEnded { return true }
    var arena = arena
    return ConfigurationClosure(of: kernel, in: grammar.automaton, &arena).exits
  }

  /// Takes a token.
  ///
  /// - Returns: Whether it fits; if not, nothing changes.
  public mutating func advance(by token: Int32) -> Bool {
    guard !isEnded else { return false }
    let bytes = grammar.vocabulary.bytes(of: token)
    guard bytes.isEmpty else { return advance(by: bytes) }
    let next = closure().kernel(afterControl: token)
    if !next.isEmpty {
      kernel = next
      return true
    }
    guard grammar.vocabulary.endTokens.contains(token), isComplete else { return false }
    isEnded = true
    return true
  }

  /// Takes bytes of text.
  ///
  /// - Returns: Whether they fit; if not, nothing changes.
  package mutating func advance(by bytes: some Sequence<UInt8>) -> Bool {
    var next = self
    for byte in bytes {
      next.kernel = next.closure().kernel(after: byte)
      guard !next.kernel.isEmpty else { return false }
    }
    next.compact()
    self = next
    return true
  }

  /// Writes which tokens may come next.
  ///
  /// The end tokens are among them exactly where the answer may end; after one there are none.
  ///
  /// - Parameter mask: A mask of the vocabulary's count; another one is replaced.
  public func mask(into mask: inout TokenMask) {
    if mask.count != grammar.vocabulary.count {
      mask = TokenMask(count: grammar.vocabulary.count)
    }
    grammar.cache.write(isEnded ? [] : kernel, arena, to: &mask)
  }

  private mutating func closure() -> ConfigurationClosure {
    ConfigurationClosure(of: kernel, in: grammar.automaton, &arena)
  }

  /// Drops stacks that nothing stands on, and those beyond the limit.
  private mutating func compact() {
    let last = kernel.last?.frame ?? 0
    guard arena.frames.count > Self.frameCountMax || last > 0 && kernel[0].frame != last else {
      return
    }
    var kept = StackArena()
    var configurations: [Configuration] = []
    var stackCount = 0
    var copied: Int32 = 0
    for (index, configuration) in kernel.enumerated() {
      if index == 0 || kernel[index - 1].frame != configuration.frame {
        stackCount += 1
        if stackCount > Self.stackCountMax { break }
        copied = arena.copy(configuration.frame, into: &kept)
      }
      configurations.append(Configuration(node: configuration.node, frame: copied))
    }
    arena = kept
    kernel = configurations.sorted()
  }
}
