// SPDX-License-Identifier: Apache-2.0

/// What one piece of work cost, as who did it knows it.
///
/// The writer adds its name, the row's number and the chain (`ChainedRow`). What is not known is
/// nil and becomes `null`.
public struct LedgerRow: Sendable, Hashable {
  /// The kinds of work.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// One or more steps of training.
    case train
    /// An evaluation, or one task of it.
    case evaluate
    /// An answer to somebody.
    case answer
    /// An answer that reinforcement learns from.
    case rollout
    /// Anything else: data that was made, a run that failed to start.
    case other
  }

  /// Where the figure of energy comes from.
  public enum EnergySource: String, Sendable, Hashable, CaseIterable {
    /// A meter of the machine.
    case measured
    /// Watts that were assumed, by seconds.
    case estimated
    /// There is no figure.
    case none
  }

  /// When the work ended: RFC 3339 in UTC, `2026-11-21T22:30:17Z` or with a fraction.
  public var time: String
  /// The kind of work.
  public var kind: Kind
  /// The run, evaluation or request that it belongs to.
  public var run: String?
  /// The hash of the recipe.
  public var recipe: String?
  /// The version of the program.
  public var code: String?
  /// The hash of the weights.
  public var weights: String?
  /// What did it, in words: the processor and its kernel path.
  public var device: String?
  /// How many such devices did it.
  public var deviceCount: Int?
  /// How long it took, in seconds.
  public var seconds: Double?
  /// How many tokens there were, by what they were for, for example `train` or `completion`.
  public var tokens: [String: Int]
  /// How many floating-point operations it took, counted and not measured.
  public var operations: Double?
  /// The energy, in joules.
  public var joules: Double?
  /// Where `joules` comes from.
  public var energySource: EnergySource
  /// The cost, in US dollars.
  public var dollars: Double?
  /// The table of prices that `dollars` was taken from.
  public var prices: String?

  /// Creates a row; what is left out is unknown.
  public init(
    time: String,
    kind: Kind,
    run: String? = nil,
    recipe: String? = nil,
    code: String? = nil,
    weights: String? = nil,
    device: String? = nil,
    deviceCount: Int? = nil,
    seconds: Double? = nil,
    tokens: [String: Int] = [:],
    operations: Double? = nil,
    joules: Double? = nil,
    energySource: EnergySource = .none,
    dollars: Double? = nil,
    prices: String? = nil
  ) {
    self.time = time
    self.kind = kind
    self.run = run
    self.recipe = recipe
    self.code = code
    self.weights = weights
    self.device = device
    self.deviceCount = deviceCount
    self.seconds = seconds
    self.tokens = tokens
    self.operations = operations
    self.joules = joules
    self.energySource = energySource
    self.dollars = dollars
    self.prices = prices
  }

  /// Whether a text has the form of a time in a row: `2026-11-21T22:30:17Z`, also with a fraction.
  public static func isTime(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return isTime(bytes.span)
  }

  /// Whether bytes have the form of a time in a row.
  static func isTime(_ bytes: Span<UInt8>) -> Bool {
    let form = timeForm
    guard bytes.count > form.count, bytes[bytes.count - 1] == UInt8(ascii: "Z") else {
      return false
    }
    for index in form.indices {
      let isDigit = form[index] == UInt8(ascii: "0")
      guard isDigit ? Self.isDigit(bytes[index]) : bytes[index] == form[index] else { return false }
    }
    let fraction = form.count..<bytes.count - 1
    guard !fraction.isEmpty else { return true }
    guard bytes[fraction.lowerBound] == UInt8(ascii: "."), fraction.count > 1 else { return false }
    for index in fraction.dropFirst() where !Self.isDigit(bytes[index]) { return false }
    return true
  }

  private static let timeForm = Array("0000-00-00T00:00:00".utf8)

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }
}
