// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Compute
import Inference

/// What all commands take that use one model.
struct ModelOptions: ParsableArguments {
  @Option(
    name: [.customShort("m"), .customLong("model")],
    help: """
      A checkpoint: a folder as Hugging Face publishes it, or org/name[@revision] (default: nano, \
      the small model within the program).
      """
  )
  var model: String?

  @OptionGroup var computing: ComputingOptions

  var threads: Int? { computing.threads }
  var compute: ComputeType? { computing.compute }
  var prefillChunk: Int { computing.prefillChunk }
  var weights: WeightResidency { computing.weights }
  var json: Bool { computing.json }
  var verbose: Bool { computing.verbose }

  /// Loads the model that was asked for, or another one.
  func load(_ given: String? = nil) throws -> LoadedModel { try computing.load(given ?? model) }

  /// The device that was asked for.
  func device() throws -> any Device { try computing.device() }

  /// Tells a person at a terminal, or one who asked.
  func notice(_ line: String) { computing.notice(line) }
}
