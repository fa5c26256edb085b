// SPDX-License-Identifier: Apache-2.0

/// Reads the pickle of a state dictionary: names and tensors, and nothing else.
///
/// A pickle is a program. This machine knows the instructions that `torch.save` writes for
/// dictionaries of tensors (protocol 2, pickletools.py of CPython 3.12) and the few names that
/// `PickleGlobal` lists; a pickle that asks for more is refused, by name. There is nothing here
/// that could import, call or build anything.
struct PickleMachine {
  // LIMIT: some 250 bytes a tensor; a shard of 30,000 tensors stays below. Together the limits keep
  // what the machine itself holds below 200 MB, whatever a pickle makes of its bytes.
  static let byteCountLimit = 8 << 20
  // LIMIT: some 45 instructions a tensor, for as many tensors.
  static let instructionLimit = 2_000_000
  // LIMIT: some 10 values a tensor are kept to be recalled.
  static let memoLimit = 500_000
  // LIMIT: picklers put 1,000 pairs of a dictionary on the stack at once.
  static let stackLimit = 65_536
  // LIMIT: names of tensors, modules and storages are shorter; a text is compared as often as the
  // pickle likes.
  static let textByteCountLimit = 1024
  // LIMIT: a decoder's weights have at most three extents; a shape is copied as often as the pickle
  // likes.
  static let rankLimit = 16

  var cursor: ByteCursor
  let file: String
  var stack: [PickleValue] = []
  var marks: [Int] = []
  var memo: [UInt64: PickleValue] = [:]
  var objects = PickleObjects()

  private init(_ bytes: [UInt8], file: String) {
    cursor = ByteCursor(bytes)
    self.file = file
  }

  /// Reads the tensors of a pickle, in its order.
  ///
  /// - Throws: `CheckpointError` where it is broken or asks for anything but tensors.
  static func tensors(
    in bytes: [UInt8],
    file: String
  ) throws(CheckpointError) -> [(name: String, tensor: PickledTensor)] {
    var machine = PickleMachine(bytes, file: file)
    guard bytes.count <= byteCountLimit else {
      throw machine.error("it has \(bytes.count) bytes, more than \(byteCountLimit)")
    }
    guard case .dictionary(let root) = try machine.run() else {
      throw machine.error("it holds no dictionary of tensors")
    }
    var result: [(String, PickledTensor)] = []
    for (name, value) in machine.objects.dictionaries[root] {
      guard case .tensor(let number) = value else {
        throw CheckpointError(
          .pickleInvalid("an entry is \(value.kind), but must be a tensor"),
          file: file,
          tensor: name
        )
      }
      result.append((name, machine.objects.tensors[number]))
    }
    return result
  }

  private mutating func run() throws(CheckpointError) -> PickleValue {
    for _ in 0..<Self.instructionLimit {
      guard let code = cursor.byte() else { throw error("it ends without its last instruction") }
      if code == UInt8(ascii: ".") {
        guard stack.count == 1, marks.isEmpty, cursor.remaining == 0 else {
          throw error("its last instruction leaves more than one value")
        }
        return stack[0]
      }
      try step(code)
      guard stack.count <= Self.stackLimit, marks.count <= Self.stackLimit else {
        throw error("it stacks more than \(Self.stackLimit) values")
      }
    }
    throw error("it has more than \(Self.instructionLimit) instructions")
  }

  private mutating func step(_ code: UInt8) throws(CheckpointError) {
    switch code {
    case 0x80:
      let version = try number(1)
      guard version == 2 else { throw error("its protocol is \(version), but must be 2") }
    case UInt8(ascii: "}"): pushDictionary()
    case UInt8(ascii: ")"): stack.append(.tuple(0))
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88: stack.append(.boolean(true))
    case 0x89: stack.append(.boolean(false))
    case UInt8(ascii: "K"): stack.append(.integer(Int(try number(1))))
    case UInt8(ascii: "M"): stack.append(.integer(Int(try number(2))))
    case UInt8(ascii: "J"):
      stack.append(.integer(Int(Int32(truncatingIfNeeded: try number(4)))))
    case 0x8A: stack.append(.integer(try longNumber()))
    case UInt8(ascii: "X"): stack.append(.text(try text()))
    case UInt8(ascii: "q"): try keep(number(1))
    case UInt8(ascii: "r"): try keep(number(4))
    case UInt8(ascii: "h"): stack.append(try remembered(number(1)))
    case UInt8(ascii: "j"): stack.append(try remembered(number(4)))
    case UInt8(ascii: "t"): pushTuple(try popToMark())
    case 0x85...0x87: try pushTuple(popLast(Int(code) - 0x84))
    case UInt8(ascii: "s"): try setItems(popLast(2))
    case UInt8(ascii: "u"): try setItems(popToMark())
    case UInt8(ascii: "c"): stack.append(.global(try global()))
    case UInt8(ascii: "Q"): stack.append(.storage(try storage(pop())))
    case UInt8(ascii: "R"): try reduce()
    case UInt8(ascii: "b"): try build()
    default:
      throw error("it has the instruction 0x\(String(code, radix: 16)), which no tensor needs")
    }
  }

