// SPDX-License-Identifier: Apache-2.0

/// A text of one or more lines while a person writes it.
///
/// It knows no terminal: keys go in (`handle`), what is to be done comes out, and `view` says what
/// the screen shows. The keys are those of Emacs and GNU readline.
public struct LineEditor: Sendable {
  /// What the program has to do after a key.
  public enum Outcome: Hashable, Sendable {
    /// Show the text as it is now.
    case edited
    /// The key does nothing here; a bell says so.
    case refused
    /// The text is entered.
    case submitted(String)
    /// Control-C on an empty line, twice.
    case interrupted
    /// Control-D on an empty line.
    case ended
    /// Control-Z: stop the program until it is wanted again.
    case suspended
    /// Clear the screen.
    case screenCleared
  }

  /// How an editor behaves.
  public struct Settings: Sendable {
    /// What stands before the text.
    public var prompt: String
    /// What stands before its further lines.
    public var continuationPrompt: String
    /// How both look.
    public var promptStyle: TextStyle
    /// Whether a text that begins with `"""` goes on until the next `"""`.
    public var hasQuotedBlocks: Bool
    /// Whether what is entered goes into the history.
    public var keepsHistory: Bool
    /// Completes the text before the cursor; nil or no candidates where it cannot.
    public var complete: (@Sendable (_ textBeforeCursor: String) -> Completion?)?
    /// What is shown behind a text, fainter, while the cursor is at its end.
    public var hint: (@Sendable (_ text: String) -> String?)?

    /// Creates settings.
    public init(
      prompt: String = "> ",
      continuationPrompt: String = "  ",
      promptStyle: TextStyle = .bold,
      hasQuotedBlocks: Bool = true,
      keepsHistory: Bool = true,
      complete: (@Sendable (_ textBeforeCursor: String) -> Completion?)? = nil,
      hint: (@Sendable (_ text: String) -> String?)? = nil
    ) {
      self.prompt = prompt
      self.continuationPrompt = continuationPrompt
      self.promptStyle = promptStyle
      self.hasQuotedBlocks = hasQuotedBlocks
      self.keepsHistory = keepsHistory
      self.complete = complete
      self.hint = hint
    }
  }

  /// How the editor behaves.
  public var settings: Settings
  /// What was entered before.
  public var history: History
  /// How characters stand on the screen.
  public var displayWidth: DisplayWidth
  /// How many columns the screen has; Up and Down move by the rows that it makes.
  public var width: Int

  var buffer = EditBuffer()
  var undoStack = UndoStack()
  var killRing = KillRing()
  /// Where the buffer is in the history; its count is the text that was not entered yet.
  var historyIndex: Int
  /// What was changed in entries, and the new text, until one of them is entered.
  var drafts: [Int: String] = [:]
  var search: HistorySearch?
  var lastQuery = ""
  var candidates: [Completion.Candidate] = []
  var message: String?
  /// The column that Up and Down aim at.
  var goalColumn: Int?
  var isInterruptPending = false
  /// How many characters the last insertion of a cut text made; nil after anything else.
  var yankedCount: Int?

  /// Creates an editor of an empty text.
  public init(
    settings: Settings = Settings(),
    history: History = History(),
    displayWidth: DisplayWidth = DisplayWidth(),
    width: Int = 80
  ) {
    self.settings = settings
    self.history = history
    self.displayWidth = displayWidth
    self.width = width
    historyIndex = history.entries.count
  }

  /// The text.
  public var text: String { buffer.text }

  /// How many characters stand before the cursor.
  public var cursor: Int { buffer.cursor }

  /// Begins another text, with the cursor at its end; cut texts and the history stay.
  public mutating func begin(_ text: String = "") {
    buffer = EditBuffer(text)
    undoStack = UndoStack()
    historyIndex = history.entries.count
    drafts = [:]
    search = nil
    candidates = []
    message = nil
    goalColumn = nil
    isInterruptPending = false
    yankedCount = nil
  }

  /// Does what a key asks for.
  ///
  /// - Complexity: O(n) in the text, and in the history where it is searched.
  public mutating func handle(_ key: Key) -> Outcome {
    if search != nil, let outcome = handleInSearch(key) { return outcome }
    let command = Command(key)
    if command != .interrupt { isInterruptPending = false }
    if command == .ignore { return .edited }
    message = nil
    candidates = []
    if command != .moveUp, command != .moveDown { goalColumn = nil }
    if !command.isCut { killRing.endSeries() }
    if command != .yank, command != .yankPrevious { yankedCount = nil }
    let outcome = run(command)
    if case .insert = command {} else { undoStack.endSeries() }
    return outcome
  }

  /// Replaces the text, so that it can be taken back.
  mutating func replace(_ newBuffer: EditBuffer) {
    undoStack.keep(buffer, isTyping: false)
    buffer = newBuffer
  }

  /// Changes the buffer, so that it can be taken back.
  mutating func change(isTyping: Bool = false, _ body: (inout EditBuffer) -> Bool) -> Outcome {
    let before = buffer
    guard body(&buffer) else { return .refused }
    undoStack.keep(before, isTyping: isTyping)
    return .edited
  }
}
