// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Diagnostics
import FoundationEssentials
import Storage
import Terminal

/// `hadal chat`.
struct ChatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chat",
    abstract: "Talk to a model.",
    discussion: """
      A conversation in the terminal: answers appear as they are made, what the model thinks stands
      apart, /help lists what can be asked. Conversations are kept on this machine; --continue goes
      on with one. In a pipe each line is a message, and standard output holds the answers alone.
      Without -m it is nano that answers, the small model within the program. Each answer leaves a
      row in the ledger, $XDG_DATA_HOME/hadal/ledger/chat.jsonl: its cost, none of its words.

        hadal chat
        hadal chat -m FOLDER
        hadal chat --continue
        echo "What is a fjord?" | hadal chat -m FOLDER --no-save
      """
  )

  @OptionGroup var model: ModelOptions
  @OptionGroup var sampling: SamplingOptions
  @OptionGroup var thinking: ThinkingOptions
  @OptionGroup var accounting: LedgerOptions

  @Flag(
    name: .customLong("continue"),
    help: "Go on with conversation ID; without ID choose one, in a pipe the last one."
  )
  var continues = false

  @Argument(help: "With --continue: the conversation, or the beginning of its name.")
  var id: String?

  @Option(help: "The system message.")
  var system: String?

  @Option(help: "When the context is full: stop says so, drop leaves the oldest exchanges out.")
  var overflow = ChatSettings.Overflow.stop

  @Option(help: "When an answer only repeats itself: stop ends it, ignore lets it.")
  var loops = ChatSettings.LoopReaction.stop

  @Flag(help: "Keep nothing of this conversation; the ledger has its cost, unless --no-ledger.")
  var noSave = false

  @Option(help: ArgumentHelp("The file of the conversations.", valueName: "file"))
  var database: String?

  func validate() throws {
    if id != nil, !continues { throw ValidationError("a conversation goes with --continue") }
    if continues, noSave { throw ValidationError("--continue and --no-save exclude each other") }
    if model.json {
      throw ValidationError("chat has no --json; run --batch answers messages in JSON")
    }
    for (given, name) in [
      (sampling.logprobs != nil, "--logprobs"), (sampling.ignoreEos, "--ignore-eos"),
    ] where given {
      throw ValidationError("chat has no \(name); run has")
    }
  }

  func run() throws {
    let device = TerminalDevice(isStopRequested: { Interruption.isRequested })
    let capabilities = TerminalCapabilities(input: 0, output: 1)
    let folder = try DataFolder(environment: ProcessInfo.processInfo.environment)
    let store = noSave ? nil : try open(database ?? folder.databasePath)
    // The history lies there wherever the conversations are; where it cannot, the reader says so.
    if !noSave { try? folder.create() }
    var reader = LineReader(
      connection: device,
      capabilities: capabilities,
      settings: LineEditor.Settings(complete: ChatCompletion.complete, hint: Self.hint),
      historyFile: noSave ? nil : HistoryFile(path: folder.path + "/history")
    )
    // Before anything is shown: answers are broken into rows by what the terminal says.
    try reader.measureCharacters()
    let found = try conversation(in: store, device, &reader)
    let session = try ChatSession(self, device, reader, store, found)
    try session.run()
    try Interruption.check()
  }

  private func open(_ path: String) throws -> ConversationStore {
    do {
      return try ConversationStore(path: path)
    } catch {
      throw Input.Failure(
        what: error.what,
        place: error.place ?? path,
        remedy: (error.remedy.map { "\($0); or " } ?? "") + "--no-save, which keeps nothing",
        exitCode: error.exitCode
      )
    }
  }

  @Sendable private static func hint(_ text: String) -> String? {
    text.isEmpty ? "Send a message (/help)" : nil
  }

  /// The conversation to go on with; nil for a new one.
  private func conversation(
    in store: ConversationStore?,
    _ device: TerminalDevice,
    _ reader: inout LineReader
  ) throws -> Conversation? {
    guard continues, let store else { return nil }
    if let id { return try store.load(store.find(id)) }
    let recent = try store.list(limit: 20)
    guard let latest = recent.first else {
      throw Input.Failure(
        what: "there is no conversation to go on with",
        place: "--continue",
        remedy: "hadal chat",
        exitCode: .noInput
      )
    }
    guard reader.capabilities.inputIsTerminal else { return try store.load(latest.id) }
    return try choose(recent, in: store, device, &reader)
  }

  private func choose(
    _ recent: [ConversationSummary],
    in store: ConversationStore,
    _ device: TerminalDevice,
    _ reader: inout LineReader
  ) throws -> Conversation {
    let columns = device.size.columns
    for line in ConversationList.lines(recent, numbered: true, columns: columns) {
      Output.errorLine(line)
    }
    let settings = reader.editor.settings
    defer { reader.editor.settings = settings }
    reader.editor.settings = LineEditor.Settings(
      prompt: "Which one? [1] ",
      keepsHistory: false
    )
    while true {
      guard case .line(let line) = try reader.readLine() else {
        try Interruption.check()
        throw ArgumentParser.ExitCode.success
      }
      let text = line.split(whereSeparator: \.isWhitespace).joined()
      if let number = text.isEmpty ? 1 : Int(text), recent.indices.contains(number - 1) {
        return try store.load(recent[number - 1].id)
      }
      do {
        return try store.load(store.find(text))
      } catch {
        ErrorReport.Parts(error).print()
      }
    }
  }
}
