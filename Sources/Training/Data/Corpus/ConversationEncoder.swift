// SPDX-License-Identifier: Apache-2.0

import Tokenization

/// Makes the tokens of conversations and finds those that the assistant says.
///
/// What it says in a turn is what the rendered conversation has more than the prompt that asks for
/// the turn: its words, and the control token that ends them. A template may write earlier turns
/// otherwise than the last one, without their reasoning for example; such a conversation becomes
/// one sample a turn, each as it stands when the turn is due.
struct ConversationEncoder: Sendable {
  private let tokenizer: Tokenizer
  private let template: any PromptEncoder
  private let time: CalendarTime

  /// Creates an encoder.
  ///
  /// - Parameters:
  ///   - tokenizer: The tokenizer.
  ///   - template: What writes conversations.
  ///   - time: What the template sees as now.
  init(_ tokenizer: Tokenizer, _ template: any PromptEncoder, time: CalendarTime) {
    self.tokenizer = tokenizer
    self.template = template
    self.time = time
  }

  /// A turn of the assistant in a rendered conversation.
  private struct Answer {
    /// The conversation up to the end of the turn.
    var prompt: RenderedPrompt
    /// Where the turn begins, in scalars.
    var start: Int
  }

  /// Encodes a conversation.
  ///
  /// - Throws: `DataError` where the template refuses it.
  /// - Returns: The samples; none where the assistant says nothing.
  func samples(
    _ messages: [PromptValue],
    tools: PromptValue?,
    place: DocumentPlace
  ) throws(DataError) -> [EncodedDocument] {
    do {
      let answers = try answers(messages, tools)
      guard let last = answers.last else { return [] }
      let isOne = answers.allSatisfy { answer in
        answer.prompt.commonPrefixCount(with: last.prompt) == answer.prompt.count
      }
      if isOne {
        let spans = answers.map { $0.start..<$0.prompt.count }
        return [try sample(last.prompt, spans)]
      }
      var samples: [EncodedDocument] = []
      for answer in answers {
        samples.append(try sample(answer.prompt, [answer.start..<answer.prompt.count]))
      }
      return samples
    } catch let error as TemplateError {
      throw DataError(.template(error), place: place.description)
    } catch let error as TokenizationError {
      throw DataError(.tokenization(error), place: place.description)
    } catch {
      throw DataError(.notDocument("\(error)"), place: place.description)
    }
  }

  private func answers(_ messages: [PromptValue], _ tools: PromptValue?) throws -> [Answer] {
    var answers: [Answer] = []
    for (index, message) in messages.enumerated() where message["role"]?.string == "assistant" {
      let whole = try render(messages[...index], tools, asks: false)
      let asked = try render(messages[..<index], tools, asks: true)
      let before = try render(messages[..<index], tools, asks: false)
      let start = asked.commonPrefixCount(with: whole)
      // What asks for a turn may say more than what records it, an open think tag for example; but
      // all that came before the turn must stand there. A template may end what asks for nothing.
      guard start >= before.commonPrefixCount(with: asked) else {
        throw TemplateError(
          .runtime,
          "writes what stands before message \(index) in another way once the message is there"
        )
      }
      answers.append(Answer(prompt: whole, start: start))
    }
    return answers
  }

  private func render(
    _ messages: ArraySlice<PromptValue>,
    _ tools: PromptValue?,
    asks: Bool
  ) throws -> RenderedPrompt {
    let request = ChatRequest(messages: Array(messages), tools: tools, addsGenerationPrompt: asks)
    return try template.prompt(for: request, time: time)
  }

  /// Encodes a rendered conversation and marks the tokens of some stretches.
  private func sample(
    _ prompt: RenderedPrompt,
    _ spans: [Range<Int>]
  ) throws -> EncodedDocument {
    let ids = try tokenizer.chatIDs(prompt)
    var mask = [Bool](repeating: false, count: ids.count)
    for span in spans {
      let start = try tokenCount(of: prompt.prefix(span.lowerBound), ids)
      let end = try tokenCount(of: prompt.prefix(span.upperBound), ids)
      guard start < end else { continue }
      for index in start..<saidEnd(ids, start..<end) { mask[index] = true }
    }
    return EncodedDocument(ids: ids, lossMask: mask)
  }

  /// How many tokens of the whole a part of it makes; a token across its end is not among them.
  private func tokenCount(of part: RenderedPrompt, _ ids: [Int32]) throws -> Int {
    guard part.count > 0 else { return 0 }
    let own = try tokenizer.chatIDs(part)
    return zip(own, ids).prefix { $0 == $1 }.count
  }

  /// The end of what the assistant says: white space behind the control token that ends a turn is
  /// the template's.
  private func saidEnd(_ ids: [Int32], _ span: Range<Int>) -> Int {
    let control = Set(tokenizer.addedTokens.map(\.id))
    guard let last = span.last(where: { control.contains(ids[$0]) }) else { return span.upperBound }
    let tail = tokenizer.decode(Array(ids[(last + 1)..<span.upperBound]))
    return tail.allSatisfy(\.isWhitespace) ? last + 1 : span.upperBound
  }
}
