// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Inference
import JSON
import Models
import Tokenization

/// `run --batch`: one request a line, one answer a line, in input order.
struct BatchRun {
  let command: RunCommand

  private struct Entry {
    var id: JSONText?
    var request: Result<(GenerationRequest, PreparedPrompt), any Error>
  }

  func run(file: String) throws {
    let lines = try Input.batchLines(of: file)
    let model = try command.model.load()
    let prompts = try PromptMaker(command, model)
    let entries = lines.map { line in
      let fields = BatchLine(line.bytes, number: line.number, file: file)
      return Entry(id: fields.id, request: Result { try request(fields, model, prompts) })
    }
    let valid = entries.indices.filter { (try? entries[$0].request.get()) != nil }
    let pairs = valid.compactMap { try? entries[$0].request.get() }
    let requests = pairs.map(\.0)
    var answers = BatchAnswers(count: entries.count)
    for (index, entry) in entries.enumerated() {
      if case .failure(let error) = entry.request {
        try answers.fail(index, id: entry.id, error)
      }
    }
    var failure: (any Error)?
    let ledger = AnswerLedger("run", command.accounting, threads: command.model.threads)
    defer { ledger.flush() }
    ledger.begin()
    let generator = model.makeGenerator(prefillChunk: command.model.prefillChunk)
    _ = generator.complete(
      requests,
      maxBatch: command.maxBatch,
      events: Generator.Events(
        finished: { index, outcome in
          let place = valid[index]
          defer { ledger.append(requests[index], outcome, model) }
          do {
            switch outcome {
            case .success(let completion):
              let text = CompletionText(
                request: requests[index],
                completion: completion,
                model: model,
                prompt: pairs[index].1
              )
              try answers.succeed(place, id: entries[place].id, text.members)
            case .failure(let error): try answers.fail(place, id: entries[place].id, error)
            }
          } catch { failure = error }
        },
        isCancelled: {
          ledger.tick()
          return Interruption.isRequested || failure != nil
        }
      )
    )
    if let failure { throw failure }
    try Interruption.check()
    try answers.finish()
  }

  private func request(
    _ line: BatchLine,
    _ model: LoadedModel,
    _ prompts: PromptMaker
  ) throws -> (GenerationRequest, PreparedPrompt) {
    var options = command.sampling
    options.maxTokens = try line.integer("max_tokens") ?? options.maxTokens
    options.temperature = try line.number("temperature") ?? options.temperature
    options.topP = try line.number("top_p") ?? options.topP
    options.topK = try line.integer("top_k") ?? options.topK
    options.minP = try line.number("min_p") ?? options.minP
    options.seed = try line.integer("seed").map { UInt64(bitPattern: Int64($0)) } ?? options.seed
    options.stop = try line.strings("stop") ?? options.stop
    options.logprobs = try line.integer("logprobs") ?? options.logprobs
    options.ignoreEos = try line.boolean("ignore_eos") ?? options.ignoreEos
    options.repetitionPenalty = try line.number("repetition_penalty") ?? options.repetitionPenalty
    options.presencePenalty = try line.number("presence_penalty") ?? options.presencePenalty
    options.frequencyPenalty = try line.number("frequency_penalty") ?? options.frequencyPenalty
    options.logitBias = try line.biases("logit_bias") ?? options.logitBias
    if let fault = options.fault {
      throw line.failure("'\(fault.field)' \(fault.problem)", field: fault.field)
    }
    let prompt = try prompt(line, prompts)
    return (model.request(promptIDs: prompt.ids, options), prompt)
  }

  private func prompt(_ line: BatchLine, _ prompts: PromptMaker) throws -> PreparedPrompt {
    if let messages = try line.array("messages") {
      guard !messages.isEmpty else {
        throw line.failure("the conversation has no message", field: "messages")
      }
      return try prompts.prompt(messages: messages, tools: line.json("tools"))
    }
    if let ids = try line.ids("prompt_ids") { return PreparedPrompt(ids: ids) }
    guard let prompt = try line.string("prompt") else {
      throw line.failure("the request has no 'prompt', 'prompt_ids' or 'messages'", field: nil)
    }
    return try prompts.prompt(prompt)
  }
}
