// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import JSON
import TestSupport
import Testing
import Tokenization
import Training

/// Which tokens of a conversation the model is taught to say.
///
/// Method: the tokens that are taught, and those that are not, are decoded and compared with what
/// stands in the conversation.
@Suite struct ConversationTests {
  private static let chatML = """
    {% for message in messages %}<|im_start|>{{ message.role }}
    {{ message.content }}<|im_end|>
    {% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
    {% endif %}
    """

  /// Keeps reasoning in the last turn alone, and opens it when it asks for a turn.
  private static let reasoning = """
    {% for message in messages %}{% if message.role == 'user' %}<｜User｜>{{ message.content }}\
    {% else %}<｜Assistant｜>{% if loop.last and message.reasoning_content %}<think>\
    {{ message.reasoning_content }}</think>{% endif %}{{ message.content }}<｜end▁of▁sentence｜>\
    {% endif %}{% endfor %}{% if add_generation_prompt %}<｜Assistant｜><think>{% endif %}
    """

  private func tokenizer() throws -> Tokenizer {
    var options = TokenizerTraining.Options(vocabularyCount: 400)
    options.controlTokens += ["<|im_start|>", "<|im_end|>"].map { ControlToken($0) }
    let training = try TokenizerTraining(options)
    let text = TextFolder.story + " user assistant Hello there\n"
    let trained = training.learn(from: try training.counts(of: Array(text.utf8)))
    return try #require(try trained?.tokenizer())
  }

  private func samples(
    _ template: String?,
    _ messages: [(role: String, content: String)],
    reasoning: String? = nil
  ) throws -> [(text: String, taught: String)] {
    let tokenizer = try tokenizer()
    let tokens = SpecialTokens([
      "bos_token": .string("<｜begin▁of▁sentence｜>"),
      "eos_token": .string("<｜end▁of▁sentence｜>"),
    ])
    let writer: any PromptEncoder =
      try template.map {
        TemplatePromptEncoder(try ChatTemplate($0), specialTokens: tokens)
      } ?? BuiltInPromptEncoder(.deepSeekV3, specialTokens: tokens)
    let values = messages.map { message in
      var members = [
        PromptValue.Member("role", .string(message.role)),
        .init("content", .string(message.content)),
      ]
      if let reasoning, message.role == "assistant" {
        members.append(.init("reasoning_content", .string(reasoning)))
      }
      return PromptValue.object(members)
    }
    let document = Document(
      .conversation(values, tools: nil),
      place: DocumentPlace(path: "a.jsonl", line: 3, offset: 0, byteCount: 1)
    )
    return try DocumentEncoder(tokenizer, template: writer).samples(of: document).map { sample in
      let mask = try #require(sample.lossMask)
      #expect(mask.count == sample.ids.count)
      let taught = zip(sample.ids, mask).filter(\.1).map(\.0)
      #expect(sample.lossCount == taught.count)
      return (tokenizer.decode(sample.ids), tokenizer.decode(taught))
    }
  }

  private let turns = [
    (role: "user", content: "Where did the fox go?"), (role: "assistant", content: "Up the hill."),
    (role: "user", content: "<｜Assistant｜>And then?"), (role: "assistant", content: "Down again."),
  ]

