// SPDX-License-Identifier: Apache-2.0

/// A set of Unicode scalars: ranges, classes and categories, or all but these.
struct CharacterSet: Hashable, Sendable {
  /// One part of a set; a set is the union of its parts.
  enum Item: Hashable, Sendable {
    case range(ClosedRange<UInt32>)
    case classes(ClassMask)
    case notClasses(ClassMask)
    /// General categories, a bit each in the order of `UnicodeClasses.categoryNames`.
    case categories(UInt32)
    case notCategories(UInt32)
  }

  private(set) var items: [Item]
  private(set) var isNegated: Bool
  /// Membership of the scalars below 128, all parts and the negation applied.
  private var low: UInt64 = 0
  private var high: UInt64 = 0
  /// Sorted ranges that do not touch, as pairs of ends.
  private var ranges: [UInt32] = []
  private var classes: ClassMask = []
  private var hasRareItems = false

  init(_ items: [Item], isNegated: Bool = false) {
    self.items = items
    self.isNegated = isNegated
    prepare()
  }

  init(_ scalar: UInt32) { self.init([.range(scalar...scalar)]) }

  /// Returns whether the scalar is in the set.
  @inline(__always)
  func contains(_ scalar: UInt32, _ table: UnicodeClasses) -> Bool {
    if scalar < 64 { return low >> UInt64(scalar) & 1 != 0 }
    if scalar < 128 { return high >> UInt64(scalar - 64) & 1 != 0 }
    return containsBeyondASCII(scalar, table)
  }

  private func containsBeyondASCII(_ scalar: UInt32, _ table: UnicodeClasses) -> Bool {
    if !classes.isEmpty, !table.mask(scalar).isDisjoint(with: classes) { return !isNegated }
    if !ranges.isEmpty, rangesContain(scalar) { return !isNegated }
    if hasRareItems, items.contains(where: { Self.matches($0, scalar, table) }) {
      return !isNegated
    }
    return isNegated
  }

  private func rangesContain(_ scalar: UInt32) -> Bool {
    var lower = 0
    var upper = ranges.count / 2
    while lower < upper {
      let middle = (lower + upper) / 2
      if scalar > ranges[2 * middle + 1] { lower = middle + 1 } else { upper = middle }
    }
    return 2 * lower < ranges.count && scalar >= ranges[2 * lower]
  }

  private static func matches(_ item: Item, _ scalar: UInt32, _ table: UnicodeClasses) -> Bool {
    switch item {
    case .range(let range): range.contains(scalar)
    case .classes(let mask): !table.mask(scalar).isDisjoint(with: mask)
    case .notClasses(let mask): table.mask(scalar).isDisjoint(with: mask)
    case .categories(let bits): bits >> UInt32(table.category(scalar)) & 1 != 0
    case .notCategories(let bits): bits >> UInt32(table.category(scalar)) & 1 == 0
    }
  }

  private mutating func prepare() {
    var sorted: [ClosedRange<UInt32>] = []
    for item in items {
      switch item {
      case .range(let range): sorted.append(range)
      case .classes(let mask): classes.formUnion(mask)
      case .notClasses, .categories, .notCategories: hasRareItems = true
      }
    }
    sorted.sort { $0.lowerBound < $1.lowerBound }
    for range in sorted {
      if let end = ranges.last, UInt64(range.lowerBound) <= UInt64(end) + 1 {
        ranges[ranges.count - 1] = max(end, range.upperBound)
      } else {
        ranges += [range.lowerBound, range.upperBound]
      }
    }
    let table = UnicodeClasses.shared
    for scalar in UInt32(0)..<128 {
      let isMember = items.contains { Self.matches($0, scalar, table) } != isNegated
      guard isMember else { continue }
      if scalar < 64 { low |= 1 << UInt64(scalar) } else { high |= 1 << UInt64(scalar - 64) }
    }
  }
}
