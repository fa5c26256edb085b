// SPDX-License-Identifier: Apache-2.0

extension ReferenceDevice {
  /// Stores rows, rounded to the element type of the cache.
  public func append(
    keys: ActivationView,
    values: ActivationView,
    to cache: KeyValueCache
  ) throws(ComputeError) {
    let first = cache.positionCount
    try cache.extend(by: keys.rowCount)
    for row in 0..<keys.rowCount {
      for head in 0..<cache.headCount {
        let columns = head * cache.headDimension..<(head + 1) * cache.headDimension
        cache.store(
          keys.columns(columns).floats(row: row),
          values.columns(columns).floats(row: row),
          position: first + row,
          head: head
        )
      }
    }
  }

  /// Stores rows, rounded to the element type of the cache.
  public func append(latents: ActivationView, to cache: LatentCache) throws(ComputeError) {
    let first = cache.positionCount
    try cache.extend(by: latents.rowCount)
    for row in 0..<latents.rowCount {
      cache.store(latents.floats(row: row), position: first + row)
    }
  }

  /// Runs the online softmax of each row over what it sees.
  public func attend(
    _ queries: ActivationView,
    headCount: Int,
    sequences: [AttentionRows<KeyValueCache>],
    scale: Float,
    into output: ActivationView,
    statistics: ActivationView?
  ) {
    let dimension = queries.columnCount / headCount
    for sequence in sequences {
      let cache = sequence.cache
      for head in 0..<headCount {
        let keyValueHead = head / (headCount / cache.headCount)
        let stored = (0..<sequence.firstPosition + sequence.rows.count).map {
          cache.load(position: $0, head: keyValueHead)
        }
        let columns = head * dimension..<(head + 1) * dimension
        for (index, row) in sequence.rows.enumerated() {
          let seen = stored.prefix(sequence.firstPosition + index + 1)
          let result = attention(
            query: scalars(queries.columns(columns), row: row),
            keys: seen.map { $0.key.map(Scalar.widened) },
            values: seen.map { $0.value.map(Scalar.widened) },
            scale: Scalar.widened(scale),
            inPairs: cache.elementType == .bf16
          )
          output.columns(columns).set(row: row, to: result.output.map(\.narrowed))
          statistics?.columns(2 * head..<2 * head + 2)
            .set(row: row, to: [result.maximum.narrowed, result.sum.narrowed])
        }
      }
    }
  }

  /// Runs the online softmax of each row over what it sees.
  public func attend(
    _ queries: ActivationView,
    headCount: Int,
    sequences: [AttentionRows<LatentCache>],
    scale: Float,
    into output: ActivationView,
    statistics: ActivationView?
  ) {
    for sequence in sequences {
      let cache = sequence.cache
      let stored = (0..<sequence.firstPosition + sequence.rows.count).map {
        cache.load(position: $0).map(Scalar.widened)
      }
      let values = stored.map { Array($0.prefix(cache.latentRank)) }
      for (index, row) in sequence.rows.enumerated() {
        let seen = sequence.firstPosition + index + 1
        for head in 0..<headCount {
          let queryColumns = head * cache.width..<(head + 1) * cache.width
          let result = attention(
            query: scalars(queries.columns(queryColumns), row: row),
            keys: Array(stored.prefix(seen)),
            values: Array(values.prefix(seen)),
            scale: Scalar.widened(scale),
            inPairs: cache.elementType == .bf16
          )
          let columns = head * cache.latentRank..<(head + 1) * cache.latentRank
          output.columns(columns).set(row: row, to: result.output.map(\.narrowed))
          statistics?.columns(2 * head..<2 * head + 2)
            .set(row: row, to: [result.maximum.narrowed, result.sum.narrowed])
        }
      }
    }
  }

  /// One query over its keys: online softmax in blocks of 64 and spans of 1,024.
  private func attention(
    query: [Scalar],
    keys: [[Scalar]],
    values: [[Scalar]],
    scale: Scalar,
    inPairs: Bool
  ) -> (output: [Scalar], maximum: Scalar, sum: Scalar) {
    let rounded = inPairs ? query.map(Scalar.roundedToBF16) : query
    let scores = keys.map {
      Scalar.product(Forms.dot(rounded, $0, inPairs: inPairs), scale)
    }
    var maximum = -Scalar.infinity
    var sum: Scalar = 0
    var total = [Scalar](repeating: 0, count: values[0].count)
    for start in stride(from: 0, to: scores.count, by: AttentionForm.spanExtent) {
      let range = start..<min(start + AttentionForm.spanExtent, scores.count)
      let span = self.span(scores[range], values[range], inPairs: inPairs)
      let larger = Forms.larger(maximum, span.maximum)
      let kept = Scalar.exponential(Scalar.sum(maximum, -larger))
      let added = Scalar.exponential(Scalar.sum(span.maximum, -larger))
      sum = Scalar.fused(span.sum, added, Scalar.product(sum, kept))
      for d in total.indices {
        total[d] = Scalar.fused(span.output[d], added, Scalar.product(total[d], kept))
      }
      maximum = larger
    }
    return (total.map { Scalar.quotient($0, sum) }, maximum, sum)
  }

  private func span(
    _ scores: ArraySlice<Scalar>,
    _ values: ArraySlice<[Scalar]>,
    inPairs: Bool
  ) -> (maximum: Scalar, sum: Scalar, output: [Scalar]) {
    var maximum = -Scalar.infinity
    var lanes = [Scalar](repeating: 0, count: Forms.laneCount)
    var output = [Scalar](repeating: 0, count: values[values.startIndex].count)
    for start in stride(from: scores.startIndex, to: scores.endIndex, by: CacheBlocks.blockExtent) {
      let block = start..<min(start + CacheBlocks.blockExtent, scores.endIndex)
      let larger = scores[block].reduce(maximum, Forms.larger)
      let kept = Scalar.exponential(Scalar.sum(maximum, -larger))
      let p = scores[block].map { Scalar.exponential(Scalar.sum($0, -larger)) }
      for lane in lanes.indices { lanes[lane] = Scalar.product(lanes[lane], kept) }
      for (k, value) in p.enumerated() {
        lanes[k % Forms.laneCount] = Scalar.sum(lanes[k % Forms.laneCount], value)
      }
      for d in output.indices { output[d] = Scalar.product(output[d], kept) }
      Forms.weightedSum(
        inPairs ? p.map(Scalar.roundedToBF16) : p,
        Array(values[block]),
        onto: &output,
        inPairs: inPairs
      )
      maximum = larger
    }
    return (maximum, Forms.tree(lanes), output)
  }
}
