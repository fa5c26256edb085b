// SPDX-License-Identifier: Apache-2.0

import Compute
import Models

/// Holds a model against itself: other schedules and kernel paths must give the same bits.
public struct ModelSelfTest {
  /// One fact that was checked.
  public struct Check: Sendable, Hashable {
    /// Which.
    public var name: String
    /// Whether it holds.
    public var passed: Bool
    /// What was seen where it does not.
    public var detail: String
  }

  private let model: LoadedModel
  private let ids: [Int32]

  /// Creates a test over a few made-up tokens.
  public init(_ model: LoadedModel) {
    self.model = model
    let size = model.decoder.architecture.vocabularySize
    let count = min(9, model.contextLength)
    ids = (0..<count).map { Int32(($0 * 7919 + 1) % size) }
  }

  /// Runs all checks.
  ///
  /// - Returns: What was found, in a fixed order.
  /// - Throws: `ModelError` or `ComputeError` if the model cannot run at all.
  public func run() throws -> [Check] {
    let whole = try logits(model.decoder, chunk: ids.count)
    var checks = [
      Check(
        name: "finite",
        passed: whole.allSatisfy(\.isFinite),
        detail: "logits hold a NaN or an infinity: hadal inspect --check names broken weights"
      ),
      Check(
        name: "token_by_token",
        passed: isEqual(try logits(model.decoder, chunk: 1), whole),
        detail: "one token at a time gives other bits than the whole prompt"
      ),
    ]
    for path in KernelPath.available {
      let decoder = try Decoder(
        model.decoder.architecture,
        source: model.checkpoint,
        device: CPUDevice(threadCount: 1, path: path),
        computeType: model.decoder.computeType
      )
      checks.append(
        Check(
          name: "kernels_\(path.rawValue)",
          passed: isEqual(try logits(decoder, chunk: ids.count), whole),
          detail: "this kernel path gives other bits than \(model.decoder.deviceName)"
        )
      )
    }
    return checks
  }

  private func logits(_ decoder: Decoder, chunk: Int) throws(ModelError) -> [Float] {
    let cache = decoder.makeCache()
    var result: [Float] = []
    for start in stride(from: 0, to: ids.count, by: chunk) {
      let part = Array(ids[start..<min(start + chunk, ids.count)])
      let input = SequenceInput(ids: part, cache: cache, logitRows: .all)
      let logits = try decoder.forward([input]).logits
      for row in part.indices { result += logits.floats(row: row) }
    }
    return result
  }

  private func isEqual(_ left: [Float], _ right: [Float]) -> Bool {
    left.count == right.count
      && zip(left, right).allSatisfy {
        $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN)
      }
  }
}
