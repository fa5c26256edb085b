// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Diagnostics
import Inference
import JSON
import Ledger
import Serving

/// `hadal replay`.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Prove an answer by its receipt, or find its first difference.",
    discussion: """
      A receipt says which weights, template, arithmetic, sampling and seed made an answer, and what
      each of its tokens leaves in a hash; of its words it holds none. The server gives one at
      /v1/receipts/NAME, which each answer names in its header x-hadal-receipt; hadal run --receipt
      writes one. From the receipt and the request the answer is computed again and compared, token
      by token. REQUEST is the body that was sent, - for standard input; for an answer of hadal run
      --prompt says what it was given. What differs is named, and the exit code is 1.

        hadal run --receipt answer.json "Hello"
        hadal replay answer.json --prompt "Hello"
        hadal replay answer.json request.json
      """
  )

  @Argument(help: ArgumentHelp("The receipt; - for standard input.", valueName: "receipt"))
  var receipt: String

  @Argument(help: ArgumentHelp("The body of the request.", valueName: "request"))
  var request: String?

  @Option(help: ArgumentHelp("What hadal run was given.", valueName: "text"))
  var prompt: String?

  @Flag(help: "Print the answer that was computed, too.")
  var text = false

  @OptionGroup var model: ModelOptions
  @OptionGroup var accounting: LedgerOptions

  func validate() throws {
    guard (request == nil) != (prompt == nil) else {
      throw ValidationError("either REQUEST or --prompt says what was asked")
    }
    if receipt == "-", request == "-" {
      throw ValidationError("RECEIPT and REQUEST cannot both be standard input")
    }
  }

  func run() throws {
    let value = try Self.document(receipt)
    let record = try AnswerReceipt(value)
    let body = try request.map(Input.bytes)
    let replay = ReplayRun(self, record)
    let verdict = try replay.verdict(body)
    try ReplayOutput(record, verdict, head: Self.isGenuine(value), json: model.json, text: text)
      .print()
  }

  private static func document(_ path: String) throws -> JSONValue {
    let bytes = try Input.bytes(of: path)
    do { return try JSONDocument(bytes).root } catch {
      throw Input.Failure(
        what: "the receipt is not JSON: \(error.what)",
        place: error.place.map { "\(path), \($0)" } ?? path
      )
    }
  }

  /// Whether the head of the ledger's chain in it is what its key signed; nil where there is none.
  private static func isGenuine(_ value: JSONValue) -> Bool? {
    guard let member = value["ledger"], !member.isNull else { return nil }
    return (try? SignedHead(member))?.isGenuine ?? false
  }
}
