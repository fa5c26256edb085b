// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics
import Inference
import JSON
import Serving

/// What `hadal replay` does: loads the receipt's model and has the answers computed again.
struct ReplayRun {
  private let command: ReplayCommand
  private let receipt: AnswerReceipt

  init(_ command: ReplayCommand, _ receipt: AnswerReceipt) {
    (self.command, self.receipt) = (command, receipt)
  }

  /// Computes the answers.
  ///
  /// - Parameter request: The body of the request; nil where the command has its text.
  /// - Throws: `Input.Failure` where the model is not here or cannot answer the request.
  /// - Returns: What came of it.
  func verdict(_ request: [UInt8]?) throws -> ReceiptReplay.Verdict {
    let threads = command.model.threads
    let ledger = ServeLedger(AnswerLedger("replay", command.accounting, threads: threads))
    defer { ledger.flush() }
    let loaded = try load()
    let body = request ?? self.body
    let facts = AnswerLedger.Facts(
      loaded,
      threadCount: threads ?? ThreadPool.coreCount,
      quickly: false
    )
    let memory = loaded.memory
    let model = try ServedModel(
      loaded,
      name: receipt.model,
      weights: facts.weights,
      limits: EngineLimits(
        sequenceCount: 1,
        cacheByteCount: memory.modelContextLength * memory.cacheBytesPerPosition,
        prefillChunk: command.model.prefillChunk
      ),
      ended: { request, outcome, _ in ledger.append(request, outcome, facts) },
      now: { [time = receipt.time] in time }
    )
    return try AsyncWork.wait {
      do throws(APIError) {
        return try await ReceiptReplay(receipt, request: body).run(model)
      } catch {
        throw Input.Failure(what: error.message, place: error.parameter)
      }
    }
  }

  /// Loads the model, in the receipt's compute type unless another is asked for.
  private func load() throws -> LoadedModel {
    var computing = command.model.computing
    computing.compute = computing.compute ?? ComputeType(rawValue: receipt.origin.computeType)
    let name = command.model.model ?? (receipt.model == BuiltInModel.name ? nil : receipt.model)
    do { return try computing.load(name) } catch let error as any DiagnosableError
      where command.model.model == nil && error.exitCode == .noInput
    {
      throw Input.Failure(
        what: "the receipt's model '\(receipt.model)' is not here",
        remedy: "-m FOLDER",
        exitCode: .noInput
      )
    }
  }

  /// The body of a request for what `run` was given.
  private var body: [UInt8] {
    let text = JSONText.string(command.prompt ?? "")
    let message = JSONText.object([("role", .string("user")), ("content", text)])
    let isMessage = receipt.form == .chat
    let body = JSONText.object([isMessage ? ("messages", .array([message])) : ("prompt", text)])
    return Array(body.text.utf8)
  }
}
