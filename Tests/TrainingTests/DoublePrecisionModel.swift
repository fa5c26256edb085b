// SPDX-License-Identifier: Apache-2.0

import Compute
import Models

/// The loss of a training step in double precision, said the plain way: whole sequences, attention
/// with its keys and values spelled out, no derivative.
///
/// It shares dimensions and elementary functions with the product, and no operation of a device.
struct DoublePrecisionModel {
  let architecture: Architecture
  /// What YaRN does to rotation and scores.
  var scaling = RotationScaling()
  /// Every tensor by its published name, row after row.
  var weights: [String: [Double]]

  /// Rows of numbers: those of tokens, as a rule.
  typealias Rows = [[Double]]

  /// YaRN (Peng and others, arXiv 2309.00071) in numbers; without it all are 1.
  struct RotationScaling {
    /// What each pair's frequency is divided by; nil where none is changed.
    var divisors: [Double]?
    /// What sine and cosine are multiplied with.
    var factor = 1.0
    /// What scores are multiplied with.
    var scoreFactor = 1.0
  }

  /// What some rows of a batch come to.
  struct Loss {
    /// Σ −log p over the targets that count.
    var crossEntropy = 0.0
    /// The same of the tokens after next.
    var prediction = 0.0
    /// The balance loss of each mixture layer, weighted.
    var balance: [Int: Double] = [:]
    /// How often each expert was chosen in each mixture layer.
    var loads: [Int: [Int]] = [:]
    /// Everything that was chosen by size: where a choice differs, the loss has a step.
    var choices = Choices()

    /// The terms as a training step weighs them.
    func total(_ weights: LossWeights) -> Double {
      crossEntropy * weights.token + prediction * weights.prediction
        + balance.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
    }
  }

  /// What was chosen by size, in order, and how clearly.
  struct Choices {
    /// The places that were chosen, ascending.
    private(set) var places: [[Int]] = []
    /// The least distance between what was chosen and what was not.
    private(set) var margin = Double.infinity

    /// The `count` candidates with the largest values, ascending.
    mutating func largest(_ count: Int, of values: [Double], among candidates: [Int]) -> [Int] {
      let ordered = candidates.sorted { values[$0] > values[$1] }
      if count < ordered.count {
        margin = min(margin, values[ordered[count - 1]] - values[ordered[count]])
      }
      let chosen = ordered.prefix(count).sorted()
      places.append(chosen)
      return chosen
    }

    /// Adds what was chosen later.
    mutating func append(_ later: Choices) {
      places += later.places
      margin = min(margin, later.margin)
    }
  }

  /// The loss of a batch.
  func loss(_ batch: [TrainingRow], weights: LossWeights) -> Loss {
    var loss = Loss()
    for row in batch {
      var (routed, predicted) = (RoutedRow(), RoutedRow())
      for sequence in row.sequences {
        let counts = sequence.counts ?? sequence.ids.map { _ in true }
        let positions = Array(sequence.ids.indices)
        var x = look(up: sequence.ids)
        for index in architecture.layers.indices {
          apply(layer: index, to: &x, positions: positions, &routed)
        }
        let hidden = norm(x, "model.norm.weight")
        loss.crossEntropy += crossEntropy(hidden, sequence.targets[...], counts[...])
        guard weights.prediction != 0, !architecture.predictionLayers.isEmpty else { continue }
        loss.prediction += prediction(hidden, sequence, counts, &predicted)
      }
      finish(routed, weights.balance, &loss)
      finish(predicted, weights.balance, &loss)
    }
    return loss
  }

  /// Multi-token prediction (DeepSeek-V3, section 2.2, equations 21 to 24): state i and the embedding of
  /// token i + 1, normed and projected, go through one layer and the shared head to token i + 2.
  private func prediction(
    _ hidden: Rows,
    _ sequence: TrainingSequence,
    _ counts: [Bool],
    _ routed: inout RoutedRow
  ) -> Double {
    let layer = architecture.layers.count
    let prefix = "model.layers.\(layer)."
    let embedded = norm(look(up: Array(sequence.ids.dropFirst())), prefix + "enorm.weight")
    let states = norm(Array(hidden.dropLast()), prefix + "hnorm.weight")
    // The released weights take the embedding first; the paper writes it second.
    var x = linear(zip(embedded, states).map { $0 + $1 }, prefix + "eh_proj")
    apply(layer: layer, to: &x, positions: Array(sequence.ids.indices.dropFirst()), &routed)
    return crossEntropy(
      norm(x, prefix + "shared_head.norm.weight"),
      sequence.targets.dropFirst(),
      counts.dropFirst()
    )
  }

