// SPDX-License-Identifier: Apache-2.0

import Compute

/// A value on the stack of a pickle.
///
/// What can nest is a number into `PickleObjects`: a value that holds itself leaks nothing, and one
/// that nests a million times overflows no stack.
enum PickleValue: Hashable {
  case none
  case boolean(Bool)
  case integer(Int)
  case text(String)
  case tuple(Int)
  case dictionary(Int)
  case global(PickleGlobal)
  case storage(Int)
  case tensor(Int)

  /// What an error calls it.
  var kind: String {
    switch self {
    case .none: "nothing"
    case .boolean: "a truth value"
    case .integer: "a number"
    case .text: "a text"
    case .tuple: "a tuple"
    case .dictionary: "a dictionary"
    case .global: "the name of a function"
    case .storage: "a storage"
    case .tensor: "a tensor"
    }
  }
}

/// All that a pickle may name.
///
/// None of it is ever called: the machine knows what each would give.
enum PickleGlobal: Hashable {
  case orderedDictionary
  case rebuildTensor
  case rebuildParameter
  case storageType(ElementType)

  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
    case ("torch", "FloatStorage"): self = .storageType(.f32)
    case ("torch", "HalfStorage"): self = .storageType(.f16)
    case ("torch", "BFloat16Storage"): self = .storageType(.bf16)
    case ("torch", "DoubleStorage"): self = .storageType(.f64)
    case ("torch", "LongStorage"): self = .storageType(.i64)
    case ("torch", "IntStorage"): self = .storageType(.i32)
    case ("torch", "ShortStorage"): self = .storageType(.i16)
    case ("torch", "CharStorage"): self = .storageType(.i8)
    case ("torch", "ByteStorage"): self = .storageType(.u8)
    case ("torch", "BoolStorage"): self = .storageType(.boolean)
    default: return nil
    }
  }
}

/// A run of numbers in a member of the archive.
struct PickledStorage: Hashable {
  var key: String
  var elementType: ElementType
  var elementCount: Int
}

/// A view of a storage, not yet checked against it.
struct PickledTensor: Hashable {
  var storage: PickledStorage
  /// In elements, as are the strides.
  var offset: Int
  var shape: [Int]
  var strides: [Int]
}

/// What the values of a pickle refer to.
struct PickleObjects {
  var tuples: [[PickleValue]] = [[]]
  var dictionaries: [[(key: String, value: PickleValue)]] = []
  var storages: [PickledStorage] = []
  var tensors: [PickledTensor] = []
  private var storageOfKey: [String: Int] = [:]

  /// The number of a storage, nil where another kind of storage has its key.
  mutating func number(of storage: PickledStorage) -> Int? {
    if let known = storageOfKey[storage.key] { return storages[known] == storage ? known : nil }
    storages.append(storage)
    storageOfKey[storage.key] = storages.count - 1
    return storages.count - 1
  }
}
