// SPDX-License-Identifier: Apache-2.0

import Compute
import JSON

/// The metrics of a run as JSON lines, one a step.
///
/// A row is in the system's hands when `append` returns, so that a process that is killed loses
/// none; `flush` waits for the disk, as a checkpoint does.
public final class MetricsLog {
  private let file: GrowingFile
  private let path: String
  private var end: Int
  /// The step of the last row, 0 where there is none.
  public private(set) var lastStep: Int

  /// Begins the log of a run.
  ///
  /// - Throws: `MetricsError` where the file has rows already, or cannot be created.
  public convenience init(creating path: String) throws(MetricsError) {
    let file = try Self.open(path)
    guard file.byteCount == 0 else { throw MetricsError(.alreadyThere, file: path) }
    self.init(file, path, end: 0, lastStep: 0)
  }

  /// Goes on with the log of a run: rows of later steps go, since the steps will be done again.
  ///
  /// A last row that a killed process left unfinished goes too. A file that is absent is created.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - step: The step of the checkpoint that the run goes on from.
  ///   - visit: Gets each row that is kept, in order.
  /// - Complexity: O(n).
  /// - Throws: `MetricsError` where a row before that step is broken, or the file cannot be written.
  public convenience init(
    resuming path: String,
    after step: Int,
    visit: (StepMetrics) -> Void = { _ in }
  ) throws(MetricsError) {
    let file = try Self.open(path)
    var (end, lastStep) = (0, 0)
    try MetricsReader.walk(file, path: path) { row, rowEnd in
      guard row.step <= step else { return false }
      (end, lastStep) = (rowEnd, row.step)
      visit(row)
      return true
    }
    if end < file.byteCount {
      try MetricsError.raising { () throws(ComputeError) in try file.truncate(to: end) }
    }
    self.init(file, path, end: end, lastStep: lastStep)
  }

  private init(_ file: GrowingFile, _ path: String, end: Int, lastStep: Int) {
    self.file = file
    self.path = path
    self.end = end
    self.lastStep = lastStep
  }

  /// Appends the row of a step.
  ///
  /// - Throws: `MetricsError` where it cannot be written or its step is not after the last; the log
  ///   is then as it was before.
  public func append(_ metrics: StepMetrics) throws(MetricsError) {
    guard metrics.step > lastStep else {
      throw MetricsError(.stepsNotRising(step: metrics.step, after: lastStep), file: path)
    }
    var bytes: [UInt8] = []
    metrics.json.write(to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    do {
      try file.write(bytes, at: end)
    } catch {
      // Part of a row would be in the way of the next; where it stays, a reader passes over it.
      try? file.truncate(to: end)
      throw .system(error)
    }
    end += bytes.count
    lastStep = metrics.step
  }

  /// Waits until all rows are on the disk.
  ///
  /// - Throws: `MetricsError` where they cannot be brought there.
  public func flush() throws(MetricsError) {
    try MetricsError.raising { () throws(ComputeError) in try file.flush() }
  }

  /// Reads the rows of a log, an unfinished last one left out.
  ///
  /// - Complexity: O(n).
  /// - Throws: `MetricsError` where the file cannot be read or a row is broken.
  public static func rows(of path: String) throws(MetricsError) -> [StepMetrics] {
    let file = try MetricsError.raising { () throws(ComputeError) in
      try GrowingFile(reading: path)
    }
    var rows: [StepMetrics] = []
    try MetricsReader.walk(file, path: path) { row, _ in
      rows.append(row)
      return true
    }
    return rows
  }

  private static func open(_ path: String) throws(MetricsError) -> GrowingFile {
    let file = try MetricsError.raising { () throws(ComputeError) -> GrowingFile? in
      let file = try GrowingFile(path: path)
      return try file.lock() ? file : nil
    }
    guard let file else { throw MetricsError(.held, file: path) }
    return file
  }
}

/// Reads a log row by row.
private enum MetricsReader {
  // LIMIT: 100 layers of 1,000 experts fit ten times.
  static let longestLine = 16 << 20

  /// Visits the rows with the place of the end of each, until `visit` says no.
  static func walk(
    _ file: GrowingFile,
    path: String,
    visit: (StepMetrics, Int) -> Bool
  ) throws(MetricsError) {
    var open: [UInt8] = []
    var (offset, line, lastStep) = (0, 0, 0)
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = try MetricsError.raising { () throws(ComputeError) in
        try file.read(into: &buffer, at: offset)
      }
      guard count > 0 else { return }
      var rest = buffer.prefix(count)
      while let feed = rest.firstIndex(of: UInt8(ascii: "\n")) {
        line += 1
        let row = try row(open + rest[..<feed], path, line)
        guard row.step > lastStep else {
          let reason = MetricsError.Reason.stepsNotRising(step: row.step, after: lastStep)
          throw MetricsError(reason, file: path, line: line)
        }
        lastStep = row.step
        guard visit(row, offset + feed + 1) else { return }
        open.removeAll(keepingCapacity: true)
        rest = rest[(feed + 1)...]
      }
      open += rest
      guard open.count <= longestLine else {
        throw MetricsError(.badRow("it has no end"), file: path, line: line + 1)
      }
      offset += count
    }
  }

  private static func row(
    _ bytes: [UInt8],
    _ path: String,
    _ line: Int
  ) throws(MetricsError) -> StepMetrics {
    let document: JSONDocument
    do { document = try JSONDocument(bytes) } catch {
      throw MetricsError(.badRow(error.what), file: path, line: line)
    }
    guard let row = StepMetrics(document.root) else {
      let detail = "a field is absent or of another kind"
      throw MetricsError(.badRow(detail), file: path, line: line)
    }
    return row
  }
}
