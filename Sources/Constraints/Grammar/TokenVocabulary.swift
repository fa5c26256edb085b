// SPDX-License-Identifier: Apache-2.0

/// What the tokens of a model are, laid out for masks; built once a model.
public struct TokenVocabulary: Sendable {
  /// How many ids there are.
  public let count: Int
  /// The ids that end an answer.
  public let endTokens: Set<Int32>
  let trie: TokenTrie
  /// The bytes of all tokens, and where each one's end.
  private let bytes: [UInt8]
  private let ends: [Int32]
  /// The largest nesting that one token can open.
  let bracketCountMax: Int32
  /// What the tokens do at each node of the shared rules without calls that a byte leads to.
  let leafEntries: [Int32: MaskEntry]

  /// Lays out a vocabulary.
  ///
  /// - Parameters:
  ///   - tokenBytes: The bytes of each ordinary token by id; nil for control tokens and ids without
  ///     a token. What is nil, empty or an end token is never text.
  ///   - endTokens: The ids that end an answer; those that are no index of `tokenBytes` are left out.
  /// - Complexity: O(n log n), half a second for 129,280 tokens.
  public init(tokenBytes: [[UInt8]?], endTokens: Set<Int32>) {
    count = tokenBytes.count
    let ids = Int32(0)..<Int32(tokenBytes.count)
    self.endTokens = endTokens.filter(ids.contains)
    var items: [TokenTrie.Item] = []
    var bytes: [UInt8] = []
    var ends: [Int32] = []
    for (id, token) in zip(ids, tokenBytes) {
      if let token, !token.isEmpty, !endTokens.contains(id) {
        items.append(TokenTrie.Item(bytes: token, token: id))
        bytes += token
      }
      ends.append(Int32(bytes.count))
    }
    let trie = TokenTrie(items)
    let brackets: [UInt8] = [UInt8(ascii: "{"), UInt8(ascii: "[")]
    let counts = items.map { item in item.bytes.count { brackets.contains($0) } }
    bracketCountMax = Int32(counts.max() ?? 0)
    self.trie = trie
    self.bytes = bytes
    self.ends = ends
    let shared = SharedRules.standard
    var machine = ClosureMachine(bottomDepth: 0)
    var entries: [Int32: MaskEntry] = [:]
    for node in shared.automaton.standing {
      entries[node] =
        MaskEntry(of: [node], &machine, shared.automaton, trie, idCount: tokenBytes.count)
    }
    leafEntries = entries
  }

  /// The bytes of an ordinary token; empty where there are none.
  func bytes(of token: Int32) -> ArraySlice<UInt8> {
    guard token >= 0, Int(token) < count else { return [] }
    let start = token == 0 ? 0 : Int(ends[Int(token) - 1])
    return bytes[start..<Int(ends[Int(token)])]
  }

  /// Whether an id can be a control token of a grammar: it is one of the model's, and no text.
  func isControl(_ token: Int32) -> Bool {
    token >= 0 && Int(token) < count && bytes(of: token).isEmpty
  }
}
