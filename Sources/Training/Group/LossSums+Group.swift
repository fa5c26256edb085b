// SPDX-License-Identifier: Apache-2.0

import Models

extension LossSums {
  /// All sums as numbers, for other ranks: the two losses, then each layer's balance loss and loads
  /// behind their count.
  ///
  /// Counts are exact: no step has 2^53 tokens.
  var numbers: [Double] {
    var numbers = [crossEntropy, prediction, Double(balance.count)]
    for (layer, loss) in balance.sorted(by: { $0.key < $1.key }) {
      numbers += [Double(layer), loss]
    }
    numbers.append(Double(loads.count))
    for (layer, counts) in loads.sorted(by: { $0.key < $1.key }) {
      numbers += [Double(layer), Double(counts.count)] + counts.map(Double.init)
    }
    return numbers
  }

  /// Reads what `numbers` gives.
  ///
  /// - Precondition: They are another rank's of the same program.
  init(numbers: [Double]) {
    self.init()
    var rest = numbers[...]
    crossEntropy = rest.removeFirst()
    prediction = rest.removeFirst()
    for _ in 0..<Int(rest.removeFirst()) {
      let layer = Int(rest.removeFirst())
      balance[layer] = rest.removeFirst()
    }
    for _ in 0..<Int(rest.removeFirst()) {
      let layer = Int(rest.removeFirst())
      let count = Int(rest.removeFirst())
      loads[layer] = rest.prefix(count).map { Int($0) }
      rest = rest.dropFirst(count)
    }
  }

  /// The sums of neighboring runs of rows, added by a balanced binary tree.
  ///
  /// - Precondition: There is at least one.
  static func tree(_ parts: [LossSums]) -> LossSums {
    guard parts.count > 1 else { return parts[0] }
    return tree(
      stride(from: 0, to: parts.count, by: 2).map { left in
        left + 1 < parts.count ? parts[left] + parts[left + 1] : parts[left]
      }
    )
  }
}