  @Test func `the assistant's words and the end of each turn are taught, in the built-in form`()
    throws
  {
    let found = try samples(nil, turns)
    #expect(found.count == 1)
    #expect(
      found[0].taught == "Up the hill.<｜end▁of▁sentence｜>Down again.<｜end▁of▁sentence｜>"
    )
    #expect(found[0].text.hasPrefix("<｜begin▁of▁sentence｜><｜User｜>Where"))
  }

  @Test func `a line break behind the end of a turn is the template's`() throws {
    let found = try samples(Self.chatML, [(role: "system", content: "Be kind.")] + turns)
    #expect(found.count == 1)
    #expect(found[0].taught == "Up the hill.<|im_end|>Down again.<|im_end|>")
    #expect(found[0].text.contains("<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user"))
  }

  @Test func `a template that forgets reasoning makes a sample a turn`() throws {
    let found = try samples(Self.reasoning, turns, reasoning: "It is a fox.")
    #expect(
      found.map(\.taught) == [
        "It is a fox.</think>Up the hill.<｜end▁of▁sentence｜>",
        "It is a fox.</think>Down again.<｜end▁of▁sentence｜>",
      ]
    )
    #expect(found[1].text.contains("<｜Assistant｜>Up the hill.<｜end▁of▁sentence｜><｜User｜>"))
    // Without reasoning the record begins with the answer, though what asks for it opens a thought.
    let plain = try samples(Self.reasoning, turns).map(\.taught)
    #expect(plain == ["Up the hill.<｜end▁of▁sentence｜>Down again.<｜end▁of▁sentence｜>"])
  }

  @Test func `a template may end what asks for nothing`() throws {
    let template =
      "{% for m in messages %}<｜{{ m.role | capitalize }}｜>{{ m.content }}{% endfor %}"
      + "{{ '<｜Assistant｜>' if add_generation_prompt else eos_token }}"
    let taught = try samples(template, turns).map(\.taught)
    #expect(taught == ["Up the hill.<｜end▁of▁sentence｜>", "Down again.<｜end▁of▁sentence｜>"])
  }

  @Test func `without an answer there is no sample`() throws {
    #expect(try samples(nil, [turns[0]]).isEmpty)
  }

  @Test func `a template that refuses or rewrites is named with the line`() throws {
    let refusing = "{% if messages|length > 1 %}{{ raise_exception('no') }}{% endif %}x"
    let rewriting = "{{ messages|length }}{% for m in messages %}{{ m.content }}{% endfor %}"
    for template in [refusing, rewriting] {
      do {
        _ = try samples(template, turns)
        Issue.record("\(template) was taken")
      } catch let error as DataError {
        #expect(error.place == "a.jsonl, line 3" && error.exitCode == .badData, "\(error)")
      }
    }
  }

  @Test func `samples are kept apart in a row, and what is said is what the row teaches`() throws {
    let folder = try TextFolder()
    var lines: [String] = []
    for number in 0..<40 {
      let question = TextFolder.text(number, wordCount: 6)
      let answer = TextFolder.text(99 + number, wordCount: 4)
      lines.append(
        #"{"messages":[{"role":"user","content":"\#(question)"},"#
          + #"{"role":"assistant","content":"\#(answer)"}]}"#
      )
    }
    lines.append(#"{"messages":[{"role":"user","content":"alone"}]}"#)
    let path = try folder.write("a.jsonl", lines.joined(separator: "\n"))
    let tokenizerFolder = try folder.makeTokenizer()
    let index = try folder.makeShards([path], tokenizer: tokenizerFolder)
    #expect(index.counts.unansweredCount == 1 && index.counts.documentCount == 40)
    // What is said in them: ten words of three letters with spaces between those of a message.
    #expect(index.counts.documentByteCount == 40 * (23 + 15))
    let tokenizer = try Tokenizer(folder: tokenizerFolder)
    let layout = RowLayout(sequenceLength: 160, packing: .apart)
    let stream = try DataStream([.init(try folder.shards())], layout: layout, seed: 1)
    var answers: Set<String> = []
    var targets = 0
    for row in stream.rows(from: 0, count: stream.rowCount) {
      #expect(row.ids.last == Int32(index.paddingID) || row.pieces.last?.range.upperBound == 161)
      for piece in row.pieces {
        let taught = zip(row.ids[piece.range], row.lossMask[piece.range]).filter(\.1).map(\.0)
        answers.insert(tokenizer.decode(taught, skipsSpecialTokens: true))
        targets += taught.count
      }
    }
    #expect(answers == Set((0..<40).map { TextFolder.text(99 + $0, wordCount: 4) }))
    #expect(stream.batch(from: 0, count: stream.rowCount).targetCount == targets)
    #expect(index.shards[0].lossCount == targets)
  }
}
