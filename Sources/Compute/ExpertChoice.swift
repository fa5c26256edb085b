// SPDX-License-Identifier: Apache-2.0

/// The experts of some tokens: `chosenCount` entries a token, experts in ascending order.
public struct ExpertChoice: Sendable, Hashable {
  /// How many experts each token has.
  public private(set) var chosenCount: Int
  /// The experts, `[tokens, chosenCount]`.
  public var experts: [Int32]
  /// What their outputs are multiplied with, `[tokens, chosenCount]`.
  public var weights: [Float]

  /// Creates a choice.
  public init(chosenCount: Int, experts: [Int32] = [], weights: [Float] = []) {
    self.chosenCount = chosenCount
    self.experts = experts
    self.weights = weights
  }

  /// How many tokens it covers.
  public var tokenCount: Int { experts.count / chosenCount }

  /// Forgets the choice and keeps its room.
  mutating func clear(chosenCount: Int) {
    self.chosenCount = chosenCount
    experts.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
  }

  /// Makes room for some tokens; every entry is 0.
  mutating func reset(chosenCount: Int, tokenCount: Int) {
    clear(chosenCount: chosenCount)
    experts.append(contentsOf: repeatElement(0, count: chosenCount * tokenCount))
    weights.append(contentsOf: repeatElement(0, count: chosenCount * tokenCount))
  }
}

/// The (token, expert) pairs of a choice, sorted stably by expert.
public struct ExpertGroups: Sendable, Hashable {
  /// One expert's run of sorted pairs.
  public struct Group: Sendable, Hashable {
    /// The expert.
    public let expert: Int
    /// Its pairs.
    public let pairs: Range<Int>
  }

  /// The token of each sorted pair.
  public private(set) var tokens: [Int32] = []
  /// The experts that any token chose, ascending.
  public private(set) var groups: [Group] = []
  /// For each token and place in its choice, `[tokens, chosenCount]`, the sorted pair.
  public private(set) var pairs: [Int32] = []
  /// For each expert the next free pair, while pairs are sorted.
  private var next: [Int] = []

  /// Creates groups of nothing.
  public init() {}

  /// Sorts the pairs of a choice.
  public init(_ choice: ExpertChoice, expertCount: Int) {
    sort(choice, expertCount: expertCount)
  }

  /// Sorts the pairs of another choice into the room of the last.
  ///
  /// - Complexity: O(pairs + experts).
  public mutating func sort(_ choice: ExpertChoice, expertCount: Int) {
    next.fill(0, count: expertCount)
    for expert in choice.experts { next[Int(expert)] += 1 }
    groups.removeAll(keepingCapacity: true)
    var start = 0
    for expert in 0..<expertCount {
      let end = start + next[expert]
      if end > start { groups.append(Group(expert: expert, pairs: start..<end)) }
      next[expert] = start
      start = end
    }
    tokens.fill(0, count: choice.experts.count)
    pairs.fill(0, count: choice.experts.count)
    for (entry, expert) in choice.experts.enumerated() {
      let pair = next[Int(expert)]
      next[Int(expert)] += 1
      tokens[pair] = Int32(entry / choice.chosenCount)
      pairs[entry] = Int32(pair)
    }
  }
}

extension Array {
  /// Becomes `count` times a value, in the room it has.
  fileprivate mutating func fill(_ value: Element, count: Int) {
    removeAll(keepingCapacity: true)
    append(contentsOf: repeatElement(value, count: count))
  }
}
