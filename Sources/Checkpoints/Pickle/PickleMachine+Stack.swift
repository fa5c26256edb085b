// SPDX-License-Identifier: Apache-2.0

// The stack, the memo and the numbers in the pickle's bytes.
extension PickleMachine {
  mutating func pushDictionary() {
    objects.dictionaries.append([])
    stack.append(.dictionary(objects.dictionaries.count - 1))
  }

  mutating func pushTuple(_ values: [PickleValue]) {
    objects.tuples.append(values)
    stack.append(.tuple(objects.tuples.count - 1))
  }

  func top() throws(CheckpointError) -> PickleValue {
    guard stack.count > marks.last ?? 0, let last = stack.last else {
      throw error("it takes more from its stack than there is")
    }
    return last
  }

  mutating func pop() throws(CheckpointError) -> PickleValue {
    let last = try top()
    stack.removeLast()
    return last
  }

  mutating func popLast(_ count: Int) throws(CheckpointError) -> [PickleValue] {
    guard stack.count - count >= marks.last ?? 0 else {
      throw error("it takes more from its stack than there is")
    }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  mutating func popToMark() throws(CheckpointError) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw error("it has no mark to go back to") }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  mutating func keep(_ index: UInt64) throws(CheckpointError) {
    memo[index] = try top()
    guard memo.count <= Self.memoLimit else {
      throw error("it keeps more than \(Self.memoLimit) values")
    }
  }

  func remembered(_ index: UInt64) throws(CheckpointError) -> PickleValue {
    guard let value = memo[index] else { throw error("it recalls what it never kept") }
    return value
  }

  mutating func number(_ byteCount: Int) throws(CheckpointError) -> UInt64 {
    guard let number = cursor.unsigned(byteCount) else { throw error("a number is cut off") }
    return number
  }

  /// A number of up to eight bytes in two's complement.
  mutating func longNumber() throws(CheckpointError) -> Int {
    let byteCount = Int(try number(1))
    guard byteCount <= 8 else { throw error("a number has \(byteCount) bytes, more than 8") }
    guard byteCount > 0 else { return 0 }
    let unused = 64 - 8 * byteCount
    return Int(truncatingIfNeeded: Int64(bitPattern: try number(byteCount) << unused) >> unused)
  }

  mutating func text() throws(CheckpointError) -> String {
    guard let count = cursor.count(4), let bytes = cursor.take(count) else {
      throw error("a text is cut off")
    }
    guard count <= Self.textByteCountLimit else {
      throw error("a text has \(count) bytes, more than \(Self.textByteCountLimit)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw error("a text is not valid UTF-8")
    }
    return text
  }

  func error(_ detail: String) -> CheckpointError {
    CheckpointError(.pickleInvalid("\(detail), byte \(cursor.position)"), file: file)
  }
}
