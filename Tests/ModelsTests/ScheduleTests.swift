// SPDX-License-Identifier: Apache-2.0

import Compute
import Models
import TestSupport
import Testing

/// Promise 2: no number depends on how the work was scheduled, nor on the instruction set.
///
/// One schedule (the whole prompt, one thread, the fastest path) is held with `==` against all
/// others, on every logit of a prompt of 131 tokens, which crosses two cache blocks.
@Suite struct ScheduleTests {
  static let cases: [(CheckpointOracle, ComputeType)] = CheckpointOracle.all.flatMap { oracle in
    ComputeType.allCases.map { (oracle, $0) }
  }

  private func prompt(_ oracle: CheckpointOracle, _ decoder: Decoder) throws -> [Int32] {
    let longest = try oracle.prompts().map(\.ids).max { $0.count < $1.count } ?? []
    return Array(longest.prefix(decoder.lengthLimit))
  }

  private func isEqual(_ left: [[Float]], _ right: [[Float]]) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { $0.hasSameBits(as: $1) }
  }

  @Test(arguments: cases)
  func `chunks of the prompt change no bit`(
    _ oracle: CheckpointOracle,
    _ computeType: ComputeType
  ) throws {
    let decoder = try oracle.decoder(TestDevices.cpu(threads: 1), computeType)
    let ids = try prompt(oracle, decoder)
    let whole = try decoder.allLogits(ids)
    for chunk in [1, 7, 64] {
      #expect(isEqual(try decoder.allLogits(ids, chunks: [chunk]), whole), "chunks of \(chunk)")
    }
  }

  @Test(arguments: cases)
  func `threads change no bit`(_ oracle: CheckpointOracle, _ computeType: ComputeType) throws {
    let decoder = try oracle.decoder(TestDevices.cpu(threads: 1), computeType)
    let ids = try prompt(oracle, decoder)
    let alone = try decoder.allLogits(ids)
    for threads in [2, 5] {
      let other = try oracle.decoder(TestDevices.cpu(threads: threads), computeType)
      #expect(isEqual(try other.allLogits(ids, chunks: [64]), alone), "\(threads) threads")
    }
  }

  @Test(arguments: cases)
  func `kernel paths change no bit`(_ oracle: CheckpointOracle, _ computeType: ComputeType) throws {
    let decoder = try oracle.decoder(TestDevices.cpu(threads: 1), computeType)
    let ids = try prompt(oracle, decoder)
    let expected = try decoder.allLogits(ids)
    for device in try TestDevices.allPaths() {
      let other = try oracle.decoder(device, computeType)
      #expect(isEqual(try other.allLogits(ids), expected), "\(device.name)")
    }
  }

  @Test(arguments: cases)
  func `neighbors in the batch change no bit`(
    _ oracle: CheckpointOracle,
    _ computeType: ComputeType
  ) throws {
    let decoder = try oracle.decoder(TestDevices.cpu(), computeType)
    let ids = try Array(prompt(oracle, decoder).prefix(40))
    let alone = try decoder.allLogits(ids)
    // Sixteen others of many lengths stand around the row, which sits in their middle.
    var random = SplitMix64(seed: 17)
    let limit = Int32(decoder.architecture.vocabularySize)
    var inputs = (0..<16).map { index in
      let others = (0..<1 + index * 2).map { _ in Int32.random(in: 0..<limit, using: &random) }
      return SequenceInput(ids: others, cache: decoder.makeCache(), logitRows: .none)
    }
    inputs.insert(
      SequenceInput(ids: ids, cache: decoder.makeCache(), logitRows: .all),
      at: 8
    )
    let logits = try decoder.forward(inputs).logits
    #expect(isEqual((0..<ids.count).map { logits.floats(row: $0) }, alone))
  }

  @Test(arguments: cases)
  func `kernels give the reference device's bits`(
    _ oracle: CheckpointOracle,
    _ computeType: ComputeType
  ) throws {
    let reference = try oracle.decoder(ReferenceDevice<Float>(), computeType)
    let ids = try prompt(oracle, reference)
    let decoder = try oracle.decoder(TestDevices.cpu(), computeType)
    // Seventeen positions reach every operation; the reference takes its time.
    let some = Array(ids.prefix(17))
    #expect(isEqual(try decoder.allLogits(some), try reference.allLogits(some)))
  }

  @Test(arguments: CheckpointOracle.all.filter { $0.name.contains("mtp") })
  func `the prediction layer's bits hang on no schedule`(_ oracle: CheckpointOracle) throws {
    let ids = try oracle.prompts().map(\.ids).max { $0.count < $1.count } ?? []
    for computeType in ComputeType.allCases {
      let decoder = try oracle.decoder(TestDevices.cpu(threads: 1), computeType)
      let expected = try decoder.aheadLogits(ids)
      for device in try TestDevices.allPaths() {
        let other = try oracle.decoder(device, computeType)
        #expect(isEqual(try other.aheadLogits(ids), expected), "\(device.name) \(computeType)")
      }
    }
  }
}
