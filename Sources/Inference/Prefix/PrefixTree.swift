// SPDX-License-Identifier: Apache-2.0

/// The token ids of all prefixes that are known: for each owner a tree whose nodes are blocks of ids.
///
/// Prefixes that begin alike share their first nodes. A node is found by a hash of the nodes before it
/// and of its ids; the ids themselves decide. One with fewer ids than a block is the end of a prefix and
/// has no node below it.
package struct PrefixTree {
  /// A block of one owner's prefixes.
  package struct Node {
    /// What it follows.
    package let parent: Int
    /// Its ids; a whole block unless it ends a prefix.
    package let ids: [Int32]
    fileprivate let hash: Int
    /// What follows it.
    package fileprivate(set) var children: [Int] = []
  }

  /// What a prompt shares with a prefix.
  package struct Match: Equatable {
    /// The nodes, from the first on; the last may be shared in part.
    package var nodes: [Int] = []
    /// How many tokens are shared.
    package var count = 0
  }

  /// Hashes ids after the hash of what they follow.
  package typealias Hash = (_ previous: Int, _ ids: ArraySlice<Int32>) -> Int

  private let blockExtent: Int
  private let hash: Hash
  private var nodes: [Int: Node] = [:]
  private var roots: [PrefixOwner: Int] = [:]
  private var owners: [Int: PrefixOwner] = [:]
  /// Whole blocks by their hashes.
  private var buckets: [Int: [Int]] = [:]
  private var lastID = 0

  /// Creates an empty tree.
  package init(blockExtent: Int, hash: @escaping Hash = Self.seededHash) {
    self.blockExtent = blockExtent
    self.hash = hash
  }

  /// A hash that differs from process to process, so that nobody can make ids that collide.
  package static func seededHash(_ previous: Int, _ ids: ArraySlice<Int32>) -> Int {
    var hasher = Hasher()
    hasher.combine(previous)
    for id in ids { hasher.combine(id) }
    return hasher.finalize()
  }

  /// A node; nil once it was removed.
  package subscript(id: Int) -> Node? { nodes[id] }

  /// Where an owner's prefixes begin.
  package mutating func root(of owner: PrefixOwner) -> Int {
    if let root = roots[owner] { return root }
    lastID += 1
    roots[owner] = lastID
    owners[lastID] = owner
    nodes[lastID] = Node(parent: 0, ids: [], hash: lastID)
    return lastID
  }

  /// Whether anything of an owner is known.
  package func hasPrefixes(of owner: PrefixOwner) -> Bool {
    roots[owner].flatMap { nodes[$0] }.map { !$0.children.isEmpty } ?? false
  }

  // MARK: What is shared

  /// The longest beginning of some ids that a prefix of the owner has too.
  package func match(_ ids: ArraySlice<Int32>, owner: PrefixOwner) -> Match {
    var match = Match()
    guard var place = roots[owner] else { return match }
    var rest = ids
    while rest.count >= blockExtent, let next = wholeBlock(rest.prefix(blockExtent), after: place) {
      match.nodes.append(next)
      match.count += blockExtent
      rest = rest.dropFirst(blockExtent)
      place = next
    }
    if let (next, count) = nearest(rest, after: place), count > 0 {
      match.nodes.append(next)
      match.count += count
    }
    return match
  }

  /// The id that a prefix goes on with after a match; nil where it ends there.
  package func id(after match: Match, owner: PrefixOwner) -> Int32? {
    let within = match.nodes.count * blockExtent - match.count
    guard let place = match.nodes.last ?? roots[owner], let node = nodes[place] else { return nil }
    if within > 0 {
      let index = blockExtent - within
      return index < node.ids.count ? node.ids[index] : nil
    }
    return node.children.last.flatMap { nodes[$0] }?.ids.first
  }

  /// The node of some ids after another: the same ids, or, of fewer than a block, one that begins with
  /// them.
  package func node(_ ids: ArraySlice<Int32>, after place: Int) -> Int? {
    if ids.count == blockExtent { return wholeBlock(ids, after: place) }
    guard let (next, count) = nearest(ids, after: place), count == ids.count else { return nil }
    return next
  }

  private func wholeBlock(_ ids: ArraySlice<Int32>, after place: Int) -> Int? {
    guard let previous = nodes[place]?.hash else { return nil }
    // A hash is never trusted alone: the ids and what they follow must be the same.
    return buckets[hash(previous, ids)]?.first {
      nodes[$0].map { $0.parent == place && $0.ids[...] == ids } ?? false
    }
  }

  /// What shares most with some ids of all that follows a node.
  private func nearest(
    _ ids: ArraySlice<Int32>,
    after place: Int
  ) -> (node: Int, count: Int)? {
    var best: (node: Int, count: Int)?
    for child in nodes[place]?.children ?? [] {
      guard let node = nodes[child] else { continue }
      var count = 0
      for (known, id) in zip(node.ids, ids) {
        guard known == id else { break }
        count += 1
      }
      if count > best?.count ?? -1 { best = (child, count) }
    }
    return best
  }

  // MARK: What changes

  /// Adds a node after another.
  package mutating func add(_ ids: ArraySlice<Int32>, after place: Int) -> Int {
    lastID += 1
    let hash = hash(nodes[place]?.hash ?? 0, ids)
    nodes[lastID] = Node(parent: place, ids: Array(ids), hash: hash)
    nodes[place]?.children.append(lastID)
    if ids.count == blockExtent { buckets[hash, default: []].append(lastID) }
    return lastID
  }

  /// The ends of prefixes after a node that some ids begin with, and so are known twice.
  package func ends(before ids: ArraySlice<Int32>, after place: Int) -> [Int] {
    (nodes[place]?.children ?? []).filter { child in
      nodes[child].map { $0.ids.count < ids.count && ids.starts(with: $0.ids) } ?? false
    }
  }

  /// Removes a node and all below it, and an owner of whom nothing is left.
  ///
  /// - Returns: What was removed, a node before those below it.
  package mutating func remove(_ id: Int) -> [Int] {
    if let parent = nodes[id]?.parent {
      nodes[parent]?.children.removeAll { $0 == id }
      forgetRoot(parent)
    }
    var removed = [id]
    var index = 0
    while index < removed.count {
      if let node = nodes.removeValue(forKey: removed[index]) {
        removed += node.children
        unlink(removed[index], node)
      }
      index += 1
    }
    return removed
  }

  private mutating func forgetRoot(_ id: Int) {
    guard let owner = owners[id], nodes[id]?.children.isEmpty ?? false else { return }
    nodes[id] = nil
    owners[id] = nil
    roots[owner] = nil
  }

  private mutating func unlink(_ id: Int, _ node: Node) {
    guard node.ids.count == blockExtent else { return }
    buckets[node.hash]?.removeAll { $0 == id }
    if buckets[node.hash]?.isEmpty ?? false { buckets[node.hash] = nil }
  }
}
