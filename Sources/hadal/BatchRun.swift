// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Inference
import JSON
import Models

/// `run --batch`: one request a line, one answer a line, in input order.
struct BatchRun {
  let command: RunCommand

  private struct Entry {
    var id: JSONText?
    var request: Result<GenerationRequest, any Error>
  }

  func run(file: String) throws {
    let lines = try Input.batchLines(of: file)
    let model = try command.model.load()
    let entries = lines.map { line in
      let fields = BatchLine(line.bytes, number: line.number, file: file)
      return Entry(id: fields.id, request: Result { try request(fields, model) })
    }
    let valid = entries.indices.filter { (try? entries[$0].request.get()) != nil }
    let requests = valid.compactMap { try? entries[$0].request.get() }
    var answers = BatchAnswers(count: entries.count)
    for (index, entry) in entries.enumerated() {
      if case .failure(let error) = entry.request {
        try answers.fail(index, id: entry.id, error)
      }
    }
    var failure: (any Error)?
    let generator = model.makeGenerator(prefillChunk: command.model.prefillChunk)
    _ = generator.complete(
      requests,
      maxBatch: command.maxBatch,
      events: Generator.Events(
        finished: { index, outcome in
          let place = valid[index]
          do {
            switch outcome {
            case .success(let completion):
              let text = CompletionText(
                request: requests[index],
                completion: completion,
                model: model
              )
              try answers.succeed(place, id: entries[place].id, text.members)
            case .failure(let error): try answers.fail(place, id: entries[place].id, error)
            }
          } catch { failure = error }
        },
        isCancelled: { Interruption.isRequested || failure != nil }
      )
    )
    if let failure { throw failure }
    try Interruption.check()
    try answers.finish()
  }

  private func request(_ line: BatchLine, _ model: LoadedModel) throws -> GenerationRequest {
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
    if let fault = RequestLimits.fault(
      maxTokens: options.maxTokens,
      temperature: options.temperature,
      topP: options.topP,
      topK: options.topK,
      minP: options.minP,
      logprobs: options.logprobs
    ) {
      throw line.failure("'\(fault.field)' \(fault.problem)", field: fault.field)
    }
    return model.request(promptIDs: try promptIDs(line, model), options)
  }

  private func promptIDs(_ line: BatchLine, _ model: LoadedModel) throws -> [Int32] {
    if try line.has("messages") { throw TemplatesUnsupported(place: line.place("messages")) }
    if let ids = try line.ids("prompt_ids") { return ids }
    guard let prompt = try line.string("prompt") else {
      throw line.failure("the request has neither 'prompt' nor 'prompt_ids'", field: nil)
    }
    return try model.promptIDs(prompt, raw: command.raw)
  }
}
