// SPDX-License-Identifier: Apache-2.0

/// The rows of one sequence in a forward pass, with the cache that their layer reads.
public struct AttentionRows<Cache: LayerCache>: Sendable {
  /// The rows of the pass that belong to the sequence; they are neighbors.
  public let rows: Range<Int>
  /// The position of the first of these rows in its sequence.
  public let firstPosition: Int
  /// The cache, which already holds these rows' own positions.
  public let cache: Cache

  /// Creates the rows of one sequence.
  public init(rows: Range<Int>, firstPosition: Int, cache: Cache) {
    self.rows = rows
    self.firstPosition = firstPosition
    self.cache = cache
  }
}

/// What computes: the operations of a forward pass over FP32 activations.
///
/// Every operation of every device gives the same bits for the same inputs, whatever the number of
/// rows, threads or neighbors; `Documentation/Arithmetic.md` states each order of summation. A row's
/// result depends on that row alone. Outputs never overlap inputs unless an operation says so.
public protocol Device: DeviceDerivatives {
  /// What `--version` and tests call it: `reference`, or a kernel path.
  var name: String { get }

  /// Copies rows of an embedding table, widened to FP32.
  ///
  /// - Parameters:
  ///   - ids: A row of the table each.
  ///   - table: `[vocabularySize, hiddenSize]`, F32, F16 or BF16.
  ///   - output: `[ids, hiddenSize]`.
  func lookUp(_ ids: [Int32], in table: Tensor, into output: ActivationView)

  /// Divides each row by its root mean square and multiplies with a weight.
  ///
  /// `y = (x · 1/√(Σx²/n + ε)) · w`. Output and input may be the same view.
  ///
  /// - Parameters:
  ///   - input: `[rows, n]`.
  ///   - weight: `[n]`, F32, F16 or BF16.
  ///   - epsilon: Added to the mean of squares.
  ///   - output: `[rows, n]`.
  func normalize(
    _ input: ActivationView,
    weight: Tensor,
    epsilon: Float,
    into output: ActivationView
  )

  /// Multiplies each row with a weight, in the dot form, and adds its bias.
  ///
  /// - Parameters:
  ///   - input: `[rows, columns of the weight]`.
  ///   - weight: `[outputs, inputs]`.
  ///   - output: `[rows, rows of the weight]`.
  ///   - computeType: What the inputs of the product are rounded to.
  func multiply(
    _ input: ActivationView,
    by weight: WeightMatrix,
    into output: ActivationView,
    computeType: ComputeType
  )

  /// Multiplies each row with several weights, as `multiply` with one after the other.
  ///
  /// - Parameters:
  ///   - input: `[rows, columns of the weights]`.
  ///   - weights: One an output, of equal column counts.
  ///   - outputs: `[rows, rows of the weight]` each.
  ///   - computeType: What the inputs of the products are rounded to.
  func multiply(
    _ input: ActivationView,
    by weights: [WeightMatrix],
    into outputs: ViewList,
    computeType: ComputeType
  )

  /// Multiplies the rows of each group with its expert's weight, or with several.
  ///
  /// - Parameters:
  ///   - input: Rows of inputs.
  ///   - inputRows: For each sorted pair, its row of `input`; nil where the rows are the pairs.
  ///   - groups: The experts and their pairs.
  ///   - weights: For each output one weight an expert, all of one shape.
  ///   - outputs: `[pairs, outputs]` each.
  ///   - computeType: What the inputs of the product are rounded to.
  func multiply(
    _ input: ActivationView,
    inputRows: [Int32]?,
    groups: [ExpertGroups.Group],
    by weights: [[WeightMatrix]],
    into outputs: ViewList,
    computeType: ComputeType
  )

