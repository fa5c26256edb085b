// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// What all model commands take, for those that compute nothing with it.
struct UnusedModelOptions: ParsableArguments {
  @Option(help: .hidden)
  var threads: Int?

  @Option(help: .hidden)
  var compute: String?

  @Option(help: .hidden)
  var prefillChunk: Int?
}
