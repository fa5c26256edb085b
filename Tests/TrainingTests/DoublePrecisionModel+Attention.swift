// SPDX-License-Identifier: Apache-2.0

import Compute
import Models

extension DoublePrecisionModel {
  /// Multi-head latent attention with keys and values spelled out for each head (DeepSeek-V2,
  /// arXiv 2405.04434, section 2.1.2 and 2.1.3, equations 37 to 47).
  func latentAttention(
    _ x: Rows,
    _ plan: LatentPlan,
    _ prefix: String,
    _ positions: [Int]
  ) -> Rows {
    let shape = plan.shape
    let (plain, turned) = (shape.noPositionDimension, shape.rotaryDimension)
    // The published code's epsilon of the latents' norms, whatever rms_norm_eps says.
    let epsilon = 1e-6
    let queries: Rows
    if plan.queryRank == nil {
      queries = linear(x, prefix + "q_proj")
    } else {
      let latents = linear(x, prefix + "q_a_proj")
      queries = linear(
        norm(latents, prefix + "q_a_layernorm.weight", epsilon: epsilon),
        prefix + "q_b_proj"
      )
    }
    let compressed = linear(x, prefix + "kv_a_proj_with_mqa")
    let latents = compressed.map { Array($0.prefix(shape.latentRank)) }
    let keyValues = linear(
      norm(latents, prefix + "kv_a_layernorm.weight", epsilon: epsilon),
      prefix + "kv_b_proj"
    )
    let sharedKeys = zip(compressed, positions).map { row, position in
      rotated(row.suffix(turned), position)
    }
    let scale = scaling.scoreFactor / Double(plain + turned).squareRoot()
    var results = x.map { _ in [Double]() }
    for head in 0..<shape.headCount {
      let own = queries.indices.map { row -> [Double] in
        let query = queries[row][head * (plain + turned)..<(head + 1) * (plain + turned)]
        return query.prefix(plain) + rotated(query.dropFirst(plain), positions[row])
      }
      let width = plain + shape.valueDimension
      let pairs = keyValues.map { $0[head * width..<(head + 1) * width] }
      let keys = zip(pairs, sharedKeys).map { Array($0.prefix(plain)) + $1 }
      attend(own, keys, pairs.map { Array($0.dropFirst(plain)) }, scale, onto: &results)
    }
    return linear(results, prefix + "o_proj")
  }

  /// Attention whose query heads share keys and values in runs (Ainslie and others, arXiv 2305.13245).
  func groupedQueryAttention(
    _ x: Rows,
    _ plan: GroupedQueryPlan,
    _ prefix: String,
    _ positions: [Int]
  ) -> Rows {
    let width = plan.headDimension
    let queries = linear(x, prefix + "q_proj")
    let (keys, values) = (linear(x, prefix + "k_proj"), linear(x, prefix + "v_proj"))
    let head = { (rows: Rows, index: Int) in
      rows.map { Array($0[index * width..<(index + 1) * width]) }
    }
    let turned = { (rows: Rows, index: Int, name: String) -> Rows in
      let own = head(rows, index)
      let normed = plan.normalizesQueriesAndKeys ? norm(own, prefix + name) : own
      return zip(normed, positions).map { rotated($0[...], $1) }
    }
    let scale = 1 / Double(width).squareRoot()
    var results = x.map { _ in [Double]() }
    for index in 0..<plan.headCount {
      let shared = index / (plan.headCount / plan.keyValueHeadCount)
      attend(
        turned(queries, index, "q_norm.weight"),
        turned(keys, shared, "k_norm.weight"),
        head(values, shared),
        scale,
        onto: &results
      )
    }
    return linear(results, prefix + "o_proj")
  }

  /// Appends one head's `softmax(q · k) v` over each row's own place and those before it.
  private func attend(
    _ queries: Rows,
    _ keys: Rows,
    _ values: Rows,
    _ scale: Double,
    onto results: inout Rows
  ) {
    for row in queries.indices {
      let scores = (0...row).map { place in
        zip(queries[row], keys[place]).reduce(0) { $0 + $1.0 * $1.1 } * scale
      }
      let maximum = scores.max() ?? 0
      let exponentials = scores.map { ElementaryFunctions.exp($0 - maximum) }
      let sum = exponentials.reduce(0, +)
      var result = [Double](repeating: 0, count: values[row].count)
      for place in 0...row {
        for column in result.indices {
          result[column] += exponentials[place] / sum * values[place][column]
        }
      }
      results[row] += result
    }
  }

  /// Rotary embedding (Su and others, arXiv 2104.09864): pair j turned by position · base^(−2j/d).
  private func rotated(_ x: ArraySlice<Double>, _ position: Int) -> [Double] {
    var result = Array(x)
    let pairs = result.count / 2
    let isSplit = architecture.rotary.layout == .halfSplit
    for pair in 0..<pairs {
      let plain = ElementaryFunctions.pow(10_000, -Double(pair) / Double(pairs))
      let frequency = plain / (scaling.divisors?[pair] ?? 1)
      let turn = ElementaryFunctions.sineAndCosine(Double(position) * frequency)
      let (sine, cosine) = (turn.sine * scaling.factor, turn.cosine * scaling.factor)
      let (first, second) = isSplit ? (pair, pair + pairs) : (2 * pair, 2 * pair + 1)
      let (a, b) = (result[first], result[second])
      result[first] = a * cosine - b * sine
      result[second] = a * sine + b * cosine
    }
    return result
  }
}
