// SPDX-License-Identifier: Apache-2.0

import HadalKit
import Inference
import JSON

/// The answers to one request as events that are sent as they come (Server-Sent Events).
package struct AnswerStream {
  /// What is heard of the choices of a request.
  private enum Item {
    case event(choice: Int, EngineEvent)
    /// A while has passed.
    case tick
  }

  /// How long nothing may be sent, so that no proxy takes the connection for dead.
  private static let quiet = Duration.seconds(5)

  /// Ends the stream and cancels the answers.
  package let cancel: @Sendable () -> Void
  private let run: AnswerRun
  private let items: AsyncStream<Item>
  private var iterator: AsyncStream<Item>.Iterator
  private var texts: [AnswerText]
  private var usage: AnswerUsage
  /// What the receipt says of each choice, once it has ended.
  private var entries: [AnswerReceipt.Choice?]
  private var openCount: Int
  private var hasBegun = false
  /// Whether nothing follows what was sent last.
  package private(set) var hasEnded = false
  private var wasQuiet = false
  private var pending: [UInt8] = []
  /// What writes it for Anthropic's clients.
  private var messages: MessagesEvents?

  /// Begins to listen; who drops the stream cancels the answers.
  package init(_ run: AnswerRun) {
    self.run = run
    (items, cancel) = Self.items(run.choices.map(\.events))
    iterator = items.makeAsyncIterator()
    texts = run.choices.map { AnswerText($0.order) }
    usage = run.usage
    entries = run.choices.map { _ in nil }
    openCount = run.choices.count
    messages = run.wire.kind == .messages ? MessagesEvents(run.wire) : nil
  }

  /// What is to be sent next; nil behind the end.
  package mutating func next() async -> [UInt8]? {
    pending = []
    if !hasBegun {
      hasBegun = true
      begin()
    }
    while pending.isEmpty, !hasEnded {
      guard let item = await iterator.next(isolation: #isolation) else {
        // Nobody is there to answer any more.
        fail(.cancelled)
        break
      }
      take(item)
    }
    return pending.isEmpty ? nil : pending
  }

  private mutating func begin() {
    guard messages == nil else { return }
    for (index, choice) in run.choices.enumerated() {
      if let opening = run.wire.opening(index, thinks: choice.order.prompt.opensReasoning) {
        send(opening)
      }
      guard !choice.order.echo.isEmpty, !choice.isScored else { continue }
      send(AnswerText.Piece(content: choice.order.echo), index)
    }
  }

  private mutating func take(_ item: Item) {
    switch item {
    case .tick:
      if wasQuiet { keepAlive() }
      wasQuiet = true
    case .event(_, .waiting): break
    case .event(_, .began(let cachedCount)):
      var usage = usage
      usage.cachedCount = cachedCount
      messages?.begin(usage, to: &pending)
    case .event(let index, .scored(let entries)):
      send(texts[index].takeEcho(entries), index)
    case .event(let index, .token(let token)):
      wasQuiet = false
      send(texts[index].take(token), index)
    case .event(let index, .ended(.success(let completion))): end(index, completion)
    case .event(_, .ended(.failure(let error))): fail(APIError(error))
    }
  }

  private mutating func keepAlive() {
    if messages?.keepAlive(usage, to: &pending) == nil { pending += ": keep-alive\n\n".utf8 }
  }

  private mutating func end(_ index: Int, _ completion: Completion) {
    if messages != nil, completion.finish == .cancelled { return fail(.cancelled) }
    send(texts[index].finish(completion.finish, stop: completion.stop), index)
    let isFirst = run.choices[index].order.request.choiceIndex == 0
    usage.note(texts[index], completion, isFirst: isFirst)
    entries[index] = run.choices[index].entry(completion)
    openCount -= 1
    if openCount == 0 { keepReceipt() }
    let last = openCount == 0 && !run.includesUsage ? usage.json : nil
    let finish = texts[index].reason(completion.finish)
    if messages?.end(texts[index], finish: finish, usage, to: &pending) != nil {
      hasEnded = true
      return
    }
    let thinks = thinks(index)
    send(run.wire.closing(index, finish: finish, thinks: thinks, usage: last))
    guard openCount == 0 else { return }
    if run.includesUsage { write(run.wire.usageChunk(usage)) }
    pending += "data: [DONE]\n\n".utf8
    hasEnded = true
  }

  private func keepReceipt() {
    var receipt = run.receipt
    receipt.choices = entries.compactMap { $0 }
    run.keep(receipt)
  }

  private mutating func fail(_ error: APIError) {
    if messages?.fail(error, to: &pending) == nil { write(error.json) }
    hasEnded = true
  }

  private mutating func send(_ piece: AnswerText.Piece, _ index: Int) {
    if messages?.take(piece, usage, to: &pending) != nil { return }
    for chunk in run.wire.chunks(index, piece, thinks: thinks(index)) { send(chunk) }
  }

  private func thinks(_ index: Int) -> Bool {
    run.choices[index].order.prompt.opensReasoning || texts[index].hasReasoning
  }

  /// Sends a chunk; where the usage comes in one of its own, all others say so.
  private mutating func send(_ chunk: JSONText) {
    if run.includesUsage, case .object(let members) = chunk {
      write(.object(members + [("usage", .null)]))
    } else {
      write(chunk)
    }
  }

  private mutating func write(_ json: JSONText) {
    pending += "data: ".utf8
    json.write(to: &pending)
    pending += "\n\n".utf8
  }

  /// The events of all choices, in the order in which they come, and ticks between them.
  private static func items(
    _ streams: [AsyncStream<EngineEvent>]
  ) -> (items: AsyncStream<Item>, cancel: @Sendable () -> Void) {
    let (items, heard) = AsyncStream.makeStream(of: Item.self)
    let task = Task {
      await withTaskGroup(of: Void.self) { group in
        for (index, events) in streams.enumerated() {
          group.addTask {
            for await event in events { heard.yield(.event(choice: index, event)) }
          }
        }
        group.addTask {
          while (try? await Task.sleep(for: quiet)) != nil { heard.yield(.tick) }
        }
      }
    }
    heard.onTermination = { _ in task.cancel() }
    return (items, { heard.finish() })
  }
}
