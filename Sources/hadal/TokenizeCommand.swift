// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Hub
import JSON
import Tokenization

/// `hadal tokenize`.
struct TokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize",
    abstract: "Turn a text into token ids.",
    discussion: """
      Text never forms a control token unless --control is given. Needs only the tokenizer's files.

        hadal tokenize -m FOLDER "Once upon a time"
        hadal tokenize -m FOLDER - --json < text.txt
      """
  )

  @Argument(help: "The text; - or nothing for standard input.")
  var text: String?

  @OptionGroup var options: TokenizerOptions

  @Flag(help: "Leave out the beginning-of-text token.")
  var noSpecial = false

  @Flag(help: "Let the text form control tokens.")
  var control = false

  @Flag(help: "Replace what is not valid UTF-8 by U+FFFD.")
  var lossy = false

  func validate() throws {
    if text != nil, options.batch != nil {
      throw ValidationError("TEXT and --batch exclude each other")
    }
  }

  func run() throws {
    if let batch = options.batch {
      try tokenizeBatch(batch)
      return
    }
    let bytes =
      try text.flatMap { $0 == "-" ? nil : Array($0.utf8) } ?? Input.standardInput()
    let tokenizer = try options.load()
    let text = try Input.text(bytes, source: "standard input", lossy: lossy)
    let ids = try encode(text, tokenizer)
    if options.json {
      try Output.json(.object(members(ids, tokenizer)))
    } else {
      try Output.line(ids.map(String.init).joined(separator: " "))
    }
  }

  private func encode(_ text: String, _ tokenizer: Tokenizer) throws -> [Int32] {
    try tokenizer.encode(
      text,
      addsSpecialTokens: !noSpecial,
      addedTokens: control ? .all : .never
    )
  }

  private func members(_ ids: [Int32], _ tokenizer: Tokenizer) -> [(String, JSONText)] {
    [
      ("ids", .array(ids.map { .integer(Int($0)) })),
      ("pieces", .array(ids.map { .string(tokenizer.piece(of: $0) ?? "") })),
    ]
  }

  private func tokenizeBatch(_ file: String) throws {
    let lines = try Input.batchLines(of: file)
    let tokenizer = try options.load()
    var answers = BatchAnswers(count: lines.count)
    for (index, line) in lines.enumerated() {
      let fields = BatchLine(line.bytes, number: line.number, file: file)
      do {
        guard let text = try fields.string("text") else {
          throw fields.failure("the request has no 'text'", field: "text")
        }
        try answers.succeed(index, id: fields.id, members(encode(text, tokenizer), tokenizer))
      } catch {
        try answers.fail(index, id: fields.id, error)
      }
    }
    try answers.finish()
  }
}

/// What commands take that need only the tokenizer's files.
struct TokenizerOptions: ParsableArguments {
  @Option(
    name: [.customShort("m"), .customLong("model")],
    help: """
      A folder with tokenizer.json, or vocab.json and merges.txt; or org/name[@revision] (default: \
      nano, the small model within the program).
      """
  )
  var model: String?

  @Option(help: ArgumentHelp("One request a line, - for standard input.", valueName: "file"))
  var batch: String?

  @Flag(help: "Print one JSON object a line.")
  var json = false

  @OptionGroup var unused: UnusedModelOptions

  func load() throws -> Tokenizer { try Tokenizer(folder: folder()) }

  /// The folder of the model that was named, else of the program's own.
  func folder() throws -> String { try ModelPlace.folder(of: model, needing: .tokenizer) }
}