  /// Σ −log softmax of the head's logits at the targets that count.
  private func crossEntropy(
    _ hidden: Rows,
    _ targets: ArraySlice<Int32>,
    _ counts: ArraySlice<Bool>
  ) -> Double {
    let head = weights["lm_head.weight"] == nil ? "model.embed_tokens" : "lm_head"
    var sum = 0.0
    for (logits, (target, isCounted)) in zip(linear(hidden, head), zip(targets, counts))
    where isCounted {
      let maximum = logits.max() ?? 0
      let exponentials = logits.map { ElementaryFunctions.exp($0 - maximum) }
      sum += ElementaryFunctions.log(exponentials.reduce(0, +)) + maximum - logits[Int(target)]
    }
    return sum
  }

  private func look(up ids: [Int32]) -> Rows {
    let table = self["model.embed_tokens.weight"]
    let width = architecture.hiddenSize
    return ids.map { Array(table[Int($0) * width..<(Int($0) + 1) * width]) }
  }

  /// A pre-norm transformer layer.
  private func apply(
    layer: Int,
    to x: inout Rows,
    positions: [Int],
    _ routed: inout RoutedRow
  ) {
    let plan = (architecture.layers + architecture.predictionLayers)[layer]
    let prefix = "model.layers.\(layer)."
    let normed = norm(x, prefix + "input_layernorm.weight")
    switch plan.attention {
    case .latent(let plan):
      add(latentAttention(normed, plan, prefix + "self_attn.", positions), to: &x)
    case .groupedQuery(let plan):
      add(groupedQueryAttention(normed, plan, prefix + "self_attn.", positions), to: &x)
    }
    let second = norm(x, prefix + "post_attention_layernorm.weight")
    switch plan.feedForward {
    case .dense: add(swiGLU(second, prefix + "mlp."), to: &x)
    case .mixture(let plan): add(mixture(second, plan, layer, &routed), to: &x)
    }
  }

  private func add(_ rows: Rows, to x: inout Rows) {
    x = zip(x, rows).map { zip($0, $1).map(+) }
  }
}

extension DoublePrecisionModel {
  /// A tensor; a name that is not there is a mistake of the test.
  subscript(name: String) -> [Double] {
    guard let values = weights[name] else { preconditionFailure("no tensor \(name)") }
    return values
  }

  /// `x · Wᵀ + b`, with a bias where there is one.
  func linear(_ x: Rows, _ name: String) -> Rows {
    let (matrix, bias) = (self[name + ".weight"], weights[name + ".bias"])
    return x.map { row in
      let outputs = matrix.count / row.count
      var result = bias ?? [Double](repeating: 0, count: outputs)
      for output in 0..<outputs {
        let start = output * row.count
        var sum = 0.0
        for column in 0..<row.count { sum += matrix[start + column] * row[column] }
        result[output] += sum
      }
      return result
    }
  }

  /// The RMS norm (Zhang and Sennrich, arXiv 1910.07467), epsilon added to the mean of squares.
  func norm(_ x: Rows, _ name: String, epsilon: Double? = nil) -> Rows {
    let weight = self[name]
    let epsilon = epsilon ?? Double(architecture.normEpsilon)
    return x.map { row in
      let mean = row.reduce(0) { $0 + $1 * $1 } / Double(row.count)
      let scale = 1 / (mean + epsilon).squareRoot()
      return zip(row, weight).map { $0 * scale * $1 }
    }
  }

  /// `down(silu(gate x) ⊙ up x)`.
  func swiGLU(_ x: Rows, _ prefix: String) -> Rows {
    let (gates, ups) = (linear(x, prefix + "gate_proj"), linear(x, prefix + "up_proj"))
    let products = zip(gates, ups).map { gate, up in
      zip(gate, up).map { $0 / (1 + ElementaryFunctions.exp(-$0)) * $1 }
    }
    return linear(products, prefix + "down_proj")
  }
}
