// SPDX-License-Identifier: Apache-2.0

/// A finite automaton over bytes without choices; state 0 is the first.
struct ByteTable: Sendable, Hashable {
  /// A step over a byte of a range.
  struct Edge: Sendable, Hashable {
    var low: UInt8
    var high: UInt8
    var target: Int32
  }

  /// A state and its steps, by their bytes.
  struct State: Sendable, Hashable {
    var edges: [Edge] = []
    var isFinal: Bool

    /// Adds a step behind those that there are.
    mutating func add(_ range: ClosedRange<UInt8>, _ target: Int32) {
      if let last = edges.last, last.target == target, last.high + 1 == range.lowerBound {
        edges[edges.count - 1].high = range.upperBound
      } else {
        edges.append(Edge(low: range.lowerBound, high: range.upperBound, target: target))
      }
    }
  }

  var states: [State] = []
}
