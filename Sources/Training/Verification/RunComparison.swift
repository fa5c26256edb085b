// SPDX-License-Identifier: Apache-2.0

import Compute

/// Two runs, file by file: the checkpoints that are kept and the numbers of each step.
///
/// What differs between runs that come to the same weights is left out: `record.json`, times and rates.
public struct RunComparison: Sendable, Hashable {
  /// A file that is not the same in both.
  public struct Difference: Sendable, Hashable {
    /// What is different.
    public enum Kind: Sendable, Hashable {
      /// The byte at this offset; the end of the shorter one counts as a byte.
      case byte(Int)
      /// A step's numbers.
      case step(Int)
      /// It is in the first alone.
      case onlyInFirst
      /// It is in the second alone.
      case onlyInSecond
    }

    /// The file, seen from the folder of its run.
    public var file: String
    /// What is different.
    public var kind: Kind

    /// Creates a difference.
    public init(file: String, kind: Kind) {
      self.file = file
      self.kind = kind
    }
  }

  /// How many files were compared.
  public private(set) var fileCount = 0
  /// How many bytes of the first were compared.
  public private(set) var byteCount = 0
  /// What is not the same, in the files' order.
  public private(set) var differences: [Difference] = []

  /// Reads every byte of both.
  ///
  /// - Parameters:
  ///   - first: The folder of a run.
  ///   - second: The folder of another.
  /// - Throws: `ComputeError` or `MetricsError` where something cannot be read.
  public init(_ first: String, _ second: String) throws {
    let own = try Self.files("checkpoints", below: first)
    let others = try Self.files("checkpoints", below: second)
    for file in Set(own).union(others).sorted() {
      guard others.contains(file) else {
        differences.append(Difference(file: file, kind: .onlyInFirst))
        continue
      }
      guard own.contains(file) else {
        differences.append(Difference(file: file, kind: .onlyInSecond))
        continue
      }
      try compare(file, first, second)
    }
    try compareMetrics("metrics.jsonl", first, second)
  }

  /// The files below a folder of a run, without those that hold times.
  private static func files(_ folder: String, below run: String) throws(ComputeError) -> [String] {
    var files: [String] = []
    for name in try FileKind.names(inFolder: "\(run)/\(folder)") {
      let path = "\(folder)/\(name)"
      if try FileKind.of("\(run)/\(path)") == .folder {
        files += try self.files(path, below: run)
      } else if name != RunCheckpoint.recordFile {
        files.append(path)
      }
    }
    return files
  }

  private mutating func compare(
    _ file: String,
    _ first: String,
    _ second: String
  ) throws(ComputeError) {
    let files = (
      try GrowingFile(reading: "\(first)/\(file)"), try GrowingFile(reading: "\(second)/\(file)")
    )
    fileCount += 1
    byteCount += files.0.byteCount
    // LIMIT: a part that fits the processor's caches.
    var buffers = ([UInt8](repeating: 0, count: 1 << 20), [UInt8](repeating: 0, count: 1 << 20))
    var offset = 0
    while true {
      let counts = (
        try files.0.read(into: &buffers.0, at: offset),
        try files.1.read(into: &buffers.1, at: offset)
      )
      let count = min(counts.0, counts.1)
      if buffers.0[..<count] != buffers.1[..<count] {
        let index = (0..<count).first { buffers.0[$0] != buffers.1[$0] } ?? 0
        differences.append(Difference(file: file, kind: .byte(offset + index)))
        return
      }
      offset += count
      // The system may give less than was asked for; only the end of one alone is a difference.
      if count == 0 {
        if counts.0 != counts.1 { differences.append(Difference(file: file, kind: .byte(offset))) }
        return
      }
    }
  }

  private mutating func compareMetrics(
    _ file: String,
    _ first: String,
    _ second: String
  ) throws(MetricsError) {
    let own = try MetricsLog.rows(of: "\(first)/\(file)").map(\.comparedBytes)
    let others = try MetricsLog.rows(of: "\(second)/\(file)").map(\.comparedBytes)
    fileCount += 1
    byteCount += own.reduce(0) { $0 + $1.count }
    let count = min(own.count, others.count)
    let place = (0..<count).first { own[$0] != others[$0] }
    guard place != nil || own.count != others.count else { return }
    // A run has a row for each step, from 1.
    differences.append(Difference(file: file, kind: .step((place ?? count) + 1)))
  }
}

extension RunComparison.Difference: CustomStringConvertible {
  /// The file and what is different, in words.
  public var description: String {
    switch kind {
    case .byte(let offset): "\(file): byte \(offset) is the first that differs"
    case .step(let step): "\(file): step \(step) is the first that differs"
    case .onlyInFirst: "\(file): only in the run without a break"
    case .onlyInSecond: "\(file): only in the run that was killed"
    }
  }
}

extension StepMetrics {
  /// All numbers as text but times and rates.
  fileprivate var comparedBytes: [UInt8] {
    var metrics = self
    metrics.tokensPerSecond = nil
    metrics.shareOfPeak = nil
    metrics.seconds = 0
    return metrics.json.bytes
  }
}
