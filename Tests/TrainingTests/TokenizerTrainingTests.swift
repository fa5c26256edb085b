// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics
import JSON
import TestSupport
import Testing
import Tokenization
import Training

/// A tokenizer that is trained here, against the definition of the training and against its own
/// reader.
@Suite struct TokenizerTrainingTests {
  private func trained(
    _ text: String,
    _ options: TokenizerTraining.Options
  ) throws -> TrainedTokenizer {
    let training = try TokenizerTraining(options)
    return try #require(training.learn(from: try training.counts(of: Array(text.utf8))))
  }

  private func files(_ tokenizer: TrainedTokenizer) throws -> (pieces: [String], merges: [[String]])
  {
    let model = try #require(try JSONDocument(tokenizer.json).root["model"])
    let vocabulary = try #require(model["vocab"]?.object)
    let pieces = vocabulary.sorted { $0.value.integer ?? 0 < $1.value.integer ?? 0 }.map(\.key)
    let merges = try #require(model["merges"]?.array)
    return (pieces, merges.map { pair in pair.array?.compactMap(\.string) ?? [] })
  }

  private func symbols(_ word: String) -> String {
    String(
      String.UnicodeScalarView(
        word.utf8.compactMap { Unicode.Scalar(ByteLevelAlphabet.scalars[Int($0)]) }
      )
    )
  }

  // Method: random words over a few letters, so that pairs overlap themselves, counts tie and two
  // ways lead to one piece; the pieces and merges of both are compared in order. GPT-2's split makes
  // every word one piece with the space before it.
  @Test(arguments: 0..<24)
  func `merges are those of the definition`(seed: Int) throws {
    var generator = SplitMix64(seed: UInt64(seed))
    let letters = Array(seed % 3 == 0 ? "ab" : seed % 3 == 1 ? "abcd" : "aé中b")
    var words: [String] = []
    for _ in 0..<(seed % 2 == 0 ? 30 : 120) {
      let count = 1 + Int(generator.next() % 9)
      words.append(
        String((0..<count).map { _ in letters[Int(generator.next() % UInt64(letters.count))] })
      )
    }
    var options = TokenizerTraining.Options(vocabularyCount: 330)
    options.split = .gpt2
    options.minimumCount = 1 + seed % 3
    // A control token that merges would spell.
    options.controlTokens.append(ControlToken("aab"))
    let result = try files(trained(words.joined(separator: " "), options))
    var counts: [String: Int] = [symbols(words[0]): 1]
    for word in words.dropFirst() { counts[symbols(" " + word), default: 0] += 1 }
    let controls = options.controlTokens.map(\.content)
    let alphabet = ByteLevelAlphabet.scalars.sorted().compactMap { Unicode.Scalar($0) }
    let naive = NaiveMergeLearning(
      counts,
      firstPieces: controls + alphabet.map { String($0) },
      controlCount: controls.count,
      vocabularyCount: 330,
      minimumCount: options.minimumCount
    )
    #expect(result.pieces == naive.pieces, "seed \(seed)")
    #expect(result.merges == naive.merges, "seed \(seed)")
  }

  private static let texts = [
    "en": "The fox — it isn't 12345 years old — went\n\n  home, e.g. by train.",
    "zh": "狐狸走上山，又走下来。它今年12岁，住在《聊斋》里。\n　　第二段。",
    "hi": "लोमड़ी पहाड़ी पर गई और फिर नीचे आई। वह १२ साल की है।",
    "es": "El zorro subió a la colina — ¿y luego? ¡Bajó otra vez, señor!",
    "ar": "صعد الثعلب إلى التل ثم نزل مرة أخرى، وعمره ١٢ سنة.",
    "other": "🦊👩‍👩‍👧 \u{1F1E9}\u{1F1EA} e\u{301} \r\n\t\u{7F}\u{200B} <｜User｜> <think>",
  ]

  @Test(arguments: SplitStyle.allCases)
  func `every text comes back, also of a script that was never seen`(split: SplitStyle) throws {
    var options = TokenizerTraining.Options(vocabularyCount: 400)
    options.split = split
    let tokenizer = try trained(TextFolder.story + Self.texts["zh", default: ""], options)
      .tokenizer()
    #expect(tokenizer.vocabularyCount <= 400)
    #expect(tokenizer.generalPattern == nil, "\(split) has no scanner")
    for (language, text) in Self.texts {
      let ids = try tokenizer.encode(text, addsSpecialTokens: false)
      #expect(tokenizer.decode(ids) == text, "\(split), \(language)")
      #expect(ids.allSatisfy { !tokenizer.isSpecial($0) }, "text formed a control token")
    }
    let story = try tokenizer.encode(TextFolder.story)
    #expect(story.first == tokenizer.beginningOfTextID)
    #expect(story.count < TextFolder.story.utf8.count / 2, "nothing was learned")
  }

  @Test func `stretches, their order and threads change nothing`() throws {
    let words = (0..<60).map { TextFolder.text($0 % 7, wordCount: 4000) }
    let text = words.joined(separator: ". ")
    let stretches = TokenizerTraining.stretches(of: Array(text.utf8))
    #expect(stretches.count > 2)
    let training = try TokenizerTraining(.init(vocabularyCount: 500))
    let whole = try training.counts(of: Array(text.utf8))
    var parts = PieceCounts()
    for stretch in stretches.reversed() {
      parts.add(try training.counts(of: Array(Array(text.utf8)[stretch])))
    }
    #expect(parts.count == whole.count && parts.total == whole.total)
    let folder = try TextFolder()
    let path = try folder.write("a.txt", text)
    let results = try [1, 2, 3].map { threads in
      let pool = try ThreadPool(threadCount: threads)
      let corpus = try Corpus(paths: [path], unit: .files, pool: pool)
      let builder = try TokenizerBuilder(corpus, training.options, pool: pool)
      return try builder.run()?.json
    }
    #expect(results[0] != nil && results[0] == results[1] && results[0] == results[2])
    #expect(training.learn(from: parts)?.json == results[0])
    #expect(training.learn(from: whole)?.json == results[0])
  }

  @Test func `options that do not fit together are refused`() {
    var options = TokenizerTraining.Options(vocabularyCount: 400)
    let least = options.controlTokens.count + 256
    let tooSmall = TokenizationError(.vocabularyTooSmall(least - 1, least: least))
    #expect(tooSmall.exitCode == .usage)
    #expect(throws: tooSmall) {
      _ = try TokenizerTraining(.init(vocabularyCount: least - 1))
    }
    options.beginningOfText = "<s>"
    #expect(throws: TokenizationError(.unknownToken("<s>"), place: "control tokens")) {
      _ = try TokenizerTraining(options)
    }
    options.controlTokens.append(ControlToken("<think>"))
    #expect(throws: TokenizationError(.unusableControlToken("<think>"))) {
      _ = try TokenizerTraining(options)
    }
  }

  @Test func `a text with too few pairs makes a smaller vocabulary`() throws {
    let options = TokenizerTraining.Options(vocabularyCount: 4000)
    let result = try trained("to be to be", options)
    #expect(result.vocabularyCount < 290 && result.mergeCount > 0)
    #expect(try result.tokenizer().vocabularyCount == result.vocabularyCount)
  }
}
