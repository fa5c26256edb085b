// SPDX-License-Identifier: Apache-2.0

import Compute
import Testing

/// Holds hand-written derivatives of one operation to central differences of its formula in double
/// precision, each number of each input by itself.
struct DifferenceComparison {
  // Truncation is its square times a third derivative, 1e-10 or so; rounding is 2⁻⁵² of a loss of a few
  // tens over it, 1e-9 or so: both far below a float32.
  private static let step = 1e-5

  /// What is compared; shown where it fails.
  let label: String

  init(_ label: String) { self.label = label }

  /// Compares what a device says of the inputs, in their shape, with the slopes of a loss.
  func expectSlopes(
    of inputs: [[Float]],
    loss: ([[Double]]) -> Double,
    _ gradients: (any Device) throws -> [[Float]],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let slopes = slopes(inputs.map { $0.map(Double.init) }, loss)
    // In double precision, results are rounded to float32 once; attention's sums and results and a router's
    // weights are rounded before they are used again, so a handful of 2⁻²⁴ adds up. In float32 the bound
    // is that of whole models' gradients. The kernels give the float32 bits.
    for (device, bound) in [
      (ReferenceDevice<Double>() as any Device, 8 * 0x1p-24), (ReferenceDevice<Float>(), 1e-5),
    ] {
      let found = try gradients(device)
      #expect(found.map(\.count) == inputs.map(\.count), sourceLocation: sourceLocation)
      for (index, (own, wanted)) in zip(found, slopes).enumerated() {
        let norm = wanted.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let distance = zip(own, wanted).reduce(0) { sum, pair in
          sum + (Double(pair.0) - pair.1) * (Double(pair.0) - pair.1)
        }
        .squareRoot()
        #expect(
          norm > 1e-2 && distance <= bound * norm,
          "\(label), input \(index), \(device.name): \(distance) of \(norm)",
          sourceLocation: sourceLocation
        )
      }
    }
  }

  private func slopes(_ inputs: [[Double]], _ loss: ([[Double]]) -> Double) -> [[Double]] {
    var inputs = inputs
    return inputs.indices.map { input in
      inputs[input].indices.map { place in
        let value = inputs[input][place]
        defer { inputs[input][place] = value }
        inputs[input][place] = value + Self.step
        let above = loss(inputs)
        inputs[input][place] = value - Self.step
        return (above - loss(inputs)) / (2 * Self.step)
      }
    }
  }
}

/// Numbers as rows.
func rows(_ values: [Double], of width: Int) -> [[Double]] {
  stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
}

/// Σ a b.
func product(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}
