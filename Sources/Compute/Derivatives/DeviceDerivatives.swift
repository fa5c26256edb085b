// SPDX-License-Identifier: Apache-2.0

/// The derivatives of a device's operations, written by hand beside them.
///
/// `Documentation/Arithmetic.md`, "Derivatives", states each order of summation: no bit depends on
/// threads, nor on how a step's rows were cut into passes. Gradients of weights are added to what
/// their tensor holds.
public protocol DeviceDerivatives: Sendable {
  /// Copies rows as they are.
  func copy(_ x: ActivationView, into y: ActivationView)

  /// Sets every number of some rows to +0.
  func clear(_ x: ActivationView)

  /// Computes the gradients of products' inputs, `dX = dY · W`, in the sum form.
  ///
  /// - Parameters:
  ///   - products: Their targets do not overlap.
  ///   - computeType: What the inputs of the products are rounded to.
  func propagate(_ products: [InputGradient], computeType: ComputeType)

  /// Adds the gradients of products' weights, `dW += dYᵀ · X`, in the sum form.
  ///
  /// - Parameters:
  ///   - products: Their targets do not overlap.
  ///   - computeType: What the inputs of the products are rounded to.
  func accumulate(_ products: [WeightGradient], computeType: ComputeType)

  /// Adds rows to one row, in order: the gradient of a bias.
  ///
  /// - Parameters:
  ///   - rows: `[rows, n]`.
  ///   - sum: `[n]`, F32.
  func addRows(_ rows: ActivationView, to sum: Tensor)

  /// Adds rows to rows of a table, in order: the gradient of a look-up.
  ///
  /// - Parameters:
  ///   - rows: `[ids, n]`.
  ///   - ids: The row of the table of each.
  ///   - table: `[vocabularySize, n]`, F32.
  func addRows(_ rows: ActivationView, at ids: [Int32], to table: Tensor)

  /// Computes the gradients of an RMS norm's input and weight.
  ///
  /// - Parameters:
  ///   - input: What was normed, `[rows, n]`.
  ///   - weight: `[n]`, F32.
  ///   - epsilon: As in the norm.
  ///   - gradient: Of the result, `[rows, n]`.
  ///   - weightGradient: `[n]`, F32.
  ///   - output: The gradient of the input; not `gradient` itself.
  ///   - accumulates: Whether the input's gradient is added to what `output` holds.
  func normalizeGradient(
    of input: ActivationView,
    weight: Tensor,
    epsilon: Float,
    gradient: ActivationView,
    weightGradient: Tensor,
    into output: ActivationView,
    accumulates: Bool
  )

  /// Replaces gate and up by the gradients of `silu(gate) · up` with respect to them.
  func multiplySiLUGradient(_ gradient: ActivationView, gate: ActivationView, up: ActivationView)

  /// Computes the gradients of attention over cached keys and values.
  func attentionGradient(_ attention: AttentionGradient<KeyValueCache>)

  /// Computes the gradients of attention over cached latents; keys' and values' are one.
  func attentionGradient(_ attention: AttentionGradient<LatentCache>)

  /// Replaces logits by `(softmax − one at the target) · weight`.
  ///
  /// - Parameters:
  ///   - logits: `[rows, vocabularySize]`.
  ///   - sums: What `logSumExp` gave for them.
  ///   - targets: A column of each row.
  ///   - weights: One a row; 0 leaves a row out.
  func crossEntropyGradient(
    _ logits: ActivationView,
    sums: [LogSumExp],
    targets: [Int32],
    weights: [Float]
  )

  /// Computes the gradients of a mixture's sum.
  ///
  /// - Parameters:
  ///   - gradient: Of the sum, `[tokens, hiddenSize]`.
  ///   - outputs: The experts' outputs, `[pairs, hiddenSize]`; replaced by their gradients.
  ///   - choice: The weights.
  ///   - groups: Which pair belongs to which token and place.
  /// - Returns: The gradients of the weights, `[tokens, chosenCount]`.
  func combineGradient(
    _ gradient: ActivationView,
    outputs: ActivationView,
    choice: ExpertChoice,
    groups: ExpertGroups
  ) -> [Float]

  /// Computes what a router makes of logits before it chooses.
  ///
  /// - Parameters:
  ///   - logits: `[tokens, experts]`.
  ///   - rule: How they become affinities.
  ///   - affinities: `[tokens, experts]`, other rows than the logits'.
  func affinities(
    of logits: ActivationView,
    rule: RoutingRule,
    into affinities: ActivationView
  )

  /// Computes the gradient of router logits from those of the chosen experts' weights.
  ///
  /// - Parameters:
  ///   - logits: `[tokens, experts]`; replaced by their gradients.
  ///   - rule: How experts were chosen and weighted.
  ///   - choice: What was chosen.
  ///   - weightGradients: `[tokens, chosenCount]`.
  ///   - balance: The sequences whose loads a loss keeps even, with the loss's slopes.
  func routerGradient(
    _ logits: ActivationView,
    rule: RoutingRule,
    choice: ExpertChoice,
    weightGradients: [Float],
    balance: [BalanceSlopes]
  )

