// SPDX-License-Identifier: Apache-2.0

public import Compute

/// Writes a file of events that TensorBoard reads.
///
/// The file is a series of TFRecords, each an `Event` of `tensorflow/core/util/event.proto`, the
/// first with the version. A run that goes on writes a file of its own in the same folder, which
/// says from which step on the events of the files before it are void.
public final class EventFileWriter {
  /// The file.
  public let path: String
  private let file: GrowingFile
  private var end = 0
  private let checksums = CRC32C()

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - folder: The folder of the run's events; it is there already.
  ///   - time: Seconds since 1970; its whole part is in the file's name.
  ///   - host: The name of the machine, as the file's name has it.
  ///   - step: The step of the checkpoint that the run goes on from, nil for a new run.
  /// - Throws: `ComputeError` where the file cannot be created.
  public init(
    folder: String,
    time: Double,
    host: String,
    resumedAfter step: Int? = nil
  ) throws(ComputeError) {
    let seconds = String(Int(max(0, min(time, 9_999_999_999))))
    let padding = String(repeating: "0", count: 10 - seconds.count)
    let name = "events.out.tfevents.\(padding)\(seconds).\(Self.fileName(host))"
    // Two files of one second have two names; TensorBoard reads them in the order of names.
    var (path, number) = ("\(folder)/\(name)", 1)
    while try FileKind.of(path) != nil {
      path = "\(folder)/\(name).\(number)"
      number += 1
    }
    self.path = path
    file = try GrowingFile(path: path)
    try write(time: time, step: 0) { $0.add(3, bytes: Array("brain.Event:2".utf8)) }
    guard let step else { return }
    // SessionLog with status START: TensorBoard drops what other files have from this step on.
    let start = ProtocolBuffer.message { $0.add(1, integer: 1) }
    try write(time: time, step: step + 1) { $0.add(7, bytes: start) }
  }

  /// Writes the numbers of a step.
  ///
  /// - Parameters:
  ///   - metrics: The step.
  ///   - time: Seconds since 1970.
  /// - Throws: `ComputeError` where they cannot be written.
  public func write(_ metrics: StepMetrics, time: Double) throws(ComputeError) {
    try write(metrics.scalars, step: metrics.step, time: time)
  }

  /// Writes named numbers.
  ///
  /// - Parameters:
  ///   - scalars: The numbers; TensorBoard groups them by what stands before the `/` of a name.
  ///   - step: The step that they belong to.
  ///   - time: Seconds since 1970.
  /// - Throws: `ComputeError` where they cannot be written.
  public func write(
    _ scalars: [(tag: String, value: Double)],
    step: Int,
    time: Double
  ) throws(ComputeError) {
    let summary = ProtocolBuffer.message { summary in
      for scalar in scalars {
        let value = ProtocolBuffer.message {
          $0.add(1, bytes: Array(scalar.tag.utf8))
          $0.add(2, float: Float(scalar.value))
        }
        summary.add(1, bytes: value)
      }
    }
    try write(time: time, step: step) { $0.add(5, bytes: summary) }
  }

  /// Writes a text, for example a sample; TensorBoard shows it as Markdown.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - tag: Its name.
  ///   - step: The step that it belongs to.
  ///   - time: Seconds since 1970.
  /// - Throws: `ComputeError` where it cannot be written.
  public func write(
    text: String,
    tag: String,
    step: Int,
    time: Double
  ) throws(ComputeError) {
    let plugin = ProtocolBuffer.message { $0.add(1, bytes: Array("text".utf8)) }
    let metadata = ProtocolBuffer.message {
      $0.add(1, bytes: plugin)
      // DATA_CLASS_TENSOR
      $0.add(4, integer: 2)
    }
    let one = ProtocolBuffer.message { $0.add(1, integer: 1) }
    let tensor = ProtocolBuffer.message {
      // DT_STRING, of the shape [1].
      $0.add(1, integer: 7)
      $0.add(2, bytes: ProtocolBuffer.message { $0.add(2, bytes: one) })
      $0.add(8, bytes: Array(text.utf8))
    }
    let value = ProtocolBuffer.message {
      $0.add(1, bytes: Array(tag.utf8))
      $0.add(8, bytes: tensor)
      $0.add(9, bytes: metadata)
    }
    let summary = ProtocolBuffer.message { $0.add(1, bytes: value) }
    try write(time: time, step: step) { $0.add(5, bytes: summary) }
  }

  /// Appends an event as one TFRecord: length, its checksum, the bytes, their checksum.
  private func write(
    time: Double,
    step: Int,
    content: (inout ProtocolBuffer) -> Void
  ) throws(ComputeError) {
    let event = ProtocolBuffer.message {
      $0.add(1, double: time)
      $0.add(2, integer: step)
      content(&$0)
    }
    let length = UInt64(event.count).littleEndianBytes
    let record =
      length + checksums.masked(length).littleEndianBytes + event
      + checksums.masked(event).littleEndianBytes
    do {
      try file.write(record, at: end)
    } catch {
      // A reader stops at a record that is not whole, so that none after it would be seen.
      try? file.truncate(to: end)
      throw error
    }
    end += record.count
  }

  private static func fileName(_ host: String) -> String {
    let letters = host.unicodeScalars.prefix(64).map { scalar in
      scalar.isASCII
        && (scalar.properties.isAlphabetic || "0123456789.-_".unicodeScalars.contains(scalar))
        ? Character(scalar) : "-"
    }
    return letters.isEmpty ? "localhost" : String(letters)
  }
}

extension StepMetrics {
  /// The numbers by the names that TensorBoard groups them by.
  var scalars: [(tag: String, value: Double)] {
    var scalars: [(tag: String, value: Double)] = [("loss/train", loss)]
    func add(_ tag: String, _ value: Double?) {
      if let value { scalars.append((tag, value)) }
    }
    add("loss/validation", validationLoss)
    add("loss/mtp", predictionLoss)
    add("loss/balance", balanceLoss)
    add("optimizer/learning_rate", learningRate)
    add("optimizer/gradient_norm", gradientNorm)
    add("speed/tokens_per_s", tokensPerSecond)
    add("speed/share_of_peak", shareOfPeak)
    add("speed/step_s", seconds)
    add("progress/tokens", Double(tokens))
    for load in expertLoads {
      add("experts/max_vio_layer_\(load.layer)", load.maxViolation)
      add("experts/bias_drift_layer_\(load.layer)", load.biasDrift)
    }
    return scalars
  }
}
