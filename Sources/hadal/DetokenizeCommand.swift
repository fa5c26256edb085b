// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JSON
import Tokenization

/// `hadal detokenize`.
struct DetokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "detokenize",
    abstract: "Turn token ids into text.",
    discussion: """
      Needs only the tokenizer's files. --pieces also shows what streaming would release after each
      id, never part of a character.

        hadal detokenize -m FOLDER --ids 403,407,261,378
      """
  )

  @OptionGroup var options: TokenizerOptions

  @Option(help: "The token ids: 1,2,3.")
  var ids: String?

  @Flag(help: "Leave special tokens out of the text.")
  var skipSpecial = false

  @Flag(help: "Show the text that each id releases.")
  var pieces = false

  func validate() throws {
    guard (ids == nil) != (options.batch == nil) else {
      throw ValidationError("one of --ids and --batch is needed")
    }
  }

  func run() throws {
    let parsed = try ids.map { $0.isEmpty ? [] : try IDList.parse($0, option: "--ids") }
    if let parsed {
      let tokenizer = try options.load()
      let members = try members(parsed, tokenizer)
      if options.json || pieces {
        try Output.json(.object(members))
      } else {
        try Output.line(tokenizer.decode(parsed, skipsSpecialTokens: skipSpecial))
      }
      return
    }
    try detokenizeBatch(options.batch ?? "-")
  }

  private func members(_ ids: [Int32], _ tokenizer: Tokenizer) throws -> [(String, JSONText)] {
    for id in ids where id < 0 { throw NegativeID(id: id).error }
    let text = JSONText.string(tokenizer.decode(ids, skipsSpecialTokens: skipSpecial))
    guard pieces else { return [("text", text)] }
    var stream = StreamingDetokenizer(tokenizer, skipsSpecialTokens: skipSpecial)
    let released = ids.map { stream.append($0) }
    return [
      ("text", text),
      ("pieces", .array(released.map(JSONText.string))),
      ("tail", .string(stream.finish())),
    ]
  }

  private func detokenizeBatch(_ file: String) throws {
    let lines = try Input.batchLines(of: file)
    let tokenizer = try options.load()
    var answers = BatchAnswers(count: lines.count)
    for (index, line) in lines.enumerated() {
      let fields = BatchLine(line.bytes, number: line.number, file: file)
      do {
        guard let ids = try fields.ids("ids") else {
          throw fields.failure("the request has no 'ids'", field: "ids")
        }
        try answers.succeed(index, id: fields.id, members(ids, tokenizer))
      } catch {
        try answers.fail(index, id: fields.id, error)
      }
    }
    try answers.finish()
  }

  private struct NegativeID {
    let id: Int32
    var error: Input.Failure {
      Input.Failure(what: "token id \(id) is negative", place: "ids", remedy: "ids from 0 on")
    }
  }
}
