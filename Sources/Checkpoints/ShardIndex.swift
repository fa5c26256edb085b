// SPDX-License-Identifier: Apache-2.0

import JSON

/// `model.safetensors.index.json` or `pytorch_model.bin.index.json`: which shard holds which
/// tensor.
struct ShardIndex {
  /// The shards, sorted.
  let shards: [String]
  /// For each tensor the position of its shard in `shards`.
  let shardOfTensor: [String: Int]

  init(_ document: JSONDocument, file: String) throws(CheckpointError) {
    func error(_ reason: CheckpointError.Reason, tensor: String? = nil) -> CheckpointError {
      CheckpointError(reason, file: file, tensor: tensor)
    }
    guard let map = document.root["weight_map"]?.object else {
      throw error(.indexInvalid("it has no object 'weight_map'"))
    }
    guard map.count > 0 else { throw error(.indexInvalid("its 'weight_map' is empty")) }
    var found: [String: Int] = [:]
    var names: [String] = []
    var shardOfTensor: [String: Int] = [:]
    shardOfTensor.reserveCapacity(map.count)
    for member in map {
      let name = member.key
      guard let shard = member.value.string else {
        throw error(.indexInvalid("a shard's name is no string"), tensor: name)
      }
      let number: Int
      if let known = found[shard] {
        number = known
      } else {
        guard Self.isPlainFileName(shard) else {
          throw error(.indexPathEscapes(shard), tensor: name)
        }
        number = names.count
        found[shard] = number
        names.append(shard)
      }
      guard shardOfTensor.updateValue(number, forKey: name) == nil else {
        throw error(.duplicateKey(name), tensor: name)
      }
    }
    // Errors about shards should not depend on the order of the map.
    let order = names.indices.sorted { names[$0] < names[$1] }
    var newNumber = [Int](repeating: 0, count: names.count)
    for (new, old) in order.enumerated() { newNumber[old] = new }
    shards = order.map { names[$0] }
    self.shardOfTensor = shardOfTensor.mapValues { newNumber[$0] }
  }

  /// Whether a name stays within the folder: it holds no separator and no control character.
  private static func isPlainFileName(_ name: String) -> Bool {
    guard !name.isEmpty, name != ".", name != "..", name.utf8.count <= 255 else { return false }
    return name.utf8.allSatisfy {
      $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\")
    }
  }
}
