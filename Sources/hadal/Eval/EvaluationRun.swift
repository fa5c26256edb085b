// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Diagnostics
import Evaluation
import Inference
import Models
import Terminal
import Tokenization

/// Puts the questions of tasks to a model, and has its answers judged.
struct EvaluationRun {
  /// A task whose requests are made and fit the model.
  struct Prepared {
    let task: EvaluationTask
    /// One a question.
    let prompts: [PreparedPrompt]
    /// One an answer, a question's samples one after the other.
    let requests: [GenerationRequest]
  }

  private let command: EvalCommand
  private let model: LoadedModel
  private let generator: Generator
  private let prompts: PromptMaker
  private let verifier = Verifier()

  init(_ command: EvalCommand, _ model: LoadedModel) throws {
    self.command = command
    self.model = model
    generator = model.makeGenerator(prefillChunk: command.model.prefillChunk)
    prompts = try PromptMaker(model, thinking: command.thinking)
  }

  /// Makes the requests of a task.
  ///
  /// - Throws: What is wrong, naming the question, where one does not fit the model.
  func prepare(_ task: EvaluationTask) throws -> Prepared {
    var prepared: [PreparedPrompt] = []
    var requests: [GenerationRequest] = []
    for (index, question) in task.questions.enumerated() {
      do {
        let prompt = try prompt(of: question)
        for sample in 0..<command.samples {
          requests.append(request(prompt, question: index, sample: sample))
        }
        if let last = requests.last { try generator.validate(last) }
        prepared.append(prompt)
      } catch let error as any DiagnosableError where error.exitCode == .badData {
        throw Input.Failure(
          what: error.what,
          place: "task \(task.name), question \(question.id ?? "\(index + 1)")",
          remedy: error.remedy,
          exitCode: error.exitCode
        )
      }
    }
    return Prepared(task: task, prompts: prepared, requests: requests)
  }

  private func prompt(of question: EvaluationQuestion) throws -> PreparedPrompt {
    switch question.prompt {
    case .text(let text): return try prompts.prompt(text)
    case .messages(let messages):
      let values = messages.map { message in
        PromptValue.object([
          .init("role", .string(message.role)), .init("content", .string(message.content)),
        ])
      }
      return try prompts.prompt(messages: values, tools: nil)
    }
  }

  private func request(
    _ prompt: PreparedPrompt,
    question: Int,
    sample: Int
  ) -> GenerationRequest {
    let defaults = model.defaults
    let samples = command.temperature > 0
    return GenerationRequest(
      promptIDs: prompt.ids,
      maxTokens: command.maxTokens,
      sampling: SamplingParameters(
        temperature: command.temperature,
        topK: samples ? defaults.topK ?? 0 : 0,
        topP: samples ? defaults.topP ?? 1 : 1,
        minP: samples ? defaults.minP ?? 0 : 0,
        penalties: LogitPenalties(repetition: defaults.repetitionPenalty ?? 1),
        seed: SampleSeed.of(command.seed, question: question, sample: sample)
      ),
      // As chat does: what repeats itself to the limit of tokens answers nothing.
      endsLoops: true
    )
  }

  /// Asks all questions of a task, until a stop is asked for or the machine fails.
  ///
  /// - Parameters:
  ///   - prepared: The task.
  ///   - ledger: Whose meters are read meanwhile.
  /// - Returns: The answers that there are, and what they cost.
  func run(_ prepared: Prepared, _ ledger: AnswerLedger) -> EvaluationOutcome {
    var outcome = EvaluationOutcome(task: prepared.task.name, cost: AnswerCost(model))
    var answers = [EvaluationAnswer?](repeating: nil, count: prepared.requests.count)
    var progress = Progress(
      prepared.task.name,
      unit: .items("answers"),
      total: prepared.requests.count
    )
    let start = ContinuousClock.now
    _ = generator.complete(
      prepared.requests,
      maxBatch: command.maxBatch,
      events: Generator.Events(
        finished: { index, result in
          switch result {
          case .success(let completion):
            outcome.cost.add(
              promptTokenCount: prepared.requests[index].promptIDs.count,
              completionTokenCount: completion.ids.count
            )
            answers[index] = answer(prepared, index, completion)
            progress.advance()
          case .failure(let error): outcome.failure = error
          }
        },
        isCancelled: {
          ledger.tick()
          return Interruption.isRequested || outcome.failure != nil
        }
      )
    )
    progress.clear()
    outcome.answers = answers.compactMap { $0 }
    outcome.cost.seconds = start.duration(to: .now) / .seconds(1)
    return outcome
  }

  private func answer(
    _ prepared: Prepared,
    _ index: Int,
    _ completion: Inference.Completion
  ) -> EvaluationAnswer {
    let place = index / command.samples
    let question = prepared.task.questions[place]
    let prompt = prepared.prompts[place]
    let parts =
      prompt.isChat
      ? ReasoningText(completion.text, opensReasoning: prompt.opensReasoning) : nil
    let text = parts?.answer ?? completion.text
    let reasoning = parts?.reasoning ?? ""
    return EvaluationAnswer(
      task: prepared.task.name,
      question: question,
      questionIndex: place,
      sampleIndex: index % command.samples,
      reasoning: reasoning,
      text: text,
      isCorrect: verifier.isRight(question, answer: text, reasoning: reasoning),
      finish: completion.finish
    )
  }
}
