// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Inference
import JSON
import Tokenization

/// `hadal render`.
struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Show the prompt that a chat template makes of a conversation.",
    discussion: """
      Gives the text that transformers gives, and with a model its token ids, in which only the
      template's own text forms control tokens. Needs only the tokenizer's files; with --template
      and no -m not even those. Without --messages the template is rendered over --set alone.

        hadal render -m FOLDER --messages chat.json
        hadal render --template t.jinja --messages chat.json --set 'bos_token="<s>"'
      """
  )

  @OptionGroup var options: TokenizerOptions
  @OptionGroup var thinking: ThinkingOptions

  @Option(help: ArgumentHelp("A JSON array of messages, - for standard input.", valueName: "file"))
  var messages: String?

  @Option(help: ArgumentHelp("A JSON array of tool definitions.", valueName: "file"))
  var tools: String?

  @Option(help: ArgumentHelp("A JSON array of documents.", valueName: "file"))
  var documents: String?

  @Option(help: ArgumentHelp("A template in the place of the model's.", valueName: "file"))
  var template: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "A variable of the template; may be given several times.",
      valueName: "key=json"
    )
  )
  var settings: [String] = []

  @Flag(help: "Do not open the assistant's turn at the end.")
  var noGenerationPrompt = false

  @Flag(help: "End inside the last message, for the model to go on with it.")
  var continueFinal = false

  @Option(help: ArgumentHelp("What the template sees as now.", valueName: "time"))
  var now: String?

  func validate() throws {
    if options.batch != nil, messages != nil || tools != nil || documents != nil {
      throw ValidationError("--batch excludes --messages, --tools and --documents")
    }
    if options.batch == nil, messages == nil, template == nil {
      throw ValidationError("one of --messages, --template and --batch is needed")
    }
  }

  func run() throws {
    var renderer = try Renderer(self, time: LocalTime.parsed(now))
    if let batch = options.batch {
      try renderBatch(batch, &renderer)
      return
    }
    let answer = try renderer.render(try request())
    if options.json {
      try Output.json(.object(answer.members))
    } else {
      // The prompt and nothing else, but for a person's terminal.
      try Output.text(answer.prompt.text + (Output.isTerminal ? "\n" : ""))
    }
  }

  private func request() throws -> RenderRequest {
    RenderRequest(
      messages: try messages.map { try JSONInput.array(of: $0) },
      tools: try tools.map { try JSONInput.value(of: $0) },
      documents: try documents.map { try JSONInput.value(of: $0) },
      variables: try variables(),
      addsGenerationPrompt: noGenerationPrompt || continueFinal ? false : nil,
      continuesFinalMessage: continueFinal,
      template: nil
    )
  }

  /// The variables of `--set`.
  func variables() throws -> [PromptValue.Member] {
    try settings.map { setting in
      let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw ValidationError("--set takes KEY=JSON, like --set 'date_string=\"1 Jan 2026\"'")
      }
      do {
        let value = try PromptValue(JSONDocument(Array(parts[1].utf8)).root)
        return PromptValue.Member(String(parts[0]), value)
      } catch {
        throw ValidationError(
          "--set \(parts[0]) is not JSON; a text stands in double quotes: '\(parts[0])=\"…\"'"
        )
      }
    }
  }

  private func renderBatch(_ file: String, _ renderer: inout Renderer) throws {
    let lines = try Input.batchLines(of: file)
    var answers = BatchAnswers(count: lines.count)
    for (index, line) in lines.enumerated() {
      try Interruption.check()
      let fields = BatchLine(line.bytes, number: line.number, file: file)
      do {
        let request = try RenderRequest(fields, defaults: self)
        try answers.succeed(index, id: fields.id, renderer.render(request).members)
      } catch {
        try answers.fail(index, id: fields.id, error)
      }
    }
    try answers.finish()
  }
}

/// JSON files that options name.
enum JSONInput {
  static func value(of path: String) throws -> PromptValue {
    do {
      return try PromptValue(JSONDocument(Input.bytes(of: path)).root)
    } catch var error as JSONError {
      error.file = path == "-" ? "standard input" : path
      throw error
    }
  }

  static func array(of path: String) throws -> [PromptValue] {
    guard case .array(let elements) = try value(of: path) else {
      throw Input.Failure(what: "a JSON array of messages is expected", place: path)
    }
    return elements
  }
}
