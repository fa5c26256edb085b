// SPDX-License-Identifier: Apache-2.0

import Compute
import JSON

/// The samples of a run as JSON lines, so that a run that goes on still shows the earlier ones.
final class SampleLog {
  // LIMIT: the samples of one step, a hundred prompts of 64 tokens each, take some 50 kB.
  private static let bufferByteCount = 1 << 20

  /// The samples in the order of their steps.
  private(set) var samples: [RunReport.Sample] = []
  private let file: GrowingFile
  private var end = 0

  /// Begins the log, or goes on with it: samples of later steps go, since those come again.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - step: The step that the run goes on from, 0 for a new one.
  /// - Throws: `ComputeError` where the file cannot be read or written.
  init(path: String, after step: Int) throws(ComputeError) {
    file = try GrowingFile(path: path)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: Self.bufferByteCount)
    while true {
      let count = try file.read(into: &buffer, at: bytes.count)
      guard count > 0 else { break }
      bytes += buffer.prefix(count)
    }
    var rest = bytes[...]
    while let feed = rest.firstIndex(of: UInt8(ascii: "\n")) {
      // What is no sample, as after a power cut, ends what is kept.
      guard let document = try? JSONDocument(Array(rest[..<feed])),
        let sample = RunReport.Sample(document.root), sample.step <= step
      else { break }
      samples.append(sample)
      rest = rest[(feed + 1)...]
      end = rest.startIndex
    }
    try file.truncate(to: end)
  }

  /// Appends the samples of a step.
  ///
  /// - Throws: `ComputeError` where they cannot be written.
  func append(_ new: [RunReport.Sample]) throws(ComputeError) {
    let bytes = new.flatMap { $0.json.bytes }
    try file.write(bytes, at: end)
    end += bytes.count
    samples += new
  }
}

extension RunReport.Sample {
  fileprivate var json: JSONText {
    .object([("step", .integer(step)), ("prompt", .string(prompt)), ("text", .string(text))])
  }

  fileprivate init?(_ value: JSONValue) {
    guard let step = value["step"]?.integer, let prompt = value["prompt"]?.string,
      let text = value["text"]?.string
    else { return nil }
    self.init(step: step, prompt: prompt, text: text)
  }
}
