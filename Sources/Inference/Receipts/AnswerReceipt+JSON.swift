// SPDX-License-Identifier: Apache-2.0

public import Diagnostics
public import JSON
import Tokenization

/// A text that is no receipt.
public struct ReceiptError: DiagnosableError, Hashable {
  /// What is wrong.
  public var what: String
  /// The member at fault.
  public var place: String?

  /// What to do about it.
  public var remedy: String? { "the answer's receipt as the server or hadal run wrote it" }
  /// The exit code of a command that ends with it.
  public var exitCode: ExitCode { .badData }
}

extension AnswerReceipt {
  // LIMIT: a request has 256 prompts of 16 choices at most.
  private static let mostChoices = 4096

  /// The receipt as an object.
  ///
  /// - Parameter ledger: The signed head of the chain in which the answers' rows lie; nil where there is
  ///   none.
  /// - Returns: The object.
  public func json(ledger: JSONText? = nil) -> JSONText {
    .object([
      ("object", .string("hadal.receipt")), ("v", .integer(1)), ("id", .string(id)),
      ("form", .string(form.rawValue)), ("time", .string(time.text)), ("model", .string(model)),
      ("weights", Self.text(origin.weights)), ("template", Self.text(origin.template)),
      ("compute", .string(origin.computeType)),
      ("cache", .string(origin.cacheType)), ("arithmetic", .integer(origin.arithmetic)),
      (
        "sampling",
        .object(samplingMembers + [("max_tokens", maxTokens.map(JSONText.integer) ?? .null)])
      ),
      ("choices", .array(choices.map(\.json))), ("ledger", ledger ?? .null),
    ])
  }

  /// How tokens were chosen, in the names of the API's fields.
  public var samplingMembers: [(String, JSONText)] {
    [
      ("temperature", .double(sampling.temperature)), ("top_k", .integer(sampling.topK)),
      ("top_p", .double(sampling.topP)), ("min_p", .double(sampling.minP)),
      ("repetition_penalty", .double(sampling.penalties.repetition)),
      ("presence_penalty", .double(sampling.penalties.presence)),
      ("frequency_penalty", .double(sampling.penalties.frequency)),
      ("seed", .integer(Int(truncatingIfNeeded: sampling.seed))),
    ]
  }

  private static func text(_ value: String?) -> JSONText { value.map(JSONText.string) ?? .null }

  /// Reads a receipt.
  ///
  /// - Throws: `ReceiptError` naming the member that is wrong.
  public init(_ value: JSONValue) throws(ReceiptError) {
    let fields = ReceiptFields(value: value, place: nil)
    guard try fields.string("object") == "hadal.receipt" else {
      throw ReceiptError(what: "the object is no receipt", place: "object")
    }
    guard try fields.integer("v") == 1 else {
      throw ReceiptError(what: "the receipt has a form that this program does not know", place: "v")
    }
    guard let time = CalendarTime(try fields.string("time")) else {
      throw fields.wrong("time", "a date and a time of day")
    }
    guard let form = Form(rawValue: try fields.string("form")) else {
      throw fields.wrong("form", "chat, text or messages")
    }
    let sampling = try fields.member("sampling")
    self.init(
      id: try fields.string("id"),
      form: form,
      time: time,
      model: try fields.string("model"),
      origin: Origin(
        weights: try fields.optionalString("weights"),
        template: try fields.optionalString("template"),
        computeType: try fields.string("compute"),
        cacheType: try fields.string("cache"),
        arithmetic: try fields.integer("arithmetic")
      ),
      sampling: try Self.sampling(sampling),
      maxTokens: try sampling.optionalInteger("max_tokens")
    )
    let entries = try fields.elements("choices")
    guard (1...Self.mostChoices).contains(entries.count) else {
      throw ReceiptError(what: "the receipt has no answer, or too many", place: "choices")
    }
    choices = []
    for entry in entries { choices.append(try Choice(entry)) }
  }

  private static func sampling(
    _ fields: ReceiptFields
  ) throws(ReceiptError) -> SamplingParameters {
    SamplingParameters(
      temperature: try fields.number("temperature"),
      topK: try fields.integer("top_k"),
      topP: try fields.number("top_p"),
      minP: try fields.number("min_p"),
      penalties: LogitPenalties(
        repetition: try fields.number("repetition_penalty"),
        presence: try fields.number("presence_penalty"),
        frequency: try fields.number("frequency_penalty")
      ),
      seed: UInt64(bitPattern: Int64(try fields.integer("seed")))
    )
  }
}

extension AnswerReceipt.Choice {
  fileprivate var json: JSONText {
    .object([
      ("index", .integer(index)), ("prompt_tokens", .integer(promptCount)),
      ("prompt_sha256", .string(promptHash)), ("tokens", .integer(trail.count)),
      ("finish", .string(finish.rawValue)), ("output_sha256", .string(trail.hash)),
      ("checks", .string(trail.text)),
      ("thinking_ended_after", thinkingEnd.map(JSONText.integer) ?? .null),
    ])
  }

  fileprivate init(_ fields: ReceiptFields) throws(ReceiptError) {
    guard let finish = Completion.Finish(rawValue: try fields.string("finish")) else {
      throw fields.wrong("finish", "an end that is known")
    }
    let trail = TokenTrail(
      checks: try fields.string("checks"),
      hash: try fields.string("output_sha256")
    )
    guard let trail, trail.count == (try fields.integer("tokens")) else {
      throw fields.wrong("checks", "eight digits for each token, the last of them the hash's first")
    }
    self.init(
      index: try fields.integer("index"),
      promptCount: try fields.integer("prompt_tokens"),
      promptHash: try fields.string("prompt_sha256"),
      finish: finish,
      trail: trail,
      thinkingEnd: try fields.optionalInteger("thinking_ended_after")
    )
  }
}
