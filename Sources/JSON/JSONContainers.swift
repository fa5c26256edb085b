// SPDX-License-Identifier: Apache-2.0

/// The elements of a JSON array, in order.
public struct JSONElements: Sequence, Sendable {
  let container: JSONValue
  /// How many elements there are.
  public let count: Int

  /// Walks the elements.
  public struct Iterator: IteratorProtocol {
    let document: JSONDocument
    var index: Int
    var remaining: Int

    /// Steps to the next one.
    public mutating func next() -> JSONValue? {
      guard remaining > 0 else { return nil }
      remaining -= 1
      let value = JSONValue(document: document, index: index)
      index = value.nextIndex
      return value
    }
  }

  /// Starts at the first element.
  public func makeIterator() -> Iterator {
    Iterator(document: container.document, index: container.index + 1, remaining: count)
  }
}

/// One key and its value in a JSON object.
public struct JSONMember: Sendable {
  let keyValue: JSONValue
  /// The member's value.
  public let value: JSONValue

  /// The key with its escapes resolved.
  public var key: String { keyValue.string ?? "" }

  /// The UTF-8 of the key with its escapes resolved.
  public var keyBytes: [UInt8] { keyValue.stringBytes ?? [] }

  /// Appends the UTF-8 of the key, escapes resolved, to a buffer that the caller reuses.
  public func appendKeyBytes(to buffer: inout [UInt8]) {
    _ = keyValue.appendStringBytes(to: &buffer)
  }

  /// Whether the key is `text`, without decoding it.
  public func keyEquals(_ text: String) -> Bool { keyValue.equals(text) }
}

/// The members of a JSON object, in the order of the text; a key may come twice.
public struct JSONMembers: Sequence, Sendable {
  let container: JSONValue
  /// How many members there are.
  public let count: Int

  /// Walks the members.
  public struct Iterator: IteratorProtocol {
    let document: JSONDocument
    var index: Int
    var remaining: Int

    /// Steps to the next one.
    public mutating func next() -> JSONMember? {
      guard remaining > 0 else { return nil }
      remaining -= 1
      let key = JSONValue(document: document, index: index)
      let value = JSONValue(document: document, index: key.nextIndex)
      index = value.nextIndex
      return JSONMember(keyValue: key, value: value)
    }
  }

  /// Starts at the first member.
  public func makeIterator() -> Iterator {
    Iterator(document: container.document, index: container.index + 1, remaining: count)
  }

  /// The first key that comes a second time, nil if none does.
  public var firstDuplicateKey: String? {
    var seen: Set<[UInt8]> = []
    for member in self where !seen.insert(member.keyBytes).inserted { return member.key }
    return nil
  }
}
