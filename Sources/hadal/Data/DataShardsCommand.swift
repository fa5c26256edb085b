// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Diagnostics
import Hub
import Identity
import JSON
import Tokenization
import Training

/// `hadal data shards`.
struct DataShardsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shards",
    abstract: "Turn texts into shards of tokens to learn from.",
    discussion: """
      TEXT is a file of UTF-8 text, a .jsonl file with {"text"} or {"messages"} a line, or a folder
      of .txt and .jsonl files. Equal and nearly equal documents are kept once. Of conversations
      the model is taught what the assistant says. DIR gets the shards and shards.json, which
      names every file that a document comes from, and every shard's hash.

      The identity guard looks at every document. Where a model would claim another assistant's
      identity, the places are listed, nothing is written and the exit code is 65, until it is said
      what becomes of them: --identity drop, rewrite or rewrite-or-drop for all, --accept for a
      name, --decisions for hits one by one.

        hadal data shards texts --tokenizer FOLDER --out shards --validation 0.01
        hadal data shards a.jsonl --tokenizer FOLDER --out DIR --license CC0-1.0
        hadal data shards a.jsonl --tokenizer FOLDER --out DIR --identity drop
      """
  )

  @Argument(help: ArgumentHelp("Files or folders of texts.", valueName: "text"))
  var texts: [String]

  @Option(help: ArgumentHelp("The folder of the tokenizer, or a model's.", valueName: "dir"))
  var tokenizer: String

  @Option(help: ArgumentHelp("The folder to write, which must not exist.", valueName: "dir"))
  var out: String

  @Option(help: "What is a document in plain text: files, or paragraphs between empty lines.")
  var documents: DocumentUnit = .files

  @Option(
    help: ArgumentHelp(
      "The share of documents that validate, chosen by their hash.",
      valueName: "share"
    )
  )
  var validation = 0.0

  @Option(
    help: ArgumentHelp(
      "The share of common runs of five words from which a document is dropped; 0 keeps all.",
      valueName: "share"
    )
  )
  var nearDuplicates = 0.8

  @Option(help: ArgumentHelp("The license of the texts, for shards.json.", valueName: "name"))
  var license: String?

  @Option(help: ArgumentHelp("A chat template in the place of the tokenizer's.", valueName: "file"))
  var template: String?

  @Option(
    help: ArgumentHelp(
      "The share of texts that are rearranged to learn to fill a middle in.",
      valueName: "share"
    )
  )
  var fim = 0.0

  @Option(help: "The key of random numbers.")
  var seed: UInt64 = 0

  @Option(help: "How many tokens a shard has at most.")
  var shardTokens = 1 << 25

  @OptionGroup var identity: IdentityOptions

  @OptionGroup var options: DataOptions

  func run() throws {
    let start = ContinuousClock.now
    let pool = try options.pool()
    let corpus = try Corpus(paths: texts, unit: documents, pool: pool)
    var wanted = ShardBuilder.Options()
    wanted.validationShare = validation
    wanted.nearThreshold = nearDuplicates == 0 ? nil : nearDuplicates
    wanted.license = license
    wanted.middleFillingRate = fim
    wanted.seed = seed
    wanted.tokensPerShard = shardTokens
    let guardian = try ShardGuard(identity)
    if let guardian {
      wanted.check = { guardian.check($0) }
      wanted.identity = { try guardian.record() }
    }
    let builder = try ShardBuilder(
      corpus,
      tokenizerFolder: ModelPlace.folder(of: tokenizer, needing: .tokenizer),
      template: encoder(),
      options: wanted,
      pool: pool
    )
    var progress = Progress("sharding")
    let index: ShardsIndex?
    do {
      index = try builder.run(to: out) { done, total in
        progress.show(done, of: total)
        return !Interruption.isRequested
      }
    } catch let error as IdentityError {
      progress.clear()
      if let guardian { try list(guardian.open) }
      throw error
    }
    progress.clear()
    guard let index else { return try Interruption.check() }
    try show(index, start.duration(to: .now) / .seconds(1))
  }

  private func list(_ open: (shown: [ShardGuard.Open], count: Int)) throws {
    for found in open.shown {
      let text = HitText(hit: found.hit, path: found.path, line: found.line)
      if options.json { try Output.json(text.json) } else { try Output.line(text.text) }
    }
    let rest = open.count - open.shown.count
    if rest > 0 { Output.errorLine("hadal: warning: \(rest) more are not listed") }
  }

  private func encoder() throws -> (any PromptEncoder)? {
    guard let template else { return nil }
    let text = try Input.text(DataTokenizerCommand.template(at: template), source: template)
    let folder = try ModelPlace.folder(of: tokenizer, needing: .tokenizer)
    return TemplatePromptEncoder(
      try ChatTemplate(text, name: template),
      specialTokens: try ChatTemplateFiles(folder: folder).specialTokens
    )
  }

  private func show(_ index: ShardsIndex, _ seconds: Double) throws {
    if options.json {
      return try Output.json(
        .object([("out", .string(out))] + index.members + [("seconds", .double(seconds))])
      )
    }
    for line in index.lines { try Output.line(line) }
    if validation > 0, index.documentCount(.validation) == 0 {
      Output.errorLine(
        "hadal: warning: no document validates; \(index.counts.documentCount) are too few for it"
      )
    }
  }
}
