// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Inference
import JSON

/// How a request wants its answers made: what chat and text completions have in common.
struct AnswerOptions {
  /// The names of the fields.
  static let fields: Set<String> = [
    "max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k", "min_p", "seed", "stop",
    "presence_penalty", "frequency_penalty", "repetition_penalty", "logit_bias", "ignore_eos", "n",
    "stream", "stream_options", "cache_prompt", "user_id",
  ]

  // LIMIT: what DeepSeek's API takes.
  private static let mostStops = 16
  // LIMIT: each is a sequence of its own; a batch of more is better asked for as several requests.
  private static let mostChoices = 16
  // LIMIT: as DeepSeek's API.
  private static let longestOwner = 512
  // LIMIT: as OpenAI's API.
  private static let biasRange = -100.0...100.0
  /// Half of the range, so that the number survives every JSON reader.
  private static let drawnSeeds: Range<UInt64> = 0..<1 << 53

  /// Nil for as many as the context holds.
  var maxTokens: Int?
  /// How tokens are chosen, with the model's own values where the request names none.
  var sampling: SamplingParameters
  /// Texts that end an answer.
  var stops: [String]
  /// Whether an answer goes on after its end.
  var ignoresEndOfSequence: Bool
  /// How many answers there are.
  var choiceCount: Int
  /// Whether answers are sent as they come.
  var streams: Bool
  /// Whether what is cached may serve it and what it leaves is kept.
  var usesPrefixCache: Bool
  /// Whose the request is: nobody else finds in the cache what it leaves.
  var owner: String
  /// Whether a stream ends with a chunk of its own for the usage.
  var includesUsage: Bool

  /// Reads the fields; a seed that is not given is drawn.
  init(_ request: RequestFields, _ defaults: GenerationDefaults) throws(APIError) {
    let most = 1 << 24
    let limits = [
      try request.integer("max_tokens", in: 1...most),
      try request.integer("max_completion_tokens", in: 1...most),
    ]
    maxTokens = limits.compactMap { $0 }.min()
    sampling = try Self.sampling(request, defaults)
    stops = try Self.stops(request.strings("stop"), "stop")
    ignoresEndOfSequence = try request.boolean("ignore_eos") ?? false
    choiceCount = try request.integer("n", in: 1...Self.mostChoices) ?? 1
    streams = try request.boolean("stream") ?? false
    usesPrefixCache = try request.boolean("cache_prompt") ?? true
    owner = try Self.owner(request)
    let streamOptions = try request.object("stream_options")
    includesUsage = try streamOptions?.boolean("include_usage") ?? false
    guard streams || streamOptions == nil else {
      throw .invalid("'stream_options' is for 'stream': true", "stream_options")
    }
  }

  /// Texts that end an answer, of a field.
  static func stops(_ stops: [String]?, _ field: String) throws(APIError) -> [String] {
    let count = stops?.count ?? 0
    guard count <= mostStops else {
      throw .outOfRange("'\(field)' holds \(count) texts, but may hold \(mostStops)", field)
    }
    return stops ?? []
  }

  /// Whose the request is: its caller, and the end user in the form that DeepSeek's API takes.
  static func owner(_ request: RequestFields) throws(APIError) -> String {
    let name = try request.string("user_id") ?? ""
    guard name.utf8.count <= longestOwner else {
      let place = request.place("user_id")
      throw .outOfRange("'\(place)' has more than \(longestOwner) bytes", place)
    }
    return APICaller.current.owner(userID: name).name
  }

  private static func sampling(
    _ request: RequestFields,
    _ defaults: GenerationDefaults
  ) throws(APIError) -> SamplingParameters {
    let samples = defaults.samples ?? true
    return SamplingParameters(
      temperature: try request.number("temperature", in: 0...2)
        ?? (samples ? defaults.temperature ?? 1 : 0),
      topK: try request.integer("top_k", in: -1...1 << 31).map { max($0, 0) }
        ?? (samples ? defaults.topK ?? 0 : 0),
      topP: try request.number("top_p", in: 1e-9...1) ?? (samples ? defaults.topP ?? 1 : 1),
      minP: try request.number("min_p", in: 0...1) ?? (samples ? defaults.minP ?? 0 : 0),
      penalties: LogitPenalties(
        repetition: try request.number("repetition_penalty", in: 0.01...100)
          ?? defaults.repetitionPenalty ?? 1,
        presence: try request.number("presence_penalty", in: -2...2) ?? 0,
        frequency: try request.number("frequency_penalty", in: -2...2) ?? 0,
        bias: try bias(request)
      ),
      seed: try request.integer("seed", in: .min ... .max).map { UInt64(bitPattern: Int64($0)) }
        ?? .random(in: drawnSeeds)
    )
  }

  private static func bias(_ request: RequestFields) throws(APIError) -> [Int32: Double] {
    guard let object = try request.object("logit_bias") else { return [:] }
    var bias: [Int32: Double] = [:]
    for (name, value) in object.all {
      guard let id = Int32(name), id >= 0, let number = value.double else {
        throw .invalid("'logit_bias' must name token ids, each with a number", "logit_bias")
      }
      guard biasRange.contains(number) else {
        throw .outOfRange("'logit_bias.\(name)' is \(number), but must be -100…100", "logit_bias")
      }
      bias[id] = number
    }
    return bias
  }

  /// The requests to the engine, one a choice.
  func requests(
    _ promptIDs: [Int32],
    contextLength: Int,
    topLogProbabilities: Int?
  ) -> [GenerationRequest] {
    (0..<choiceCount).map { choice in
      GenerationRequest(
        promptIDs: promptIDs,
        maxTokens: maxTokens ?? contextLength,
        sampling: sampling,
        stops: stops,
        ignoresEndOfSequence: ignoresEndOfSequence,
        topLogProbabilities: topLogProbabilities,
        choiceIndex: choice,
        usesPrefixCache: usesPrefixCache
      )
    }
  }
}
