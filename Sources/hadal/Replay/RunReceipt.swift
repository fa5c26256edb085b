// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import FoundationEssentials
import Inference
import JSON
import Ledger
import Tokenization

/// The receipt of an answer of `run`.
struct RunReceipt {
  private var receipt: AnswerReceipt
  private let request: GenerationRequest

  /// Begins it; the weights are hashed.
  init(
    _ model: LoadedModel,
    name: String,
    form: AnswerReceipt.Form,
    _ request: GenerationRequest,
    maxTokens: Int?,
    time: CalendarTime
  ) throws {
    self.request = request
    receipt = AnswerReceipt(
      id: UUID().uuidString.lowercased(),
      form: form,
      time: time,
      model: name,
      origin: AnswerReceipt.Origin(
        model,
        weights: try WeightsDigest.text(ofFolder: model.checkpoint.path)
      ),
      sampling: request.sampling,
      maxTokens: maxTokens
    )
  }

  /// Writes it as one line, with the head of the chain below which the answer's row lies.
  func write(
    _ completion: Inference.Completion,
    to path: String,
    _ ledger: AnswerLedger
  ) throws {
    var receipt = receipt
    receipt.choices = [
      AnswerReceipt.Choice(request, ids: completion.ids, finish: completion.finish)
    ]
    var bytes: [UInt8] = []
    receipt.json(ledger: ledger.makeSignedHead()?.json).write(to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    let file = try FileWriter(path: path)
    try file.write(bytes)
    try file.commit()
  }
}
