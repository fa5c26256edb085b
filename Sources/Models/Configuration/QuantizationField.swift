// SPDX-License-Identifier: Apache-2.0

import Compute

/// The field `quantization_config`: absent, or FP8 E4M3 in blocks of 128 × 128.
enum QuantizationField {
  static func isBlockQuantized(_ reader: ConfigurationReader) throws(ModelError) -> Bool {
    guard let fields = try reader.object("quantization_config") else { return false }
    let method = try fields.string("quant_method") ?? "without 'quant_method'"
    guard method == "fp8" else {
      throw fields.error(.unsupportedQuantization("'\(method)'"), "quant_method")
    }
    let format = try fields.string("fmt") ?? "e4m3"
    guard format == "e4m3" else {
      throw fields.error(.unsupportedQuantization("fp8 '\(format)'"), "fmt")
    }
    let block = try fields.counts("weight_block_size", in: 0...ConfigurationReader.extentLimit)
    let extent = WeightMatrix.blockExtent
    guard block == [extent, extent] else {
      throw fields.error(
        .unsupportedQuantization("fp8 with blocks \(block)"),
        "weight_block_size"
      )
    }
    // V3.1's scales are powers of two, stored as F32 or E8M0: the tensor's type says which.
    if let scales = try fields.string("scale_fmt"), scales != "ue8m0" {
      throw fields.error(.unsupportedQuantization("fp8 with scales '\(scales)'"), "scale_fmt")
    }
    return true
  }
}
