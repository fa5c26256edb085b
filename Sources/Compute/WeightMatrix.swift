// SPDX-License-Identifier: Apache-2.0

/// The weight of a linear layer, `[rows, columns]` = `[outputs, inputs]`, as it is published.
public struct WeightMatrix: Sendable {
  /// The side of a square of weights that shares a scale (DeepSeek-V3 report, section 3.3).
  public static let blockExtent = 128

  /// The stored numbers: F32, F16, BF16 or E4M3, `[rows, columns]`.
  public let values: Tensor
  /// F32 `[⌈rows/128⌉, ⌈columns/128⌉]`, multiplied with the values; present for E4M3 alone.
  public let blockScales: Tensor?
  /// Added to the outputs, `[rows]`, any floating-point type; nil for most layers.
  public let bias: Tensor?

  /// Creates a weight.
  ///
  /// - Precondition: Scales are F32, have the shape that belongs to the values, and are there
  ///   exactly for E4M3 values.
  public init(_ values: Tensor, blockScales: Tensor? = nil, bias: Tensor? = nil) {
    precondition(values.shape.count == 2 && (values.elementType == .f8e4m3) == (blockScales != nil))
    if let blockScales {
      precondition(
        blockScales.elementType == .f32
          && blockScales.shape == [
            Self.blockCount(values.shape[0]), Self.blockCount(values.shape[1]),
          ]
      )
    }
    self.values = values
    self.blockScales = blockScales
    self.bias = bias
  }

  /// How many outputs the layer has.
  public var rowCount: Int { values.shape[0] }

  /// How many inputs the layer has.
  public var columnCount: Int { values.shape[1] }

  /// Bytes of values and scales.
  public var byteCount: Int { values.byteCount + (blockScales?.byteCount ?? 0) }

  /// How many blocks of 128 cover `extent` rows or columns; the last may be partial.
  public static func blockCount(_ extent: Int) -> Int { (extent + blockExtent - 1) / blockExtent }
}
