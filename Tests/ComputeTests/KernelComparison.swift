// SPDX-License-Identifier: Apache-2.0

import Compute
import Testing

/// Runs an operation on the reference device and on every available kernel path with 1, 2 and 5
/// threads.
///
/// Kernels are held to the reference bit by bit, the signs of zeros included; a NaN equals a NaN.
struct KernelComparison {
  private static let devices: [CPUDevice] = {
    do {
      return try KernelPath.available.flatMap { path in
        try [1, 2, 5].map { try CPUDevice(threadCount: $0, path: path) }
      }
    } catch {
      Issue.record("no device: \(error)")
      return []
    }
  }()

  /// What is compared; shown where it fails.
  let label: String

  init(_ label: String) { self.label = label }

  func expectEqual(
    _ operation: (any Device) throws -> [Float],
    sourceLocation: SourceLocation = #_sourceLocation
  ) rethrows {
    let expected = try operation(ReferenceDevice<Float>())
    var reached: Set<KernelPath> = []
    for device in Self.devices {
      let result = try operation(device)
      reached.insert(device.path)
      let name = "\(label), \(device.name), \(device.pool.threadCount) threads"
      expect(result, expected, name, at: sourceLocation)
    }
    // A path that this processor has and that no case reached would pass unseen.
    #expect(reached == Set(KernelPath.available), sourceLocation: sourceLocation)
    print("\(label): \(reached.map(\.rawValue).sorted().joined(separator: ", "))")
  }

  private func expect(
    _ found: [Float],
    _ wanted: [Float],
    _ what: String,
    at sourceLocation: SourceLocation
  ) {
    #expect(found.count == wanted.count, "\(what)", sourceLocation: sourceLocation)
    let place = zip(found, wanted).enumerated().first { _, pair in
      pair.0.bitPattern != pair.1.bitPattern && !(pair.0.isNaN && pair.1.isNaN)
    }
    guard let (index, (found, wanted)) = place else { return }
    Issue.record(
      "\(what): value \(index) is \(found), not \(wanted)",
      sourceLocation: sourceLocation
    )
  }
}

extension ActivationView {
  /// All values, row by row.
  var allFloats: [Float] { (0..<rowCount).flatMap { floats(row: $0) } }

  /// The same in double precision.
  var doubles: [Double] { allFloats.map(Double.init) }

  /// A copy that an operation may write to.
  func copy() throws -> ActivationView {
    let copy = try blankView(rows: rowCount, columns: columnCount)
    for row in 0..<rowCount { copy.set(row: row, to: floats(row: row)) }
    return copy
  }
}
