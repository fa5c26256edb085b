// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Compute
import Inference
import JSON
import Models
import Tokenization

/// `hadal run`.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Continue a text.",
    discussion: """
      Standard output holds the generated text alone. Without PROMPT the prompt is read from
      standard input; at a terminal, line by line. With a chat template PROMPT is one message of a
      user, unless --raw takes it as it is. Text never forms a control token but with --control.
      Each answer leaves a row in the ledger, $XDG_DATA_HOME/hadal/ledger/run.jsonl.

        hadal run -m FOLDER "Once upon a time"
        hadal run -m FOLDER --prompt-ids 1,403,407 --json
        hadal run -m FOLDER --batch requests.jsonl
        hadal run --receipt answer.json "Hello"
      """
  )

  @Argument(help: "The text to continue.")
  var prompt: String?

  @OptionGroup var model: ModelOptions
  @OptionGroup var sampling: SamplingOptions

  @OptionGroup var thinking: ThinkingOptions

  @OptionGroup var accounting: LedgerOptions

  @Flag(help: "Take PROMPT as it is, although the model has a chat template.")
  var raw = false

  @Flag(help: "With --raw: let PROMPT form control tokens, which text otherwise never does.")
  var control = false

  @Option(help: ArgumentHelp("The prompt as token ids: 1,2,3.", valueName: "ids"))
  var promptIds: String?

  @Option(help: ArgumentHelp("One request a line, - for standard input.", valueName: "file"))
  var batch: String?

  @Option(
    help: ArgumentHelp(
      "Write to this file by what hadal replay proves the answer.",
      valueName: "file"
    )
  )
  var receipt: String?

  @Option(help: "The most requests in one pass. Changes no result.")
  var maxBatch = 8

  func validate() throws {
    let given = [prompt != nil, promptIds != nil, batch != nil].filter { $0 }.count
    guard given <= 1 else {
      throw ValidationError("PROMPT, --prompt-ids and --batch exclude each other")
    }
    if receipt != nil, batch != nil {
      throw ValidationError("--receipt is for one answer, and --batch has several")
    }
    if control, !raw { throw ValidationError("--control goes with --raw") }
    guard (1...1024).contains(maxBatch) else {
      throw ValidationError("--max-batch is \(maxBatch), but must be 1…1024")
    }
  }

  func run() throws {
    if let batch {
      try BatchRun(command: self).run(file: batch)
      return
    }
    let parsedIDs = try promptIds.map { try IDList.parse($0, option: "--prompt-ids") }
    // Text is read before the model, so that bad input fails at once.
    let text = parsedIDs == nil ? try promptText() : nil
    let loaded = try model.load()
    let ledger = AnswerLedger("run", accounting, threads: model.threads)
    defer { ledger.flush() }
    if let parsedIDs {
      try complete(PreparedPrompt(ids: parsedIDs), with: loaded, ledger, time: LocalTime.now)
      return
    }
    let prompts = try PromptMaker(self, loaded)
    guard let text else {
      try PromptLoop(command: self, model: loaded, prompts: prompts, ledger: ledger).run()
      return
    }
    let prepared = try prompts.prompt(text)
    if let prompt, !prepared.isChat { show(prompt) }
    try complete(prepared, with: loaded, ledger, time: prompts.time)
  }

  /// Shows a person the text that is continued; standard output holds what is generated alone.
  private func show(_ text: String) {
    guard !model.json, Output.isTerminal, Output.errorIsTerminal else { return }
    Output.error(Output.hasColor ? "\u{1B}[2m\(text)\u{1B}[0m" : text)
  }

  /// The prompt's text; nil where a person is to type it.
  private func promptText() throws -> String? {
    if let prompt { return prompt }
    if Input.isTerminal { return nil }
    return try Input.text(Input.standardInput(), source: "standard input")
  }

  /// Completes one prompt, as of a time, and prints text as it grows, or one JSON object; its row comes
  /// after it, and its receipt then.
  func complete(
    _ prompt: PreparedPrompt,
    with loaded: LoadedModel,
    _ ledger: AnswerLedger,
    time: CalendarTime
  ) throws {
    let request = loaded.request(promptIDs: prompt.ids, sampling)
    let completion = try complete(request, prompt, with: loaded, ledger)
    if let receipt {
      let name = model.model.map(ModelPlace.shortName) ?? BuiltInModel.name
      let form: AnswerReceipt.Form = prompt.isChat ? .chat : .text
      try RunReceipt(
        loaded,
        name: name,
        form: form,
        request,
        maxTokens: sampling.maxTokens,
        time: time
      ).write(completion, to: receipt, ledger)
    }
    if completion.finish == .cancelled { try Interruption.check() }
  }

  private func complete(
    _ request: GenerationRequest,
    _ prompt: PreparedPrompt,
    with loaded: LoadedModel,
    _ ledger: AnswerLedger
  ) throws -> Inference.Completion {
    let generator = loaded.makeGenerator(prefillChunk: model.prefillChunk)
    var failure: (any Error)?
    ledger.begin()
    let outcome = generator.complete(
      [request],
      maxBatch: 1,
      events: Generator.Events(
        text: { _, text in
          guard !model.json, failure == nil else { return }
          do { try Output.text(text) } catch { failure = error }
        },
        isCancelled: {
          ledger.tick()
          return Interruption.isRequested || failure != nil
        }
      )
    )[0]
    defer { ledger.append(request, outcome, loaded) }
    if let failure { throw failure }
    let completion = try outcome.get()
    if model.json {
      let text = CompletionText(
        request: request,
        completion: completion,
        model: loaded,
        prompt: prompt
      )
      try Output.json(text.json)
    } else {
      try Output.text("\n")
    }
    return completion
  }
}

/// A list of token ids as a person writes it.
enum IDList {
  static func parse(_ text: String, option: String) throws -> [Int32] {
    let parts = text.split(whereSeparator: { $0 == "," || $0 == " " || $0 == "\n" })
    let ids = parts.compactMap { Int32($0) }
    guard ids.count == parts.count, !ids.isEmpty else {
      throw ValidationError("\(option) takes ids like 1,2,3")
    }
    return ids
  }
}
