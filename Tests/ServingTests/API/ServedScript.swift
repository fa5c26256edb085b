// SPDX-License-Identifier: Apache-2.0

import Foundation
import Inference
import JSON
import Models
import Serving
import Synchronization
import TestSupport
import Tokenization

/// The API of a model that says what is written down.
final class ServedScript: Sendable {
  let endpoints: APIEndpoints
  let model: ServedModel
  private let folder: String
  private let outcomes = Outcomes()

  /// How requests ended, as the engine tells it.
  private final class Outcomes: Sendable {
    let list = Mutex<[Result<Inference.Completion, ModelError>]>([])
  }

  /// Serves a model named `scripted`, with a chat template of its own where one is given.
  init(
    _ script: ScriptedModel,
    limits: EngineLimits = EngineLimits(cacheByteCount: 1 << 28),
    template: String? = nil
  ) throws {
    folder = FileManager.default.temporaryDirectory.path + "/hadal-served-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try script.write(to: folder)
    if let template {
      try SystemFolder.write(Array(template.utf8), to: folder + "/chat_template.jinja")
    }
    let loaded = try LoadedModel(path: folder, device: TestDevices.cpu())
    model = try ServedModel(
      loaded,
      name: "scripted",
      weights: nil,
      limits: limits,
      ended: { [outcomes] _, outcome, _ in outcomes.list.withLock { $0.append(outcome) } },
      now: { CalendarTime(secondsSinceEpoch: 0) }
    )
    endpoints = APIEndpoints(models: [model], now: { 17 }, makeID: { "an-id" })
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// How requests ended so far.
  var ended: [Result<Inference.Completion, ModelError>] { outcomes.list.withLock { $0 } }

  /// What the API answers to a body that is posted.
  func post(_ path: String, _ body: String) async -> Answer {
    await answer("POST", path, Array(body.utf8))
  }

  /// What the API answers.
  func answer(_ method: String, _ path: String, _ body: [UInt8] = []) async -> Answer {
    do throws(APIError) {
      switch try await endpoints.reply(method: method, path: path, body: body) {
      case .json(let json, let headers): return Answer(status: 200, text: json.text, headers)
      case .text(let text, _): return Answer(status: 200, text: text, [])
      case .answer(let run, let headers):
        return Answer(status: 200, text: try await run.answer().get().text, headers)
      case .events(let run, let headers):
        var stream = AnswerStream(run)
        var bytes: [UInt8] = []
        while let more = await stream.next() { bytes += more }
        return Answer(status: 200, text: String(decoding: bytes, as: UTF8.self), headers)
      }
    } catch {
      let error = error.formed(forPath: path)
      return Answer(status: error.status, text: error.json.text, [])
    }
  }

  /// What a replay finds of a receipt.
  func replay(_ receipt: String, _ request: String) async throws -> ReceiptReplay.Verdict {
    let receipt = try AnswerReceipt(try JSONDocument(Array(receipt.utf8)).root)
    return try await ReceiptReplay(receipt, request: Array(request.utf8)).run(model)
  }

  /// An answer as a client has it.
  struct Answer {
    let status: Int
    let text: String
    let headers: [String: String]

    init(status: Int, text: String, _ headers: [(String, String)]) {
      self.status = status
      self.text = text
      self.headers = Dictionary(headers) { $1 }
    }

    /// The body.
    var json: JSONValue? { try? JSONDocument(Array(text.utf8)).root }

    /// The message of a chat answer's first choice.
    var message: JSONValue? { choice(0)?["message"] }

    func choice(_ index: Int) -> JSONValue? {
      json?["choices"]?.array.map(Array.init).flatMap { index < $0.count ? $0[index] : nil }
    }

    /// The events of a stream, the last one `[DONE]`.
    var events: [String] {
      text.components(separatedBy: "\n\n").filter { $0.hasPrefix("data: ") }
        .map { String($0.dropFirst(6)) }
    }

    /// The chunks of a stream.
    var chunks: [JSONValue] { events.compactMap { try? JSONDocument(Array($0.utf8)).root } }

    /// The deltas of a choice.
    func deltas(_ index: Int = 0) -> [JSONValue] {
      chunks.flatMap { $0["choices"]?.array.map(Array.init) ?? [] }
        .filter { $0["index"]?.integer == index }.compactMap { $0["delta"] }
    }
  }
}
