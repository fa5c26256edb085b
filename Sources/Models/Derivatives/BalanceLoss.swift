// SPDX-License-Identifier: Apache-2.0

import Compute

/// The sequence-wise balance loss (DeepSeek-V3, arXiv 2412.19437, section 2.1.2, equations 17 to 20).
///
/// `L = α Σᵢ fᵢ Pᵢ` for each sequence of T tokens and each mixture layer, averaged over sequences:
/// `fᵢ = N / (K T) Σₜ [i among the chosen of t]`, a constant, and `Pᵢ = 1/T Σₜ s'ᵢₜ` with the affinities
/// of a token divided by their sum.
public struct BalanceLoss: Sendable, Hashable {
  /// α.
  public var weight: Double
  /// How many sequences the whole step has.
  public var sequenceCount: Int
  /// Whether fᵢ counts the experts that were chosen, with bias and groups, instead of the K largest
  /// affinities as printed.
  public var countsChosen: Bool

  /// Creates the loss.
  public init(weight: Double, sequenceCount: Int, countsChosen: Bool = false) {
    self.weight = weight
    self.sequenceCount = sequenceCount
    self.countsChosen = countsChosen
  }

  /// Computes the loss of one sequence in one layer, and its slopes; both divided by the number of
  /// sequences.
  ///
  /// - Parameters:
  ///   - affinities: Of all rows, `[tokens, experts]`.
  ///   - rows: Those of the sequence.
  ///   - rule: The router's.
  ///   - choice: What the router chose.
  /// - Returns: The loss, and its slopes.
  func slopes(
    _ affinities: ActivationView,
    rows: Range<Int>,
    rule: RoutingRule,
    choice: ExpertChoice
  ) -> (loss: Double, slopes: BalanceSlopes) {
    var counts = [Int](repeating: 0, count: rule.expertCount)
    var means = [Double](repeating: 0, count: rule.expertCount)
    for row in rows {
      let affinities = affinities.floats(row: row)
      var sum = 0.0
      for value in affinities { sum += Double(value) }
      for (expert, value) in affinities.enumerated() { means[expert] += Double(value) / sum }
      if countsChosen {
        let places = row * rule.chosenCount..<(row + 1) * rule.chosenCount
        for expert in choice.experts[places] { counts[Int(expert)] += 1 }
      } else {
        for expert in Self.largest(rule.chosenCount, of: affinities) { counts[expert] += 1 }
      }
    }
    let length = Double(rows.count)
    let share = Double(rule.expertCount) / (Double(rule.chosenCount) * length)
    let scale = weight / Double(sequenceCount)
    var loss = 0.0
    var slopes: [Float] = []
    for (count, mean) in zip(counts, means) {
      let fraction = share * Double(count)
      loss += scale * fraction * (mean / length)
      slopes.append(Float(scale * fraction / length))
    }
    return (loss, BalanceSlopes(rows: rows, slopes: slopes))
  }

  /// The places of the `count` largest values; of equals the lower.
  private static func largest(_ count: Int, of values: [Float]) -> [Int] {
    var places: [Int] = []
    for (place, value) in values.enumerated() {
      var end = places.count
      while end > 0, value > values[places[end - 1]] { end -= 1 }
      guard end < count else { continue }
      if places.count == count { places.removeLast() }
      places.insert(place, at: end)
    }
    return places
  }
}

/// How often experts were chosen, and what the balance loss came to, in each mixture layer.
///
/// Layers are added to their own sums, rows in their order, so that no pass's size has a say.
final class ExpertLoads {
  private(set) var counts: [Int: [Int]]
  private(set) var balanceLosses: [Int: Double]

  /// Goes on from what earlier rows came to.
  init(_ sums: LossSums) {
    counts = sums.loads
    balanceLosses = sums.balance
  }

  /// Takes over what a later pass, which went on from here, came to.
  func take(_ later: ExpertLoads) {
    counts = later.counts
    balanceLosses = later.balanceLosses
  }

  func add(balanceLoss loss: Double, layer: Int) { balanceLosses[layer, default: 0] += loss }

  func add(_ choice: ExpertChoice, expertCount: Int, layer: Int) {
    for expert in choice.experts {
      counts[layer, default: [Int](repeating: 0, count: expertCount)][Int(expert)] += 1
    }
  }
}
