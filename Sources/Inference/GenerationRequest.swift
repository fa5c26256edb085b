// SPDX-License-Identifier: Apache-2.0

/// One prompt and how it is to be continued.
public struct GenerationRequest: Sendable, Hashable {
  /// The prompt's tokens; not empty.
  public var promptIDs: [Int32]
  /// The most tokens to generate.
  public var maxTokens: Int
  /// How tokens are chosen.
  public var sampling: SamplingParameters
  /// Text that ends the completion and is not part of it.
  public var stops: [String]
  /// Whether end-of-sequence tokens are taken like any other.
  public var ignoresEndOfSequence: Bool
  /// Whether a text that only repeats its last tokens ends.
  public var endsLoops: Bool
  /// How many of the likeliest tokens are reported for each place; nil reports nothing.
  public var topLogProbabilities: Int?
  /// How many of the likeliest tokens are reported for each place of the prompt behind the first; nil
  /// reports nothing.
  public var promptLogProbabilities: Int?
  /// Which of several completions of the same prompt this is: each draws its own numbers.
  public var choiceIndex: Int
  /// Whether the prefix cache may serve it and keep what it leaves.
  public var usesPrefixCache: Bool

  /// Creates a request.
  public init(
    promptIDs: [Int32],
    maxTokens: Int,
    sampling: SamplingParameters = SamplingParameters(),
    stops: [String] = [],
    ignoresEndOfSequence: Bool = false,
    endsLoops: Bool = false,
    topLogProbabilities: Int? = nil,
    promptLogProbabilities: Int? = nil,
    choiceIndex: Int = 0,
    usesPrefixCache: Bool = true
  ) {
    self.promptIDs = promptIDs
    self.maxTokens = maxTokens
    self.sampling = sampling
    self.stops = stops
    self.ignoresEndOfSequence = ignoresEndOfSequence
    self.endsLoops = endsLoops
    self.topLogProbabilities = topLogProbabilities
    self.promptLogProbabilities = promptLogProbabilities
    self.choiceIndex = choiceIndex
    self.usesPrefixCache = usesPrefixCache
  }
}

/// What came of a request.
public struct Completion: Sendable, Hashable {
  /// Why a completion ended.
  public enum Finish: String, Sendable, Hashable {
    /// An end-of-sequence token or a stop text came.
    case stop
    /// The most tokens, or the context, were reached.
    case length
    /// The text only repeated its last tokens.
    case loop
    /// The caller asked to stop.
    case cancelled
  }

  /// The log-probability of a token, and of the likeliest ones at its place.
  public struct LogProbabilities: Sendable, Hashable {
    /// The generated token, or the prompt's.
    public var chosen: TokenLogProbability
    /// The likeliest tokens, likeliest first.
    public var top: [TokenLogProbability]
  }

  /// The generated tokens, an end-of-sequence token included.
  public var ids: [Int32] = []
  /// The generated text, without end-of-sequence token and stop text.
  public var text = ""
  /// Why it ended.
  public var finish = Finish.length
  /// The stop text that ended it; nil where something else did.
  public var stop: String?
  /// What it went round in, where that ended it.
  public var loop: LoopWatch.Loop?
  /// How many of the prompt's tokens the cache held before.
  public var cachedPromptCount = 0
  /// One entry for each token of the prompt behind the first, where asked for.
  public var promptLogProbabilities: [LogProbabilities] = []
  /// One entry a generated token, where asked for.
  public var logProbabilities: [LogProbabilities] = []
  /// Seconds from the start of the prompt to its first token.
  public var prefillSeconds = 0.0
  /// Seconds from the first token to the last.
  public var decodeSeconds = 0.0
  /// Seconds of the machine: of a pass that several share each has a part, by its tokens.
  public var machineSeconds = 0.0
}