  /// Rotates pairs of every head in place.
  ///
  /// `(a, b)` becomes `(fma(a, cos, −(b · sin)), fma(b, cos, a · sin))`.
  ///
  /// - Parameters:
  ///   - x: `[rows, heads · headStride]`.
  ///   - headCount: How many heads a row has.
  ///   - headStride: The distance between the starts of two heads.
  ///   - headOffset: Where the rotary part starts within a head.
  ///   - angles: Cosines and sines of at least as many rows.
  ///   - layout: Which elements form a pair.
  func rotate(
    _ x: ActivationView,
    headCount: Int,
    headStride: Int,
    headOffset: Int,
    angles: RotaryAngles,
    layout: RotaryLayout
  )

  /// Computes `gate / (1 + exp(−gate)) · up`, into `gate`.
  func multiplySiLU(gate: ActivationView, up: ActivationView)

  /// Adds `x` to the residual stream, element by element.
  func add(_ x: ActivationView, to residual: ActivationView)

  /// Appends keys and values of neighboring rows to a cache, rounded to its element type.
  ///
  /// - Parameters:
  ///   - keys: `[rows, heads · headDimension]`, rotated.
  ///   - values: `[rows, heads · headDimension]`.
  ///   - cache: Where they go.
  /// - Throws: `ComputeError` if memory cannot be had.
  func append(
    keys: ActivationView,
    values: ActivationView,
    to cache: KeyValueCache
  ) throws(ComputeError)

  /// Appends normed latents and rotated shared keys of neighboring rows to a cache.
  ///
  /// - Parameters:
  ///   - latents: `[rows, latentRank + rotaryDimension]`.
  ///   - cache: Where they go.
  /// - Throws: `ComputeError` if memory cannot be had.
  func append(latents: ActivationView, to cache: LatentCache) throws(ComputeError)

  /// Attends causally over cached keys and values; query heads share key/value heads in runs.
  ///
  /// - Parameters:
  ///   - queries: `[rows, heads · headDimension]`, rotated.
  ///   - headCount: How many query heads there are.
  ///   - sequences: Which rows see which cache.
  ///   - scale: What scores are multiplied with.
  ///   - output: `[rows, heads · headDimension]`.
  ///   - statistics: `[rows, 2 · heads]`: becomes the largest score of each head, then the sum of
  ///     exponentials; nil where no derivative follows.
  func attend(
    _ queries: ActivationView,
    headCount: Int,
    sequences: [AttentionRows<KeyValueCache>],
    scale: Float,
    into output: ActivationView,
    statistics: ActivationView?
  )

  /// Attends causally over cached latents: every head sees the same keys and values.
  ///
  /// - Parameters:
  ///   - queries: `[rows, heads · (latentRank + rotaryDimension)]`, absorbed and rotated.
  ///   - headCount: How many query heads there are.
  ///   - sequences: Which rows see which cache.
  ///   - scale: What scores are multiplied with.
  ///   - output: `[rows, heads · latentRank]`.
  ///   - statistics: `[rows, 2 · heads]`, as above.
  func attend(
    _ queries: ActivationView,
    headCount: Int,
    sequences: [AttentionRows<LatentCache>],
    scale: Float,
    into output: ActivationView,
    statistics: ActivationView?
  )

  /// Folds the key up-projection into queries, in the sum form, and copies their rotary part.
  ///
  /// Head i: `output[latent] = Σ_n query[n] · W[i · (noPosition + value) + n, latent]`.
  ///
  /// - Parameters:
  ///   - queries: `[rows, heads · (noPosition + rotary)]`, rotated.
  ///   - weight: kv_b_proj, `[heads · (noPosition + value), latentRank]`, F32, F16 or BF16.
  ///   - shape: The dimensions.
  ///   - output: `[rows, heads · (latentRank + rotary)]`.
  ///   - computeType: What the inputs of the product are rounded to.
  func absorb(
    _ queries: ActivationView,
    weight: Tensor,
    shape: LatentShape,
    into output: ActivationView,
    computeType: ComputeType
  )

