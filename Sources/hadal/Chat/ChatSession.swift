// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Diagnostics
import Inference
import Models
import Storage
import Terminal
import Tokenization

/// A conversation between a person, or a pipe, and a model.
final class ChatSession {
  let screen: ChatScreen
  let store: ConversationStore?
  private(set) var model: ChatModel
  var conversation: ChatConversation
  var settings: ChatSettings
  private(set) var statistics = ChatStatistics()
  private let command: ChatCommand
  private let ledger: AnswerLedger
  private let device: TerminalDevice
  private let capabilities: TerminalCapabilities
  private var reader: LineReader
  private var firstFailure: Diagnostics.ExitCode?
  private var saidHistoryError: TerminalError?
  private var isOver = false

  /// Loads the model and takes the conversation up, or begins one.
  init(
    _ command: ChatCommand,
    _ device: TerminalDevice,
    _ reader: LineReader,
    _ store: ConversationStore?,
    _ found: Conversation?
  ) throws {
    self.command = command
    ledger = AnswerLedger("chat", command.accounting, threads: command.model.threads)
    self.device = device
    self.store = store
    self.reader = reader
    capabilities = reader.capabilities
    screen = ChatScreen(device, capabilities, reader.editor.displayWidth)
    settings = ChatSettings(options: command.sampling)
    if command.thinking.think || command.thinking.noThink {
      settings.thinks = command.thinking.think
    }
    settings.overflow = command.overflow
    settings.loops = command.loops
    if let found { settings.take(json: found.settings) }
    model = try ChatModel(command.model, name: command.model.model ?? found?.model)
    if let store, let found {
      conversation = ChatConversation(store: store, found)
    } else {
      conversation = ChatConversation(
        store: store,
        modelName: model.name,
        system: command.system,
        settings: settings.json
      )
    }
    if !command.thinking.think, !command.thinking.noThink { try leaveOutUnknownSwitch() }
    // What the model lacks is an error before anything is asked.
    try model.check(settings)
    if found != nil { try noteSettings(system: command.system ?? conversation.system) }
  }

  /// Reads and answers until the end.
  func run() throws {
    try greet()
    while !isOver, !Interruption.isRequested {
      switch try reader.readLine() {
      case .line(let text): try take(text)
      case .interrupted, .ended, .stopped: isOver = true
      }
      if let error = reader.historyError, error != saidHistoryError {
        saidHistoryError = error
        try screen.note("(\(error.what); what you type is not kept)")
      }
    }
    // A pipe's caller learns of what failed, as from a batch.
    if !capabilities.inputIsTerminal, let firstFailure {
      throw ArgumentParser.ExitCode(firstFailure.rawValue)
    }
  }

  private func greet() throws {
    if model.isBuiltIn {
      try screen.note(
        "This is nano, the small model within the program. To talk to another: hadal chat -m MODEL"
      )
      if conversation.turns.isEmpty { try screen.space() }
    }
    guard !conversation.turns.isEmpty else { return }
    try screen.note("\(conversation.title) (\(conversation.turns.count) messages)")
    for turn in conversation.turns.suffix(2) where screen.isWatched {
      try screen.result(turn.role == .user ? "> \(turn.content)" : turn.content)
    }
    try screen.space()
  }

  /// Does what a line asks for; what fails is said, and the conversation goes on.
  private func take(_ text: String) throws {
    do {
      switch try ChatEntry(text) {
      case .empty: return
      case .message(let text):
        try answer { try $0.add(text) }
      case .command(let word, let rest): try perform(word, rest)
      }
    } catch let error as TerminalError {
      throw error
    } catch let error as any DiagnosableError {
      try screen.endAnswer()
      ErrorReport.Parts(error).print()
      if firstFailure == nil { firstFailure = error.exitCode }
    }
  }

  // MARK: Answers

  /// Answers the last message after a change; where no answer can begin, nothing has changed.
  func answer(after change: (ChatConversation) throws -> Void) throws {
    // From here until the next prompt: a key that comes too late for the answer must not end the
    // program. A pipe has nobody who would ask for the next answer instead.
    if capabilities.inputIsTerminal { Interruption.beginAnswer() }
    defer { Interruption.endAnswer() }
    let turns = conversation.turns
    let fitting: ChatModel.FittingPrompt
    let request: GenerationRequest
    var answer: ChatAnswer
    do {
      try change(conversation)
      fitting = try model.prompt(conversation, settings)
      request = try model.request(fitting.prompt, settings)
      let seed = request.sampling.temperature > 0 ? request.sampling.seed : nil
      answer = try ChatAnswer(conversation, screen, fitting.prompt, seed: seed)
    } catch {
      conversation.restore(turns)
      throw error
    }
    try sayWhatIsLeftOut(fitting)
    try screen.space()
    ledger.begin()
    let outcome = generate(request, &answer)
    // When all is shown: nobody waits for the disk but whoever asks again.
    defer {
      ledger.append(request, outcome, model.loaded, conversation: conversation.id?.description)
      ledger.flush()
    }
    guard case .success(let completion) = outcome else {
      answer.abandon()
      _ = try outcome.get()
      return
    }
    answer.finish(completion, promptTokenCount: request.promptIDs.count)
    try screen.endAnswer()
    if let failure = answer.failure { throw failure }
    statistics.add(request, completion)
    try sayHowItEnded(completion)
    try screen.space()
  }

