// SPDX-License-Identifier: Apache-2.0

public import Compute
import JSON

extension SafetensorsHeader {
  /// Reads one entry of a header: `{"dtype", "shape", "data_offsets"}`.
  struct EntryParser {
    let name: String
    let file: String
    let dataByteCount: Int

    func entry(_ value: JSONValue) throws(CheckpointError) -> Entry {
      guard let members = value.object else { throw malformed("the entry is no JSON object") }
      var dtype: String?
      var shape: [Int]?
      var offsets: [Int]?
      for member in members {
        // Keys that later versions of the format may add are passed over, as other readers do.
        if member.keyEquals("dtype") {
          guard dtype == nil else { throw error(.duplicateKey("dtype")) }
          dtype = member.value.string
          if dtype == nil { throw malformed("dtype is no string") }
        } else if member.keyEquals("shape") {
          guard shape == nil else { throw error(.duplicateKey("shape")) }
          shape = try counts(member.value, "shape")
        } else if member.keyEquals("data_offsets") {
          guard offsets == nil else { throw error(.duplicateKey("data_offsets")) }
          offsets = try counts(member.value, "data_offsets")
        }
      }
      guard let dtype else { throw malformed("the entry has no dtype") }
      guard let shape else { throw malformed("the entry has no shape") }
      guard let offsets, offsets.count == 2 else {
        throw malformed("the entry has no pair of data_offsets")
      }
      guard let elementType = Self.elementType(dtype) else { throw error(.unknownDType(dtype)) }
      let (begin, end) = (offsets[0], offsets[1])
      guard begin <= end else { throw error(.offsetsReversed(begin: begin, end: end)) }
      guard end <= dataByteCount else {
        throw error(.offsetsOutOfRange(end: end, dataByteCount: dataByteCount))
      }
      return Entry(
        name: name,
        dtype: dtype,
        elementType: elementType,
        shape: shape,
        begin: begin,
        end: end
      )
    }

    private func counts(_ value: JSONValue, _ field: String) throws(CheckpointError) -> [Int] {
      guard let elements = value.array else { throw malformed("\(field) is no list") }
      var result: [Int] = []
      result.reserveCapacity(elements.count)
      for element in elements {
        guard let count = element.integer, count >= 0 else {
          throw malformed("\(field) holds \(element.source.prefix(40))")
        }
        result.append(count)
      }
      return result
    }

    private func malformed(_ detail: String) -> CheckpointError { error(.headerNotJSON(detail)) }

    private func error(_ reason: CheckpointError.Reason) -> CheckpointError {
      CheckpointError(reason, file: file, tensor: name)
    }

    static func elementType(_ dtype: String) -> ElementType? {
      switch dtype {
      case "BF16": .bf16
      case "F32": .f32
      case "F8_E4M3": .f8e4m3
      case "F16": .f16
      case "F64": .f64
      case "F8_E5M2": .f8e5m2
      case "F8_E8M0": .f8e8m0
      case "BOOL": .boolean
      case "U8": .u8
      case "I8": .i8
      case "U16": .u16
      case "I16": .i16
      case "U32": .u32
      case "I32": .i32
      case "U64": .u64
      case "I64": .i64
      default: nil
      }
    }
  }
}

extension ElementType {
  /// What a safetensors header calls it.
  public var safetensorsName: String {
    switch self {
    case .f8e4m3: "F8_E4M3"
    case .f8e5m2: "F8_E5M2"
    case .f8e8m0: "F8_E8M0"
    case .boolean: "BOOL"
    default: rawValue.uppercased()
    }
  }
}
