// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Compute
import Diagnostics
import JSON
import Terminal
import Tokenization
import Training

/// `hadal data tokenizer`.
struct DataTokenizerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenizer",
    abstract: "Train a byte-level BPE tokenizer on texts.",
    discussion: """
      TEXT is a file of UTF-8 text, a .jsonl file with {"text"} or {"messages"} a line, or a folder
      of .txt and .jsonl files. DIR gets tokenizer.json and tokenizer_config.json, which other
      programs read too. The first ids are DeepSeek-V3's control tokens, then come the 256 bytes,
      then the merges. The result depends on the texts and the options alone.

        hadal data tokenizer texts --vocabulary-size 8192 --out tokenizer
        hadal data tokenizer a.txt --vocabulary-size 32768 --split gpt2 --out DIR
      """
  )

  @Argument(help: ArgumentHelp("Files or folders of texts.", valueName: "text"))
  var texts: [String]

  @Option(help: "How many ids there shall be, control tokens and the 256 bytes included.")
  var vocabularySize: Int

  @Option(help: ArgumentHelp("The folder to write, which must not exist.", valueName: "dir"))
  var out: String

  @Option(
    help: "How text is cut into pieces that no merge crosses: deepseek-v3, gpt2, qwen2 or llama3."
  )
  var split: SplitStyle = .deepSeekV3

  @Option(
    help: ArgumentHelp(
      "A further control token; may be given several times.",
      valueName: "token"
    )
  )
  var controlToken: [String] = []

  @Option(help: "How often a pair must come to become a token.")
  var minimumCount = 2

  @Option(help: ArgumentHelp("A chat template to lie beside the files.", valueName: "file"))
  var template: String?

  @OptionGroup var options: DataOptions

  func validate() throws {
    if minimumCount < 1 {
      throw ValidationError("--minimum-count is \(minimumCount), but must be 1 or more")
    }
  }

  func run() throws {
    let start = ContinuousClock.now
    var wanted = TokenizerTraining.Options(vocabularyCount: vocabularySize)
    wanted.split = split
    wanted.controlTokens += controlToken.map { ControlToken($0) }
    wanted.minimumCount = minimumCount
    let template = try template.map { try Self.template(at: $0) }
    let pool = try options.pool()
    guard try FileKind.of(out) == nil else { throw ComputeError(.alreadyThere, place: out) }
    let corpus = try Corpus(paths: texts, unit: .files, pool: pool)
    let builder = try TokenizerBuilder(corpus, wanted, pool: pool)
    var counting = Progress("counting")
    var merging = Progress("merging", unit: .items("tokens"))
    let trained = try builder.run { stage, done, total in
      switch stage {
      case .counting: counting.show(done, of: total)
      case .merging:
        counting.clear()
        merging.show(done, of: total)
      }
      return !Interruption.isRequested
    }
    counting.clear()
    merging.clear()
    try Interruption.check()
    guard let trained else { return }
    try trained.write(to: out, template: template)
    try show(trained, corpus, start.duration(to: .now))
  }

  /// The bytes of a template that compiles.
  static func template(at path: String) throws -> [UInt8] {
    let bytes = try Input.bytes(of: path)
    _ = try ChatTemplate(Input.text(bytes, source: path), name: path)
    return bytes
  }

  private func show(_ trained: TrainedTokenizer, _ corpus: Corpus, _ time: Duration) throws {
    let seconds = time / .seconds(1)
    if options.json {
      return try Output.json(
        .object([
          ("out", .string(out)),
          ("vocabulary", .integer(trained.vocabularyCount)),
          ("merges", .integer(trained.mergeCount)),
          ("files", .integer(corpus.sources.count)),
          ("bytes", .integer(corpus.byteCount)),
          ("seconds", .double(seconds)),
        ])
      )
    }
    try Output.line(
      "\(out): \(trained.vocabularyCount) tokens, \(trained.mergeCount) merges, from "
        + "\(ByteCount.text(corpus.byteCount)) in \(Self.tenths(seconds)) s"
    )
    if trained.vocabularyCount < vocabularySize {
      Output.errorLine(
        "hadal: warning: the texts hold too few frequent pairs for \(vocabularySize) tokens"
      )
    }
  }

  static func tenths(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