  /// OrderedDict's attributes, torch's `_metadata` among them, change no tensor.
  private mutating func build() throws(CheckpointError) {
    let (state, target) = (try pop(), try top())
    guard case .dictionary = state, case .dictionary = target else {
      throw error("it gives attributes to \(target.kind)")
    }
  }

  private mutating func setItems(_ items: [PickleValue]) throws(CheckpointError) {
    guard case .dictionary(let dictionary) = try top() else {
      throw error("it puts entries into \(try top().kind)")
    }
    guard items.count % 2 == 0 else { throw error("an entry has a name and no value") }
    for index in stride(from: 0, to: items.count, by: 2) {
      guard case .text(let key) = items[index] else {
        throw error("the name of an entry is \(items[index].kind)")
      }
      objects.dictionaries[dictionary].append((key, items[index + 1]))
    }
  }

  /// What a call of one of the known names would give.
  private mutating func reduce() throws(CheckpointError) {
    guard case .tuple(let number) = try pop(), case .global(let global) = try pop() else {
      throw error("it calls what is no known function")
    }
    let arguments = objects.tuples[number]
    switch global {
    case .orderedDictionary where arguments.isEmpty: pushDictionary()
    case .rebuildTensor:
      objects.tensors.append(try tensor(arguments))
      stack.append(.tensor(objects.tensors.count - 1))
    case .rebuildParameter:
      guard arguments.count == 3, case .tensor = arguments[0] else {
        throw error("a parameter is made of something else than a tensor")
      }
      stack.append(arguments[0])
    default: throw error("it calls a known name with other arguments than torch.save writes")
    }
  }

  private func tensor(_ arguments: [PickleValue]) throws(CheckpointError) -> PickledTensor {
    guard (6...7).contains(arguments.count), arguments.count == 6 || isEmpty(arguments[6]),
      case .storage(let storage) = arguments[0],
      case .integer(let offset) = arguments[1], let shape = integers(arguments[2]),
      let strides = integers(arguments[3]), shape.count == strides.count
    else { throw error("a tensor is not made of a storage, an offset, a shape and strides") }
    return PickledTensor(
      storage: objects.storages[storage],
      offset: offset,
      shape: shape,
      strides: strides
    )
  }

  /// Whether a tensor's last argument asks for nothing: it could have all numbers negated.
  private func isEmpty(_ value: PickleValue) -> Bool {
    switch value {
    case .none: true
    case .dictionary(let number): objects.dictionaries[number].isEmpty
    default: false
    }
  }

  private func integers(_ value: PickleValue) -> [Int]? {
    guard case .tuple(let number) = value, objects.tuples[number].count <= Self.rankLimit else {
      return nil
    }
    var result: [Int] = []
    for element in objects.tuples[number] {
      guard case .integer(let integer) = element else { return nil }
      result.append(integer)
    }
    return result
  }

  /// The persistent id of a storage: kind, type, member, place, count.
  private mutating func storage(_ value: PickleValue) throws(CheckpointError) -> Int {
    guard case .tuple(let number) = value, objects.tuples[number].count == 5,
      objects.tuples[number][0] == .text("storage"),
      case .global(.storageType(let elementType)) = objects.tuples[number][1],
      case .text(let key) = objects.tuples[number][2],
      case .integer(let elementCount) = objects.tuples[number][4], elementCount >= 0
    else { throw error("it refers to something else than a storage") }
    let storage = PickledStorage(key: key, elementType: elementType, elementCount: elementCount)
    guard let known = objects.number(of: storage) else {
      throw error("the storage '\(key)' has two types or counts")
    }
    return known
  }

  private mutating func global() throws(CheckpointError) -> PickleGlobal {
    guard let module = cursor.line(limit: Self.textByteCountLimit),
      let name = cursor.line(limit: Self.textByteCountLimit)
    else { throw error("a name is cut off") }
    let (moduleText, nameText) = (
      String(decoding: module, as: UTF8.self), String(decoding: name, as: UTF8.self)
    )
    guard let global = PickleGlobal(module: moduleText, name: nameText) else {
      throw CheckpointError(.unsafePickle(module: moduleText, name: nameText), file: file)
    }
    return global
  }
}
