// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Checkpoints
import Compute
import Inference
import JSON
import Models

/// `hadal score`.
struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Compute the log-probability of a text.",
    discussion: """
      Without --json prints the sum, the mean negative log-likelihood a token, and how many tokens
      were scored (all after the first). Without TEXT the text is read from standard input.

        hadal score -m FOLDER "Once upon a time" --json
        hadal score -m FOLDER --ids 1,403,407 --logits logits.safetensors
      """
  )

  @Argument(help: "The text to score.")
  var text: String?

  @OptionGroup var model: ModelOptions

  @Option(help: "Score these token ids: 1,2,3.")
  var ids: String?

  @Option(help: ArgumentHelp("Write raw logits to this safetensors file.", valueName: "file"))
  var logits: String?

  @Option(help: ArgumentHelp("Write states and expert choices to this file.", valueName: "file"))
  var trace: String?

  @Option(help: ArgumentHelp("One request a line, - for standard input.", valueName: "file"))
  var batch: String?

  func validate() throws {
    let given = [text != nil, ids != nil, batch != nil].filter { $0 }.count
    guard given <= 1 else { throw ValidationError("TEXT, --ids and --batch exclude each other") }
    if batch != nil, logits != nil || trace != nil {
      throw ValidationError("--logits and --trace take one text, not a --batch")
    }
  }

  func run() throws {
    if let batch {
      try scoreBatch(batch)
      return
    }
    let parsed = try ids.map { try IDList.parse($0, option: "--ids") }
    let given =
      parsed == nil
      ? try text ?? Input.text(Input.standardInput(), source: "standard input") : nil
    let loaded = try model.load()
    let tokens = try parsed ?? loaded.prompts.raw(given ?? "").ids
    let score = try Scorer(decoder: loaded.decoder, chunk: model.prefillChunk)
      .score(tokens, keepsLogits: logits != nil, traces: trace != nil)
    if let logits { try ScoreFiles.writeLogits(score, to: logits) }
    if let trace { try ScoreFiles.writeTrace(score, to: trace) }
    if model.json {
      try Output.json(.object(members(tokens, score)))
    } else {
      try Output.line("sum \(score.sum)")
      try Output.line("nll \(score.meanNegativeLogLikelihood)")
      try Output.line("tokens \(score.logProbabilities.count)")
    }
  }

  private func members(_ ids: [Int32], _ score: Score) -> [(String, JSONText)] {
    [
      ("ids", .array(ids.map { .integer(Int($0)) })),
      ("logprobs", .array(score.logProbabilities.map(JSONText.float))),
      ("sum", .double(score.sum)),
      ("nll", .double(score.meanNegativeLogLikelihood)),
    ]
  }

  private func scoreBatch(_ file: String) throws {
    let lines = try Input.batchLines(of: file)
    let loaded = try model.load()
    let scorer = Scorer(decoder: loaded.decoder, chunk: model.prefillChunk)
    var answers = BatchAnswers(count: lines.count)
    for (index, line) in lines.enumerated() {
      try Interruption.check()
      let fields = BatchLine(line.bytes, number: line.number, file: file)
      do {
        let tokens = try tokens(fields, loaded)
        try answers.succeed(index, id: fields.id, members(tokens, scorer.score(tokens)))
      } catch {
        try answers.fail(index, id: fields.id, error)
      }
    }
    try answers.finish()
  }

  private func tokens(_ line: BatchLine, _ model: LoadedModel) throws -> [Int32] {
    if let ids = try line.ids("ids") ?? line.ids("prompt_ids") { return ids }
    guard let text = try line.string("text") ?? line.string("prompt") else {
      throw line.failure("the request has neither 'text' nor 'ids'", field: nil)
    }
    return try model.prompts.raw(text).ids
  }
}

/// The files that `score` writes.
enum ScoreFiles {
  static func writeLogits(_ score: Score, to path: String) throws {
    var writer = SafetensorsWriter()
    writer.add("logits", try matrix(score.logits))
    if !score.aheadLogits.isEmpty { writer.add("mtp_logits", try matrix(score.aheadLogits)) }
    try writer.write(to: path)
  }

  static func writeTrace(_ score: Score, to path: String) throws {
    guard let trace = score.trace else { return }
    var writer = SafetensorsWriter()
    let states = trace.states
    let shape = [states.count, states.first?.count ?? 0, states.first?.first?.count ?? 0]
    writer.add("states", try Tensor(states.flatMap { $0.flatMap { $0 } }, shape: shape))
    for (layer, choice) in trace.choices.sorted(by: { $0.key < $1.key }) {
      let shape = [choice.tokenCount, choice.chosenCount]
      writer.add("layer\(layer).experts", try Tensor(choice.experts, shape: shape))
      writer.add("layer\(layer).expert_weights", try Tensor(choice.weights, shape: shape))
    }
    try writer.write(to: path)
  }

  private static func matrix(_ rows: [[Float]]) throws -> Tensor {
    try Tensor(rows.flatMap { $0 }, shape: [rows.count, rows.first?.count ?? 0])
  }
}