  /// Multiplies each head's latent result with its value up-projection, in the dot form.
  ///
  /// - Parameters:
  ///   - latents: `[rows, heads · latentRank]`.
  ///   - weight: kv_b_proj, as in `absorb`.
  ///   - shape: The dimensions.
  ///   - output: `[rows, heads · value]`.
  ///   - computeType: What the inputs of the product are rounded to.
  func expandValues(
    _ latents: ActivationView,
    weight: Tensor,
    shape: LatentShape,
    into output: ActivationView,
    computeType: ComputeType
  )

  /// Chooses experts from router logits.
  ///
  /// - Parameters:
  ///   - logits: `[rows, experts]`.
  ///   - rule: How.
  ///   - selectionBias: Added to affinities for choosing only, `[experts]`, or nil.
  ///   - choice: Becomes the experts of each row; its room is used again.
  func route(
    _ logits: ActivationView,
    rule: RoutingRule,
    selectionBias: Tensor?,
    into choice: inout ExpertChoice
  )

  /// Adds each token's expert outputs in ascending order of experts, by FMA from +0.
  ///
  /// - Parameters:
  ///   - outputs: `[pairs, hiddenSize]`.
  ///   - choice: The weights.
  ///   - groups: Which pair belongs to which token and place.
  ///   - sum: `[tokens, hiddenSize]`, overwritten.
  func combine(
    _ outputs: ActivationView,
    choice: ExpertChoice,
    groups: ExpertGroups,
    into sum: ActivationView
  )

  /// The largest value and `Σ exp(x − largest)` of each row, in spans of 4,096 merged in order.
  func logSumExp(_ logits: ActivationView) -> [LogSumExp]
}

extension Device {
  /// Attends without a derivative that follows.
  public func attend(
    _ queries: ActivationView,
    headCount: Int,
    sequences: [AttentionRows<KeyValueCache>],
    scale: Float,
    into output: ActivationView
  ) {
    attend(
      queries,
      headCount: headCount,
      sequences: sequences,
      scale: scale,
      into: output,
      statistics: nil
    )
  }

  /// Attends without a derivative that follows.
  public func attend(
    _ queries: ActivationView,
    headCount: Int,
    sequences: [AttentionRows<LatentCache>],
    scale: Float,
    into output: ActivationView
  ) {
    attend(
      queries,
      headCount: headCount,
      sequences: sequences,
      scale: scale,
      into: output,
      statistics: nil
    )
  }
}

/// The dimensions of multi-head latent attention.
public struct LatentShape: Sendable, Hashable {
  /// How many query heads there are.
  public var headCount: Int
  /// Head dimensions of query and key without rotation.
  public var noPositionDimension: Int
  /// Head dimensions of query and key with rotation.
  public var rotaryDimension: Int
  /// The dimension of a head's value.
  public var valueDimension: Int
  /// The width of the key/value latent.
  public var latentRank: Int

  /// Creates a shape.
  public init(
    headCount: Int,
    noPositionDimension: Int,
    rotaryDimension: Int,
    valueDimension: Int,
    latentRank: Int
  ) {
    self.headCount = headCount
    self.noPositionDimension = noPositionDimension
    self.rotaryDimension = rotaryDimension
    self.valueDimension = valueDimension
    self.latentRank = latentRank
  }
}

/// What log-softmax needs of a row: `log p = (x − maximum) − log(sum)`.
public struct LogSumExp: Sendable, Hashable {
  /// The row's largest value.
  public var maximum: Float
  /// `Σ exp(x − maximum)`.
  public var sum: Float

  /// Creates the pair.
  public init(maximum: Float, sum: Float) {
    self.maximum = maximum
    self.sum = sum
  }

  /// The natural logarithm of the probability of an element with this value.
  ///
  /// The logarithm of the sum is taken in double precision and rounded once.
  public func logProbability(of value: Float) -> Float {
    (value - maximum) - Float(ElementaryFunctions.log(Double(sum)))
  }
}
