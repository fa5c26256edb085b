// SPDX-License-Identifier: Apache-2.0

/// What a schema allows, its keywords understood and its references resolved.
indirect enum SchemaShape: Sendable, Hashable {
  case any
  case anyObject
  case null
  case boolean
  case string(minimum: Int, maximum: Int?)
  case pattern(ByteTable)
  case number(NumberRange)
  /// JSON texts of scalars, each in one spelling.
  case literals([[UInt8]])
  case array(ArrayShape)
  case object(ObjectShape)
  /// One of several; of none nothing fits.
  case choice([SchemaShape])
  /// A definition, by its place in the schema's list.
  case reference(Int)

  /// The elements of an array.
  struct ArrayShape: Sendable, Hashable {
    /// The first elements, in order.
    var prefix: [SchemaShape] = []
    /// The elements after them; nil where there are none.
    var items: SchemaShape?
    var minimum = 0
    var maximum: Int?
  }

  /// The members of an object.
  struct ObjectShape: Sendable, Hashable {
    /// The members that have names, in order.
    var properties: [Property] = []
    /// The members after them; nil where there are none.
    var additional: SchemaShape?
  }

  /// A member that has a name.
  struct Property: Sendable, Hashable {
    var name: String
    var shape: SchemaShape
    var isRequired: Bool
  }

  /// The numbers between two bounds that are integers, or nil.
  struct NumberRange: Sendable, Hashable {
    var isInteger = false
    var minimum: Bound?
    var maximum: Bound?
  }

  /// One end of a range.
  struct Bound: Sendable, Hashable {
    var value: Int
    var isExclusive: Bool
  }
}
