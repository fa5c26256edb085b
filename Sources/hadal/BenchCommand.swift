// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Inference
import JSON
import Models

/// `hadal bench`.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure prefill and decode speed.",
    discussion: """
      Prefill: tokens a second of a prompt of --prompt tokens. Decode: tokens a second of --tokens
      single steps after --depth cached tokens, of --sequences sequences together. A first repeat
      is warm-up and is not counted.

        hadal bench -m FOLDER
        hadal bench -m FOLDER --prompt 512 --tokens 64 --depth 1024
      """
  )

  @OptionGroup var model: ModelOptions

  @Option(help: "Prompt tokens of the prefill measurement; 0 for none.")
  var prompt = 128

  @Option(help: "Steps of the decode measurement; 0 for none.")
  var tokens = 32

  @Option(help: "Cached tokens before decode is measured.")
  var depth = 0

  @Option(help: "Sequences that decode together.")
  var sequences = 1

  @Option(name: .customLong("repeat"), help: "Measurements of each kind.")
  var repeatCount = 5

  func validate() throws {
    guard prompt >= 0, tokens >= 0, depth >= 0, prompt + tokens > 0 else {
      throw ValidationError("--prompt, --tokens and --depth are 0 or more, and not all 0")
    }
    guard (1...1024).contains(sequences) else {
      throw ValidationError("--sequences is \(sequences), but must be 1…1024")
    }
    guard (1...1000).contains(repeatCount) else {
      throw ValidationError("--repeat is \(repeatCount), but must be 1…1000")
    }
  }

  func run() throws {
    let loaded = try model.load()
    let bench = SpeedMeasurement(
      decoder: loaded.decoder,
      contextLength: loaded.contextLength,
      chunk: model.prefillChunk
    )
    var prefill: [Double] = []
    var decode: [Double] = []
    for repetition in 0..<repeatCount + 1 {
      try Interruption.check()
      let p = prompt > 0 ? try bench.prefillTokensPerSecond(prompt) : nil
      let d =
        tokens > 0
        ? try bench.decodeTokensPerSecond(tokens, depth: depth, sequences: sequences) : nil
      // The first pass reads the weights from disk and grows the buffers.
      guard repetition > 0 else { continue }
      if let p { prefill.append(p) }
      if let d { decode.append(d) }
      if !model.json {
        let texts = [p.map { "prefill \(rounded($0))" }, d.map { "decode \(rounded($0))" }]
        try Output.line(texts.compactMap { $0 }.joined(separator: "  ") + "  tokens/s")
      }
    }
    let asked = tokens > 0 ? decode : prefill
    try Output.json(
      .object([
        ("prefill_tok_s", .array(prefill.map(JSONText.double))),
        ("decode_tok_s", .array(decode.map(JSONText.double))),
        ("tokens_per_s", .double(SpeedMeasurement.median(asked))),
        ("kernel_path", .string(loaded.decoder.deviceName)),
        ("bytes_per_token", .integer(loaded.decoder.weightBytesPerToken)),
      ])
    )
  }

  private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