  /// The sum of squares of each of some F32 tensors, in blocks of 4,096 elements added in double
  /// precision.
  func sumsOfSquares(_ tensors: [Tensor]) -> [Double]

  /// Takes one step of AdamW.
  ///
  /// - Parameters:
  ///   - states: Weights with their gradients and moments; no two share a number.
  ///   - step: The step's numbers.
  func update(_ states: [AdamWState], by step: AdamWStep)
}

/// The gradient of one product's input: `dX = dY · W`.
public struct InputGradient: Sendable {
  /// dY, `[rows, outputs]`.
  public var gradient: ActivationView
  /// W, `[outputs, inputs]`, F32, F16 or BF16.
  public var weight: Tensor
  /// dX, `[rows, inputs]`.
  public var target: ActivationView
  /// Whether dX is added to what the target holds; else it starts from +0.
  public var accumulates: Bool

  /// Creates the product.
  public init(
    gradient: ActivationView,
    weight: Tensor,
    target: ActivationView,
    accumulates: Bool = false
  ) {
    self.gradient = gradient
    self.weight = weight
    self.target = target
    self.accumulates = accumulates
  }
}

/// The gradients of the weights of products that share an input: `dW += dYᵀ · X`.
public struct WeightGradient: Sendable {
  /// One of the products.
  public struct Output: Sendable {
    /// dY, `[rows, outputs]`.
    public var gradient: ActivationView
    /// dW, `[outputs, inputs]`, F32.
    public var target: Tensor

    /// Creates an output.
    public init(gradient: ActivationView, target: Tensor) {
      self.gradient = gradient
      self.target = target
    }
  }

  /// X, `[rows, inputs]`.
  public var input: ActivationView
  /// The products.
  public var outputs: [Output]
  /// Which rows meet, in what order.
  public var rows: ContractedRows

  /// Creates the products.
  public init(input: ActivationView, outputs: [Output], rows: ContractedRows) {
    self.input = input
    self.outputs = outputs
    self.rows = rows
  }
}

/// The rows over which a weight's gradient is summed: those of each batch row in order, pairs of BF16
/// numbers starting anew with each batch row.
public struct ContractedRows: Sendable, Hashable {
  /// How many places there are, those that are left empty included.
  public let count: Int
  /// The row of dY at each place, −1 for none; nil where place i is row i.
  public let gradientRows: [Int32]?
  /// The row of X at each place, −1 for none; nil where place i is row i.
  public let inputRows: [Int32]?

  /// Lines up neighboring rows.
  ///
  /// - Parameters:
  ///   - runs: The rows of each batch row; they are neighbors, from row 0 on.
  ///   - inputRows: For each row of dY the row of X; nil where they are the same.
  public init(runs: [Range<Int>], inputRows: [Int32]? = nil) {
    let isEven = runs.dropLast().allSatisfy { $0.count % 2 == 0 }
    if isEven, inputRows == nil {
      count = runs.last?.upperBound ?? 0
      gradientRows = nil
      self.inputRows = nil
      return
    }
    var places: [Int32] = []
    for run in runs {
      places += run.map(Int32.init)
      if run.count % 2 != 0 { places.append(-1) }
    }
    count = places.count
    gradientRows = places
    self.inputRows = inputRows.map { rows in places.map { $0 < 0 ? -1 : rows[Int($0)] } } ?? places
  }
}

/// What the derivative of attention needs, and where it goes.
public struct AttentionGradient<Cache: LayerCache>: Sendable {
  /// Rotated queries, `[rows, heads · keyWidth]`.
  public var queries: ActivationView
  /// What was stored in the caches, before it was rounded, `[rows, key heads · keyWidth]`.
  public var keys: ActivationView
  /// The result of attention, `[rows, heads · valueWidth]`.
  public var outputs: ActivationView
  /// What attention said of its sums, `[rows, 2 · heads]`.
  public var statistics: ActivationView
  /// The gradient of the result, `[rows, heads · valueWidth]`.
  public var gradient: ActivationView
  /// How many query heads there are.
  public var headCount: Int
  /// Which rows saw which cache, each from position 0 on.
  public var sequences: [AttentionRows<Cache>]
  /// What scores were multiplied with.
  public var scale: Float
  /// Becomes the gradient of the queries.
  public var queryGradient: ActivationView
  /// Becomes the gradient of the keys; of latents, that of the values is in it.
  public var keyGradient: ActivationView
  /// Becomes the gradient of the values, `[rows, key heads · valueWidth]`; the keys' own for latents.
  public var valueGradient: ActivationView

  /// Creates the arguments.
  public init(
    queries: ActivationView,
    keys: ActivationView,
    outputs: ActivationView,
    statistics: ActivationView,
    gradient: ActivationView,
    headCount: Int,
    sequences: [AttentionRows<Cache>],
    scale: Float,
    queryGradient: ActivationView,
    keyGradient: ActivationView,
    valueGradient: ActivationView
  ) {
    self.queries = queries
    self.keys = keys
    self.outputs = outputs
    self.statistics = statistics
    self.gradient = gradient
    self.headCount = headCount
    self.sequences = sequences
    self.scale = scale
    self.queryGradient = queryGradient
    self.keyGradient = keyGradient
    self.valueGradient = valueGradient
  }
}
