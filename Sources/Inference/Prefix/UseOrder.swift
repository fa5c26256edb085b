// SPDX-License-Identifier: Apache-2.0

/// Some things in the order in which they were last used.
///
/// - Complexity: O(1) for each operation.
struct UseOrder {
  private struct Link {
    var newer: Int?
    var older: Int?
  }

  private var links: [Int: Link] = [:]
  private var newest: Int?
  /// What was not used for longest.
  private(set) var oldest: Int?

  /// How many things there are.
  var count: Int { links.count }

  func contains(_ id: Int) -> Bool { links[id] != nil }

  /// Makes one the newest; it may be new.
  mutating func use(_ id: Int) {
    remove(id)
    links[id] = Link(newer: nil, older: newest)
    if let newest { links[newest]?.newer = id }
    newest = id
    if oldest == nil { oldest = id }
  }

  /// Forgets one, if it is there.
  mutating func remove(_ id: Int) {
    guard let link = links.removeValue(forKey: id) else { return }
    if let newer = link.newer { links[newer]?.older = link.older } else { newest = link.older }
    if let older = link.older { links[older]?.newer = link.newer } else { oldest = link.newer }
  }
}