  private func sayWhatIsLeftOut(_ fitting: ChatModel.FittingPrompt) throws {
    if fitting.droppedCount > 0 {
      let count =
        fitting.droppedCount == 1 ? "exchange is" : "\(fitting.droppedCount) exchanges are"
      try screen.note("The context is full: the oldest \(count) left out of the prompt.")
    }
  }

  private func generate(
    _ request: GenerationRequest,
    _ answer: inout ChatAnswer
  ) -> Result<Inference.Completion, ModelError> {
    // Taken out and put back: a closure that is called meanwhile cannot capture what is inout.
    let box = AnswerBox(answer)
    defer { answer = box.answer }
    let progress = PromptProgress(
      screen,
      count: request.promptIDs.count,
      chunk: command.model.prefillChunk
    )
    return model.generator.complete(
      request,
      cache: model.cache,
      events: Generator.Events(
        text: { _, text in
          progress.hasText = true
          box.answer.append(text)
        },
        isCancelled: {
          progress.step()
          self.ledger.tick()
          return Interruption.isRequested || Interruption.isAnswerInterrupted
            || box.answer.failure != nil
        }
      )
    )
  }

  private final class AnswerBox {
    var answer: ChatAnswer
    init(_ answer: ChatAnswer) { self.answer = answer }
  }

  private func sayHowItEnded(_ completion: Inference.Completion) throws {
    var notes: [String] = []
    switch completion.finish {
    case .stop: break
    case .cancelled: notes.append(Interruption.isRequested ? "Cut short." : "Stopped.")
    case .loop:
      if let loop = completion.loop {
        notes.append(
          "Stopped: the answer went round in the same \(loop.tokenCount) tokens "
            + "\(loop.repeatCount) times (/set repetition_penalty 1.1 helps, /set loops ignore lets it)."
        )
      }
    case .length:
      let isFull = contextCount >= model.loaded.contextLength
      notes.append(
        isFull
          ? "Stopped: the context is full (\(model.loaded.contextLength) tokens)."
          : "Stopped after \(completion.ids.count) tokens (/set max_tokens)."
      )
    }
    notes.append(statistics.line(contextLength: model.loaded.contextLength))
    try screen.note(notes.joined(separator: " "))
  }

  /// How many tokens the conversation takes now.
  var contextCount: Int { statistics.contextCount }

  // MARK: What commands change

  /// Ends the loop.
  func end() { isOver = true }

  /// Asks for a text, beginning with another.
  func askForText(beginningWith text: String) throws -> String? {
    guard capabilities.canEdit, case .line(let line) = try reader.readLine(beginningWith: text)
    else {
      return nil
    }
    return line
  }

  /// Goes on with another model.
  func use(modelNamed name: String) throws {
    // A model that is not here is offered, and the answer to that shall be seen.
    try device.setMode(.original)
    defer { try? device.setMode(.watching) }
    model = try ChatModel(command.model, name: name)
    try leaveOutUnknownSwitch()
    try noteSettings(system: conversation.system)
  }

  /// Begins a new conversation; the present one stays on file.
  func beginAnew() {
    conversation = ChatConversation(
      store: store,
      modelName: model.name,
      system: conversation.system,
      settings: settings.json
    )
    statistics = ChatStatistics()
  }

  /// Goes on with another conversation, as it was kept.
  func takeUp(_ found: Conversation, in store: ConversationStore) throws {
    conversation = ChatConversation(store: store, found)
    statistics = ChatStatistics()
    settings.resetAll()
    settings.take(json: found.settings)
    try leaveOutUnknownSwitch()
    try noteSettings(system: found.system)
  }

  /// Forgets a switch for thinking that was set with another model, where this one has none: each
  /// message would be refused.
  private func leaveOutUnknownSwitch() throws {
    guard settings.thinks != nil, model.encoder.thinkingVariables.isEmpty else { return }
    settings.thinks = nil
    try screen.note("The model has no switch for thinking; the conversation's is left out.")
  }

  /// Stores what the conversation goes on with.
  func noteSettings(system: String?) throws {
    try conversation.update(modelName: model.name, system: system, settings: settings.json)
  }
}
