// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Testing
import Tokenization

/// Files that are wrong in one place: the error says which, by equality.
@Suite struct `Faulty files` {
  @Test func `a merge of an unknown piece is named with its number`() {
    expect(
      TinyTokenizer.byteLevel(merges: #""h e","h zz""#),
      .mergeWithoutPiece(number: 2, piece: "zz"),
      "tokenizer.json, field model.merges"
    )
    expect(
      TinyTokenizer.byteLevel(merges: #"["l","e"]"#),
      .mergeWithoutPiece(number: 1, piece: "le"),
      "tokenizer.json, field model.merges"
    )
  }

  @Test(arguments: [
    #""he""#, #""h e e""#, #"" he""#, #""he ""#, #"["h"]"#, #"["h","e","e"]"#, "1", #"["h",1]"#,
  ])
  func `a merge that is no pair is refused`(_ merge: String) {
    expect(
      TinyTokenizer.byteLevel(merges: #""h e","# + merge),
      .malformedMerge(number: 2),
      "tokenizer.json, field model.merges"
    )
  }

  @Test func `pieces and ids are unique and within bounds`() {
    let place = "tokenizer.json, field model.vocab"
    let base = #","he":256,"ll":257,"hell":258,"Ġt":259"#
    expect(
      TinyTokenizer.byteLevel(extraPieces: base + #","he":270"#),
      .duplicatePiece("he"),
      place
    )
    expect(
      TinyTokenizer.byteLevel(extraPieces: base + #","x1":256"#),
      .duplicateID(256, first: "he", second: "x1"),
      place
    )
    expect(
      TinyTokenizer.byteLevel(extraPieces: base + #","x1":-1"#),
      reason: {
        if case .idOutOfRange(-1, _) = $0 { true } else { false }
      }
    )
    expect(
      TinyTokenizer.byteLevel(extraPieces: base + #","x1":16777215"#),
      reason: {
        if case .idOutOfRange(16_777_215, _) = $0 { true } else { false }
      }
    )
    expect(
      TinyTokenizer.byteLevel(extraPieces: base + #","x1":1.5"#),
      reason: {
        $0 == .wrongKind(found: "a number", expected: "an integer")
      }
    )
    expect(
      TinyTokenizer.byteLevel(addedTokens: #"{"id":256,"content":"<x>"}"#),
      .duplicateID(256, first: "he", second: "<x>"),
      "tokenizer.json, field added_tokens"
    )
    expect(
      TinyTokenizer.byteLevel(addedTokens: #"{"id":300,"content":"he"}"#),
      .duplicatePiece("he"),
      "tokenizer.json, field added_tokens"
    )
  }

  @Test(arguments: [
    ("normalizer", "StripAccents"), ("pre-tokenizer", "Whitespace"), ("decoder", "WordPiece"),
    ("post-processor", "BertProcessing"),
  ])
  func `a kind that is not read is named with its field`(_ part: String, _ kind: String) {
    let step = #"{"type":"\#(kind)"}"#
    let json =
      switch part {
      case "normalizer": TinyTokenizer.byteLevel(normalizer: step)
      case "pre-tokenizer": TinyTokenizer.byteLevel(preTokenizer: step)
      case "decoder": TinyTokenizer.byteLevel(decoder: step)
      default: TinyTokenizer.byteLevel(postProcessor: step)
      }
    expect(json, reason: { $0 == .unsupported(part: part, kind: kind) })
  }

  @Test func `options that change the result are refused`() {
    for (option, name) in [
      (#","dropout":0.1"#, "dropout"), (#","end_of_word_suffix":"</w>""#, "end_of_word_suffix"),
      (#","continuing_subword_prefix":"@@""#, "continuing_subword_prefix"),
    ] {
      expect(
        TinyTokenizer.byteLevel(options: option),
        .unsupported(part: "option", kind: name),
        "tokenizer.json, field model.\(name)"
      )
    }
    expect(
      TinyTokenizer.byteLevel(options: #","unk_token":"<unk>""#),
      .unknownToken("<unk>"),
      "tokenizer.json, field model.unk_token"
    )
    expect(
      TinyTokenizer.byteLevel(options: #","ignore_merges":1"#),
      .wrongKind(found: "a number", expected: "true or false"),
      "tokenizer.json, field model.ignore_merges"
    )
  }

  @Test func `a pattern that is not read is named with its field`() {
    let split = #"{"type":"Split","pattern":{"Regex":"a(?<=b)"},"behavior":"Isolated"}"#
    expect(
      TinyTokenizer.byteLevel(preTokenizer: split),
      .unsupportedPattern(construct: "(?<=", offset: 1),
      "tokenizer.json, field pre_tokenizer.pattern.Regex"
    )
  }

  @Test func `a folder without a tokenizer is no input`() {
    do {
      _ = try Tokenizer(folder: "/nonexistent/folder")
      Issue.record("there is such a folder")
    } catch {
      #expect(error.reason == .noTokenizer)
      #expect(error.exitCode == .noInput)
      #expect(error.remedy != nil)
    }
  }

  @Test func `the sentence has what, where and what to do`() {
    let error = TokenizationError(
      .mergeWithoutPiece(number: 1_204, piece: "Ġth"),
      place: "tokenizer.json"
    )
    #expect(
      error.description
        == "merge 1204 names the piece 'Ġth', which the vocabulary lacks (tokenizer.json)"
    )
    #expect(error.remedy == "fetch the file again; BPE is read, byte-level or with byte fallback")
    #expect(error.exitCode == .badData)
  }

  @Test func `text never forms a special token, not even by merges of its pieces`() throws {
    let json = TinyTokenizer.byteLevel(
      extraPieces: #","<|":256,"|>":257,"<|x":258,"<|x|>":259"#,
      merges: #""< |","| >","<| x","<|x |>""#,
      addedTokens: #"{"id":259,"content":"<|x|>","special":true}"#
    )
    let tokenizer = try Tokenizer(json: json)
    #expect(try tokenizer.encode("<|x|>", addedTokens: .all) == [259])
    #expect(try !tokenizer.encode("<|x|>").contains(259))
    #expect(try !tokenizer.encode("<|x|>", addedTokens: .nonSpecial).contains(259))
  }

  @Test func `added tokens strip white space and keep to words where the file says so`() throws {
    let json = TinyTokenizer.byteLevel(
      addedTokens: """
        {"id":260,"content":"<m>","lstrip":true,"rstrip":true},
        {"id":261,"content":"cat","single_word":true,"normalized":false},
        {"id":262,"content":"<m>x"}
        """
    )
    let tokenizer = try Tokenizer(json: json)
    func ids(_ text: String) throws -> [Int32] { try tokenizer.encode(text, addedTokens: .all) }
    #expect(try ids("a  <m> \n b") == [0x61, 260, 0x62])
    #expect(try ids("<m>xy") == [262, 0x79])
    #expect(try ids("cat") == [261])
    #expect(try ids("(cat)") == [0x28, 261, 0x29])
    #expect(try ids("cats") == [0x63, 0x61, 0x74, 0x73])
    #expect(try ids("_cat") == [0x5F, 0x63, 0x61, 0x74])
  }

  @Test func `template tokens stand before and behind the text`() throws {
    let template = """
      {"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<|user|>","type_id":0}},
      {"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"<|end|>","type_id":0}}],
      "special_tokens":{"<|user|>":{"ids":[261]},"<|end|>":{"ids":[260]}}}
      """
    let settings =
      #"{"add_bos_token":true,"bos_token":"<|user|>","add_eos_token":true,"#
      + #""eos_token":{"content":"<|end|>"}}"#
    let tokenizer = try Tokenizer(
      json: TinyTokenizer.byteLevel(postProcessor: template),
      configuration: Array(settings.utf8)
    )
    #expect(try tokenizer.encode("hell") == [261, 258, 260])
    #expect(try tokenizer.encode("hell", addsSpecialTokens: false) == [258])
    let twin = try Tokenizer(json: TinyTokenizer.byteLevel(), configuration: Array(settings.utf8))
    #expect(try twin.encode("hell") == [261, 258, 260])
    #expect(tokenizer.decode([261, 258, 260], skipsSpecialTokens: true) == "<|user|>hell")
  }

  @Test func `a beginning of text that the vocabulary lacks is an error where it is asked for`() {
    let settings = Array(#"{"add_bos_token":true,"bos_token":"<s>"}"#.utf8)
    #expect(
      throws: TokenizationError(
        .unknownToken("<s>"),
        place: "tokenizer_config.json, field bos_token"
      )
    ) { try Tokenizer(json: TinyTokenizer.byteLevel(), configuration: settings) }
  }

  private func expect(
    _ json: [UInt8],
    _ reason: TokenizationError.Reason,
    _ place: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(throws: TokenizationError(reason, place: place), sourceLocation: sourceLocation) {
      try Tokenizer(json: json)
    }
  }

  private func expect(
    _ json: [UInt8],
    reason isExpected: (TokenizationError.Reason) -> Bool,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    do {
      _ = try Tokenizer(json: json)
      Issue.record("it was read", sourceLocation: sourceLocation)
    } catch {
      #expect(isExpected(error.reason), "\(error)", sourceLocation: sourceLocation)
      #expect(error.exitCode == .badData, sourceLocation: sourceLocation)
    }
  }
}
