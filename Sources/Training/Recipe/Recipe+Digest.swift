// SPDX-License-Identifier: Apache-2.0

import Compute
import Hashing
import JSON

extension Recipe {
  /// The hash of all that decides a run's bits: numbers, data, model and tokenizer, but neither paths
  /// nor how often something is written or measured.
  ///
  /// - Parameters:
  ///   - configuration: The model's `config.json`.
  ///   - weights: The hash of the weights that training starts from, or nil.
  ///   - shards: The hashes of the data's shards, in order.
  /// - Returns: A SHA-256 in hexadecimal.
  func digest(configuration: [UInt8], weights: String?, shards: [String]) -> String {
    let length = settings.length
    let optimizer = settings.optimizer
    var members: [(String, JSONText)] = [
      ("stage", .string(stage.rawValue)), ("seed", .string(String(seed))),
      ("compute", .string(computeType.rawValue)), ("deviation", .double(deviation)),
      ("configuration", .string(Hexadecimal.text(SHA256Hash.digest(of: configuration)))),
      ("weights", weights.map(JSONText.string) ?? .null),
      ("shards", .array(shards.map(JSONText.string))),
      ("source_weights", .array(sources.map { $0.weight.map(JSONText.double) ?? .null })),
      ("packing", .string(packing.rawValue)), ("restart", .boolean(restartsDocuments)),
      ("sequence", .integer(length.sequenceLength)), ("batch", .integer(length.rowCount)),
      ("batch_start", .integer(length.firstRowCount)), ("batch_ramp", .double(length.rampShare)),
      ("tokens", .integer(length.tokenBudget)), ("slots", .integer(settings.slotCount)),
      ("peak", .double(settings.learningRate.peak)),
      ("warm_up", .integer(settings.learningRate.warmUpSteps)),
      (
        "phases",
        .array(
          settings.learningRate.phases.map { phase in
            .array([.string(phase.course.rawValue), .double(phase.end), .double(phase.share)])
          }
        )
      ),
    ]
    members += [
      ("betas", .array([.double(optimizer.beta1), .double(optimizer.beta2)])),
      ("epsilon", .double(optimizer.epsilon)), ("decay", .double(optimizer.weightDecay)),
      ("clip", .double(optimizer.clip)), ("mtp", settings.prediction.json),
      ("speed", settings.biasSpeed.json), ("balance", .double(settings.balanceWeight)),
      ("counts_chosen", .boolean(settings.balanceCountsChosen)),
      ("spike", .double(settings.spikeFactor)), ("on_spike", .string(settings.onSpike.rawValue)),
      ("not_finite", .string(settings.onNonFinite.rawValue)),
    ]
    return Hexadecimal.text(SHA256Hash.digest(of: JSONText.object(members).bytes))
  }
}

extension ScheduledValue {
  fileprivate var json: JSONText { .array([.double(first), .double(last), .double(changeShare)]) }
}
