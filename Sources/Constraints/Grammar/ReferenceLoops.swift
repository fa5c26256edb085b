// SPDX-License-Identifier: Apache-2.0

/// Finds references that come back to themselves before a byte is written.
enum ReferenceLoops {
  static func check(
    _ root: SchemaShape,
    _ definitions: [SchemaShape],
    _ names: [String]
  ) throws(ConstraintError) {
    // 0: not seen, 1: on the way, 2: done.
    var marks = [UInt8](repeating: 0, count: definitions.count)
    for start in definitions.indices where marks[start] == 0 {
      var path: [(index: Int, next: [Int])] = [(start, targets(of: definitions[start]))]
      marks[start] = 1
      while let (index, next) = path.last {
        guard let target = next.last else {
          marks[index] = 2
          path.removeLast()
          continue
        }
        path[path.count - 1].next.removeLast()
        if marks[target] == 1 {
          throw ConstraintError(.endless(reference: names[target]), at: names[target])
        }
        guard marks[target] == 0 else { continue }
        marks[target] = 1
        path.append((target, targets(of: definitions[target])))
      }
    }
  }

  /// The definitions that can stand for the whole of a shape.
  private static func targets(of shape: SchemaShape) -> [Int] {
    switch shape {
    case .reference(let index): [index]
    case .choice(let shapes): shapes.flatMap(targets)
    default: []
    }
  }
}
