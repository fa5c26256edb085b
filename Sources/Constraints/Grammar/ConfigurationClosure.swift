// SPDX-License-Identifier: Apache-2.0

/// All that can come next in a set of configurations.
struct ConfigurationClosure: Sendable {
  /// A step over one byte.
  struct Move: Sendable {
    var low: UInt8
    var high: UInt8
    var target: Configuration
  }

  private(set) var moves: [Move] = []
  private(set) var controls: [(token: Int32, target: Configuration)] = []
  /// Whether the rule at the bottom can end here.
  private(set) var exits = false

  // LIMIT: so many configurations are followed; only an ambiguous schema that calls itself has
  // more than hundreds. What is beyond is dropped, the same in every run.
  private static let countMax = 20_000

  /// Follows jumps, calls and returns until bytes are due.
  ///
  /// - Complexity: O(configurations that are reached).
  init(of kernel: [Configuration], in automaton: Automaton, _ arena: inout StackArena) {
    var pending = kernel.reversed() as [Configuration]
    var seen = Set(kernel)
    func add(_ node: Int32, _ frame: Int32, _ depth: Int32) {
      let need = automaton.needs[Int(node)]
      guard need != Automaton.never, depth + need <= Automaton.nestingMax,
        seen.count < Self.countMax
      else { return }
      let configuration = Configuration(node: node, frame: frame)
      if seen.insert(configuration).inserted { pending.append(configuration) }
    }
    while let current = pending.popLast() {
      let node = automaton.nodes[Int(current.node)]
      let frame = arena.frames[Int(current.frame)]
      addSteps(of: node, current.frame, frame.depth, automaton, &arena)
      for target in node.jumps { add(target, current.frame, frame.depth) }
      for call in node.calls {
        let needAfter = automaton.needs[Int(call.returnNode)]
        guard needAfter != Automaton.never, frame.depth + needAfter <= Automaton.nestingMax else {
          continue
        }
        // What would only return at once needs no frame, so that chains of rules do not grow.
        if automaton.nodes[Int(call.returnNode)].isOnlyFinal {
          add(call.entry, current.frame, frame.depth)
        } else {
          let depth = frame.depth + node.level
          guard automaton.needs[Int(call.entry)] <= Automaton.nestingMax - depth else { continue }
          let above = arena.push(call.returnNode, above: current.frame, depth: depth)
          add(call.entry, above, depth)
        }
      }
      guard node.isFinal else { continue }
      if current.frame == 0 {
        exits = true
      } else {
        add(frame.returnNode, frame.parent, arena.frames[Int(frame.parent)].depth)
      }
    }
  }

  private mutating func addSteps(
    of node: Automaton.Node,
    _ frame: Int32,
    _ depth: Int32,
    _ automaton: Automaton,
    _ arena: inout StackArena
  ) {
    for edge in node.edges where Self.isViable(edge.target, depth, automaton) {
      var target = Configuration(node: edge.target, frame: frame)
      if automaton.isOpening[Int(edge.target)] {
        // What is viable here has a way to its end, and so has the one rule that it calls.
        let opening = automaton.nodes[Int(edge.target)]
        let call = opening.calls[0]
        target.node = call.entry
        if !automaton.nodes[Int(call.returnNode)].isOnlyFinal {
          let above = depth + opening.level
          target.frame = arena.push(call.returnNode, above: frame, depth: above)
        }
      }
      moves.append(Move(low: edge.low, high: edge.high, target: target))
    }
    for edge in node.controls where Self.isViable(edge.target, depth, automaton) {
      controls.append((edge.token, Configuration(node: edge.target, frame: frame)))
    }
  }

  private static func isViable(_ node: Int32, _ depth: Int32, _ automaton: Automaton) -> Bool {
    let need = automaton.needs[Int(node)]
    return need != Automaton.never && depth + need <= Automaton.nestingMax
  }

  /// The configurations after a byte, in order.
  func kernel(after byte: UInt8) -> [Configuration] {
    var result: [Configuration] = []
    for move in moves where move.low <= byte && byte <= move.high { result.append(move.target) }
    return Self.unique(result)
  }

  /// The configurations after a control token, in order.
  func kernel(afterControl token: Int32) -> [Configuration] {
    Self.unique(controls.filter { $0.token == token }.map(\.target))
  }

  private static func unique(_ configurations: [Configuration]) -> [Configuration] {
    guard configurations.count > 1 else { return configurations }
    var result: [Configuration] = []
    for configuration in configurations.sorted() where result.last != configuration {
      result.append(configuration)
    }
    return result
  }
}
