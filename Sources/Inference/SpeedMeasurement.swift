// SPDX-License-Identifier: Apache-2.0

public import Models

/// Measures tokens a second of a decoder over fixed, made-up tokens.
public struct SpeedMeasurement {
  private let decoder: Decoder
  private let contextLength: Int
  private let chunk: Int

  /// Creates a measurement.
  public init(decoder: Decoder, contextLength: Int, chunk: Int) {
    self.decoder = decoder
    self.contextLength = contextLength
    self.chunk = max(chunk, 1)
  }

  /// Tokens a second of a prompt of `count` tokens; logits are computed for the last alone.
  ///
  /// - Throws: `ModelError` if the prompt is too long.
  public func prefillTokensPerSecond(_ count: Int) throws(ModelError) -> Double {
    let start = ContinuousClock.now
    _ = try fill(count)
    return Double(count) / start.seconds(to: ContinuousClock.now)
  }

  /// Tokens a second of `count` single steps of each of some sequences after `depth` cached tokens.
  ///
  /// - Throws: `ModelError` if the sequence is too long.
  public func decodeTokensPerSecond(
    _ count: Int,
    depth: Int,
    sequences: Int = 1
  ) throws(ModelError) -> Double {
    var inputs: [SequenceInput] = []
    for _ in 0..<sequences {
      inputs.append(SequenceInput(ids: [0], cache: try fill(max(depth, 1))))
    }
    let start = ContinuousClock.now
    for step in 0..<count {
      for sequence in inputs.indices {
        inputs[sequence].ids[0] = id(depth + step + 31 * sequence)
      }
      _ = try decoder.forward(inputs)
    }
    return Double(count * sequences) / start.seconds(to: ContinuousClock.now)
  }

  private func fill(_ count: Int) throws(ModelError) -> SequenceCache {
    guard count <= contextLength else {
      throw ModelError(.contextExceeded(positions: count, limit: contextLength))
    }
    let cache = decoder.makeCache()
    var start = 0
    while start < count {
      let end = min(start + chunk, count)
      let rows: SequenceInput.LogitRows = end == count ? .last : .none
      let input = SequenceInput(ids: (start..<end).map(id), cache: cache, logitRows: rows)
      _ = try decoder.forward([input])
      start = end
    }
    return cache
  }

  /// Scattered ids: a mixture of experts must not meet the same few experts every time.
  private func id(_ index: Int) -> Int32 {
    Int32((index * 7919 + 17) % decoder.architecture.vocabularySize)
  }

  /// The median of some numbers, 0 of none.
  public static func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
