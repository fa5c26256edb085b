// SPDX-License-Identifier: Apache-2.0

extension ReferenceDevice {
  /// One head of one sequence, as arrays.
  private struct Head {
    var queries: [[Scalar]]
    /// As attention stored them.
    var keys: [[Scalar]]
    var values: [[Scalar]]
    var gradients: [[Scalar]]
    var outputs: [[Scalar]]
    var statistics: [[Scalar]]
  }

  /// Goes through heads in order, keys by keys.
  public func attentionGradient(_ attention: AttentionGradient<KeyValueCache>) {
    clear(attention.keyGradient)
    clear(attention.valueGradient)
    for sequence in attention.sequences {
      let cache = sequence.cache
      let width = cache.headDimension
      for head in 0..<attention.headCount {
        let keyHead = head / (attention.headCount / cache.headCount)
        let stored = (0..<sequence.rows.count).map { cache.load(position: $0, head: keyHead) }
        run(
          attention,
          sequence.rows,
          head,
          keys: stored.map { $0.key.map(Scalar.widened) },
          values: stored.map { $0.value.map(Scalar.widened) },
          keyColumns: keyHead * width..<(keyHead + 1) * width,
          valueColumns: keyHead * width..<(keyHead + 1) * width,
          inPairs: cache.elementType == .bf16
        )
      }
    }
  }

  /// Goes through heads in order; the values' gradient of a head comes before the keys'.
  public func attentionGradient(_ attention: AttentionGradient<LatentCache>) {
    clear(attention.keyGradient)
    for sequence in attention.sequences {
      let cache = sequence.cache
      let stored = (0..<sequence.rows.count).map {
        cache.load(position: $0).map(Scalar.widened)
      }
      for head in 0..<attention.headCount {
        run(
          attention,
          sequence.rows,
          head,
          keys: stored,
          values: stored.map { Array($0.prefix(cache.latentRank)) },
          keyColumns: 0..<cache.width,
          valueColumns: 0..<cache.latentRank,
          inPairs: cache.elementType == .bf16
        )
      }
    }
  }

  private func run<Cache: LayerCache>(
    _ attention: AttentionGradient<Cache>,
    _ rows: Range<Int>,
    _ head: Int,
    keys: [[Scalar]],
    values: [[Scalar]],
    keyColumns: Range<Int>,
    valueColumns: Range<Int>,
    inPairs: Bool
  ) {
    let queryColumns = head * keyColumns.count..<(head + 1) * keyColumns.count
    let outputColumns = head * valueColumns.count..<(head + 1) * valueColumns.count
    let computeType: ComputeType = inPairs ? .bf16 : .f32
    let part = { (view: ActivationView, columns: Range<Int>) in
      rows.map { scalars(view.columns(columns), row: $0) }
    }
    let (queries, gradients) = (
      part(attention.queries, queryColumns), part(attention.gradient, outputColumns)
    )
    let (p, ds) = scoreGradients(
      Head(
        queries: queries.map { inputs($0, computeType) },
        keys: keys,
        values: values,
        gradients: gradients,
        outputs: part(attention.outputs, outputColumns),
        statistics: part(attention.statistics, 2 * head..<2 * head + 2)
      ),
      scale: Scalar.widened(attention.scale),
      inPairs: inPairs
    )
    // Products walk whole blocks of 64 positions; what is not seen, or not there, counts as +0.
    let blank = [Scalar](repeating: 0, count: keyColumns.count)
    for (index, row) in rows.enumerated() {
      let end = (index / CacheBlocks.blockExtent + 1) * CacheBlocks.blockExtent
      let seen = (0..<end).map { $0 < keys.count ? keys[$0] : blank }
      var sums = blank
      let slopes = (0..<end).map { $0 < keys.count ? ds[index][$0] : 0 }
      Forms.weightedSum(slopes, seen, onto: &sums, inPairs: inPairs)
      attention.queryGradient.columns(queryColumns).set(row: row, to: sums.map(\.narrowed))
    }
    let valueTarget = attention.valueGradient.columns(valueColumns)
    let keyTarget = attention.keyGradient.columns(keyColumns)
    add(p, gradients.map { inputs($0, computeType) }, to: valueTarget, rows, inPairs)
    add(ds, queries.map { inputs($0, computeType) }, to: keyTarget, rows, inPairs)
  }

  /// P and dS of all queries and keys, rounded as products take them; zero where a key is not seen.
  private func scoreGradients(
    _ head: Head,
    scale: Scalar,
    inPairs: Bool
  ) -> (p: [[Scalar]], ds: [[Scalar]]) {
    let computeType: ComputeType = inPairs ? .bf16 : .f32
    var p: [[Scalar]] = []
    var ds: [[Scalar]] = []
    for (index, query) in head.queries.enumerated() {
      let rounded = inputs(head.gradients[index], computeType)
      let share = Scalar.quotient(1, head.statistics[index][1])
      let offset = Forms.dot(head.gradients[index], head.outputs[index], inPairs: false)
      var row = [Scalar](repeating: 0, count: head.keys.count)
      var slopes = row
      for key in 0...index {
        let score = Scalar.product(Forms.dot(query, head.keys[key], inPairs: inPairs), scale)
        row[key] = Scalar.product(
          Scalar.exponential(Scalar.sum(score, -head.statistics[index][0])),
          share
        )
        let product = Forms.dot(rounded, head.values[key], inPairs: inPairs)
        slopes[key] = Scalar.product(
          Scalar.product(row[key], Scalar.sum(product, -offset)),
          scale
        )
      }
      p.append(inputs(row, computeType))
      ds.append(inputs(slopes, computeType))
    }
    return (p, ds)
  }

  /// Adds `left[query][key] · right[query]` over the queries of the blocks from the key's own on.
  private func add(
    _ left: [[Scalar]],
    _ right: [[Scalar]],
    to target: ActivationView,
    _ rows: Range<Int>,
    _ inPairs: Bool
  ) {
    let extent = CacheBlocks.blockExtent
    let padded = (left.count + extent - 1) / extent * extent
    let blank = [Scalar](repeating: 0, count: target.columnCount)
    for (key, row) in rows.enumerated() {
      let queries = key / extent * extent..<padded
      var sums = scalars(target, row: row)
      Forms.weightedSum(
        queries.map { $0 < left.count ? left[$0][key] : 0 },
        queries.map { $0 < right.count ? right[$0] : blank },
        onto: &sums,
        inPairs: inPairs
      )
      target.set(row: row, to: sums.map(\.narrowed))
    }
  }
}
