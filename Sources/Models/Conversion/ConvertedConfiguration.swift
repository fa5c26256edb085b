// SPDX-License-Identifier: Apache-2.0

public import Compute
public import JSON

/// The `config.json` of a checkpoint whose weights are stored otherwise than before: all fields as they
/// were, but those that tell how weights are stored.
public struct ConvertedConfiguration {
  private static let quantizationField = "quantization_config"
  private var members: [(String, JSONText)]

  /// Takes the fields over.
  ///
  /// - Parameters:
  ///   - document: The configuration as it was.
  ///   - target: What matrices become.
  ///   - leavesOutHead: Whether the head is tied from now on by not being stored.
  init(_ document: JSONDocument, target: CheckpointConversion.Target, leavesOutHead: Bool) {
    members = document.root.object?.map { ($0.key, JSONText($0.value)) } ?? []
    // Readers that trust the configuration would make up a head.
    if leavesOutHead { set("tie_word_embeddings", .boolean(true)) }
    switch target {
    case .fp8:
      // What is there says the same: other quantizations were refused.
      if !has(Self.quantizationField) { set(Self.quantizationField, Self.blocks) }
    case .bf16: storesPlain(.bf16)
    }
  }

  /// Takes the fields over for weights that were trained.
  ///
  /// - Parameters:
  ///   - document: The configuration that training began with.
  ///   - computeType: How matrices are stored.
  ///   - leavesOutHead: Whether no head is stored.
  public init(_ document: JSONDocument, trainedAs computeType: ComputeType, leavesOutHead: Bool) {
    members = document.root.object?.map { ($0.key, JSONText($0.value)) } ?? []
    if leavesOutHead { set("tie_word_embeddings", .boolean(true)) }
    storesPlain(computeType)
  }

  private mutating func storesPlain(_ type: ComputeType) {
    members.removeAll { $0.0 == Self.quantizationField }
    let name = type == .bf16 ? "bfloat16" : "float32"
    for field in ["torch_dtype", "dtype"] where has(field) { set(field, .string(name)) }
  }

  private func has(_ field: String) -> Bool { members.contains { $0.0 == field } }

  private mutating func set(_ field: String, _ value: JSONText) {
    if let index = members.firstIndex(where: { $0.0 == field }) {
      members[index].1 = value
    } else {
      members.append((field, value))
    }
  }

  /// As DeepSeek-V3's config.json has it.
  private static let blocks = JSONText.object([
    ("activation_scheme", .string("dynamic")),
    ("fmt", .string("e4m3")),
    ("quant_method", .string("fp8")),
    (
      "weight_block_size",
      .array([.integer(WeightMatrix.blockExtent), .integer(WeightMatrix.blockExtent)])
    ),
  ])

  /// The file, a field a line.
  public var bytes: [UInt8] { Self.lines(members) }

  /// The file `model.safetensors.index.json`.
  static func indexBytes(_ map: [(String, String)], byteCount: Int) -> [UInt8] {
    lines([
      ("metadata", .object([("total_size", .integer(byteCount))])),
      ("weight_map", .object(map.map { ($0.0, .string($0.1)) })),
    ])
  }

  private static func lines(_ members: [(String, JSONText)]) -> [UInt8] {
    let texts = members.map { "  " + JSONText.string($0.0).text + ": " + $0.1.text }
    return Array("{\n\(texts.joined(separator: ",\n"))\n}\n".utf8)
  }
}
