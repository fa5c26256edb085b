// SPDX-License-Identifier: Apache-2.0

import Compute
import Models
public import Tokenization

/// By what the answers to a request can be computed again, and checked: numbers and hashes, none of
/// their words.
///
/// The request itself is not in it; whoever holds both can have the answers again.
public struct AnswerReceipt: Sendable, Hashable {
  /// What the logits depend on besides the prompt.
  public struct Origin: Sendable, Hashable {
    /// The hash of the weights; nil where it is not known.
    public var weights: String?
    /// The hash of the chat template; the name of a built-in form; nil where there is neither.
    public var template: String?
    /// What matrix products take.
    public var computeType: String
    /// What the cache stores.
    public var cacheType: String
    /// The arithmetic version.
    public var arithmetic: Int

    /// What a model's answers come from.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - weights: The hash of its weights; nil where it is not known.
    public init(_ model: LoadedModel, weights: String?) {
      let type = model.decoder.computeType.rawValue
      self.init(
        weights: weights,
        template: model.prompts.templateHash ?? (try? model.prompts.makeEncoder())?.name,
        computeType: type,
        // Keys, values and latents are stored as products take them.
        cacheType: type,
        arithmetic: arithmeticVersion
      )
    }

    /// Names an origin.
    public init(
      weights: String?,
      template: String?,
      computeType: String,
      cacheType: String,
      arithmetic: Int
    ) {
      self.weights = weights
      self.template = template
      self.computeType = computeType
      self.cacheType = cacheType
      self.arithmetic = arithmetic
    }
  }

  /// How the request is read that was answered.
  public enum Form: String, Sendable, Hashable {
    /// A conversation, as OpenAI's and DeepSeek's clients ask.
    case chat
    /// A text that is gone on with.
    case text
    /// A conversation, as Anthropic's clients ask.
    case messages
  }

  /// One answer.
  public struct Choice: Sendable, Hashable {
    /// The number by which it draws, of several answers to one prompt.
    public var index: Int
    /// The prompt's tokens.
    public var promptCount: Int
    /// The hash of the prompt's tokens.
    public var promptHash: String
    /// Why it ended.
    public var finish: Completion.Finish
    /// What its tokens leave, one after the other.
    public var trail: TokenTrail
    /// Behind how many tokens of reasoning a person ended that; nil where nobody did.
    public var thinkingEnd: Int?

    /// Makes the entry of an answer.
    ///
    /// - Parameters:
    ///   - request: What was asked.
    ///   - ids: The answer's tokens.
    ///   - finish: Why it ended.
    ///   - thinkingEnd: Behind how many tokens of reasoning a person ended that; nil where nobody did.
    public init(
      _ request: GenerationRequest,
      ids: [Int32],
      finish: Completion.Finish,
      thinkingEnd: Int? = nil
    ) {
      index = request.choiceIndex
      promptCount = request.promptIDs.count
      promptHash = TokenTrail.promptHash(request.promptIDs)
      self.finish = finish
      trail = TokenTrail(promptIDs: request.promptIDs)
      for id in ids { trail.append(id) }
      self.thinkingEnd = thinkingEnd
    }

    /// Takes what was written down.
    init(
      index: Int,
      promptCount: Int,
      promptHash: String,
      finish: Completion.Finish,
      trail: TokenTrail,
      thinkingEnd: Int?
    ) {
      self.index = index
      self.promptCount = promptCount
      self.promptHash = promptHash
      self.finish = finish
      self.trail = trail
      self.thinkingEnd = thinkingEnd
    }
  }

  /// The answer's name.
  public var id: String
  /// How the request is read.
  public var form: Form
  /// What templates saw as now.
  public var time: CalendarTime
  /// The model's name.
  public var model: String
  /// What made it.
  public var origin: Origin
  /// How tokens were chosen; what `logit_bias` added is left out, since ids are as good as words.
  public var sampling: SamplingParameters
  /// The most tokens that were asked for; nil for as many as the context holds.
  public var maxTokens: Int?
  /// The answers.
  public var choices: [Choice] = []

  /// Begins a receipt.
  public init(
    id: String,
    form: Form,
    time: CalendarTime,
    model: String,
    origin: Origin,
    sampling: SamplingParameters,
    maxTokens: Int?
  ) {
    self.id = id
    self.form = form
    self.time = time
    self.model = model
    self.origin = origin
    self.sampling = sampling
    self.sampling.penalties.bias = [:]
    self.maxTokens = maxTokens
  }
}
