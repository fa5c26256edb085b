// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import JSON
import Models
import TestSupport
import Testing
import Training

/// Whole models' gradients against those that another implementation recorded.
///
/// The bounds are those of the oracles' README: loss 1e-5, gradients 1e-5 of their norm (float32 against
/// float64 differs by 1.6e-6 at most), weights after three steps 1e-4, since Adam amplifies rounding where
/// a gradient is near zero; losses after steps 1e-4.
@Suite struct GradientOracleTests {
  static let names =
    Oracles.folder.map { folder in
      ((try? SystemFolder.names(in: folder + "/checkpoints")) ?? []).filter {
        $0.hasPrefix("grad-")
      }
      .sorted()
    } ?? []

  private struct Oracle {
    let path: String
    let expected: JSONValue

    init(_ name: String) throws {
      path = "\(Oracles.folder ?? "")/checkpoints/\(name)"
      expected = try ConfigurationFile.read(
        path + "/expected/expected.json",
        label: "expected.json"
      ).root
    }

    func tensors(_ file: String) throws -> SafetensorsFile {
      try SafetensorsFile(path: "\(path)/expected/\(file).safetensors")
    }

    func trial(_ device: any Device, _ computeType: ComputeType = .f32) throws -> GradientTrial {
      let rows =
        expected["batch"]?.array?.map { row in
          row.array?.compactMap { $0.integer.map(Int32.init) } ?? []
        } ?? []
      return try GradientTrial(
        Architecture(configuration: CheckpointFolder.configuration(inFolder: path).root),
        source: CheckpointFolder(path: path),
        batch: Tensor(rows.flatMap { $0 }, shape: [rows.count, rows.first?.count ?? 0]),
        device: device,
        computeType: computeType,
        settings: AdamWSettings()
      )
    }

    func numbers(_ key: String) -> [Double] {
      expected[key]?.array?.compactMap(\.double) ?? []
    }
  }

  @Test(arguments: names)
  func `losses, gradients and weights after three steps are the reference's`(
    _ name: String
  ) throws {
    let oracle = try Oracle(name)
    let trial = try oracle.trial(TestDevices.cpu())
    let gradients = try oracle.tensors("gradients")
    var losses: [Double] = []
    for index in 0..<3 {
      let step = try trial.step(rate: 1e-3)
      losses.append(step.loss)
      #expect(abs(step.norm - oracle.numbers("gradient_norm_before_clip")[index]) < 1e-3)
      guard index == 0 else { continue }
      #expect(abs(step.loss - oracle.numbers("losses")[0]) <= 1e-5)
      #expect(Set(step.gradients.map(\.parameter.name)) == Set(gradients.names))
      for (parameter, values) in step.gradients {
        let wanted = try #require(gradients.tensor(parameter.name)).floats.map(Double.init)
        let found = values.floats.map(Double.init)
        let distance = zip(found, wanted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let norm = wanted.reduce(0) { $0 + $1 * $1 }
        let error = (distance / max(norm, 1e-24)).squareRoot()
        #expect(error <= 1e-5, "\(parameter.name): \(error)")
      }
    }
    losses.append(try trial.loss())
    for (found, wanted) in zip(losses, oracle.numbers("losses")) {
      #expect(abs(found - wanted) <= 1e-4)
    }
    let after = try oracle.tensors("after_step3")
    for parameter in trial.parameters.list {
      let wanted = try #require(after.tensor(parameter.name)).floats
      let found = trial.parameters.master(parameter).floats
      let difference = zip(found, wanted).map { abs($0 - $1) }.max() ?? .infinity
      #expect(difference <= 1e-4, "\(parameter.name): \(difference)")
    }
  }

  @Test(arguments: names, ComputeType.allCases)
  func `every kernel path and thread count takes the same steps`(
    _ name: String,
    _ computeType: ComputeType
  ) throws {
    let oracle = try Oracle(name)
    var seen: Set<[UInt32]> = []
    for path in KernelPath.available {
      for threadCount in [1, 3] {
        let device = try CPUDevice(threadCount: threadCount, path: path)
        let trial = try oracle.trial(device, computeType)
        for _ in 0..<2 { _ = try trial.step(rate: 1e-3) }
        seen.insert(trial.parameters.masters.floats.map(\.bitPattern))
      }
    }
    #expect(seen.count == 1)
  }
}
