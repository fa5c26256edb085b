// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Evaluation
import Inference

/// `hadal eval`.
struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Measure how many answers of a model are right.",
    discussion: """
      A task is a list of questions, each with what a right answer is: a number, a text, or that it
      claims nobody else's identity. Code decides, no model does. A task is built in, or a file with
      one question a line: {"prompt" or "messages", "answer" or "any_of" or "verifier"}. Without
      --task all built-in tasks run. Rates come with their 95 % intervals; a low rate is no error,
      and the exit code is 0.

      Answers are the likeliest ones; with --temperature and --samples each question is asked
      several times. Each task leaves a row in the ledger, $XDG_DATA_HOME/hadal/ledger/eval.jsonl.

        hadal eval nano
        hadal eval FOLDER --task sums.jsonl
        hadal eval FOLDER --task sums.jsonl --answers answers.jsonl --json
        hadal eval FOLDER --task probes.jsonl --temperature 0.6 --samples 8
      """
  )

  @Argument(
    help: ArgumentHelp(
      "A checkpoint's folder, org/name[@revision], or nano; in the place of --model.",
      valueName: "model"
    )
  )
  var checkpoint: String?

  @OptionGroup var model: ModelOptions

  @Option(
    help: ArgumentHelp(
      "A built-in task, or a file of questions; may be given several times.",
      valueName: "name|file"
    )
  )
  var task: [String] = []

  @Option(help: "0 takes the likeliest token.")
  var temperature = 0.0

  @Option(help: "Ask each question N times, each time with another seed.")
  var samples = 1

  @Option(help: "Stop an answer after N tokens, its reasoning included.")
  var maxTokens = 512

  @Option(help: "The number that all samples' seeds are made of.")
  var seed: UInt64 = 0

  @Option(help: "Ask only the first N questions of each task.")
  var limit: Int?

  @Option(help: ArgumentHelp("Write every answer to this file, one a line.", valueName: "file"))
  var answers: String?

  @Option(help: "The most answers in one pass. Changes no result.")
  var maxBatch = 16

  @OptionGroup var thinking: ThinkingOptions

  @OptionGroup var accounting: LedgerOptions

  func validate() throws {
    if checkpoint != nil, model.model != nil {
      throw ValidationError("--model and MODEL exclude each other")
    }
    guard (0...100).contains(temperature) else {
      throw ValidationError("--temperature is \(temperature), but must be 0…100")
    }
    for (name, value, range) in [
      ("samples", samples, 1...1024), ("max-tokens", maxTokens, 1...1 << 24),
      ("limit", limit ?? 1, 1...1 << 24), ("max-batch", maxBatch, 1...1024),
    ] where !range.contains(value) {
      throw ValidationError(
        "--\(name) is \(value), but must be \(range.lowerBound)…\(range.upperBound)"
      )
    }
    if samples > 1, temperature == 0 {
      throw ValidationError("--samples asks for a --temperature above 0: at 0 all are equal")
    }
  }

  func run() throws {
    // Tasks are read before the model, so that bad input fails at once.
    let tasks = try EvaluationTask.all(named: task, limit: limit)
    let loaded = try model.load(checkpoint)
    let evaluation = try EvaluationRun(self, loaded)
    // What does not fit the model fails before anything is computed.
    let prepared = try tasks.map(evaluation.prepare)
    let file = try answers.map { try EvaluationAnswerFile(path: $0) }
    let ledger = AnswerLedger("eval", accounting, threads: model.threads)
    ledger.open()
    defer { ledger.flush() }
    let table = EvaluationTable(tasks: tasks.map(\.name))
    if !model.json { try Output.line(table.head) }
    for task in prepared {
      ledger.begin()
      let outcome = evaluation.run(task, ledger)
      // Work that was cut short has its row, too.
      ledger.append(outcome, loaded)
      try Interruption.check()
      if let failure = outcome.failure { throw failure }
      try file?.append(outcome.answers)
      let result = outcome.result
      if model.json { try Output.json(result.json) } else { try Output.line(table.row(result)) }
    }
    try file?.commit()
  }
}
