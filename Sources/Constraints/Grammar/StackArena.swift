// SPDX-License-Identifier: Apache-2.0

/// The stacks of a set of configurations, sharing what they have in common.
///
/// A frame is what a called rule returns to, and the frame below; equal ones are one, so that equal
/// stacks have equal numbers. Frame 0 is the bottom.
struct StackArena: Sendable {
  /// Where a called rule returns to.
  struct Frame: Sendable {
    var parent: Int32
    var returnNode: Int32
    /// How many brackets are open below the called rule.
    var depth: Int32
  }

  private(set) var frames: [Frame]
  private var indices: [UInt64: Int32] = [:]

  /// Creates an arena that holds the bottom alone.
  init(bottomDepth: Int32 = 0) {
    frames = [Frame(parent: -1, returnNode: -1, depth: bottomDepth)]
  }

  /// The frame that is above another.
  mutating func push(_ returnNode: Int32, above parent: Int32, depth: Int32) -> Int32 {
    let key = UInt64(UInt32(bitPattern: parent)) << 32 | UInt64(UInt32(bitPattern: returnNode))
    if let index = indices[key] { return index }
    let index = Int32(frames.count)
    frames.append(Frame(parent: parent, returnNode: returnNode, depth: depth))
    indices[key] = index
    return index
  }

  /// Copies a frame and all below it into another arena.
  func copy(_ frame: Int32, into other: inout StackArena) -> Int32 {
    guard frame > 0 else { return 0 }
    var chain: [Int32] = []
    var current = frame
    while current > 0 {
      chain.append(current)
      current = frames[Int(current)].parent
    }
    var copied: Int32 = 0
    for index in chain.reversed() {
      let source = frames[Int(index)]
      copied = other.push(source.returnNode, above: copied, depth: source.depth)
    }
    return copied
  }
}

/// A node and the stack below it.
struct Configuration: Sendable, Hashable, Comparable {
  var node: Int32
  var frame: Int32

  /// By frame, then by node.
  static func < (left: Configuration, right: Configuration) -> Bool {
    left.frame == right.frame ? left.node < right.node : left.frame < right.frame
  }
}
