// SPDX-License-Identifier: Apache-2.0

/// Reads one call, byte by byte, from behind its opening marker to its end.
protocol CallReader: Sendable {
  /// Takes the next byte.
  mutating func take(_ byte: UInt8, _ output: inout CallOutput) -> CallStep

  /// Whether the arguments have come to their end.
  var hasWholeArguments: Bool { get }

  /// Ends the text inside the call: gives out what the arguments held back.
  mutating func finish(_ output: inout CallOutput)
}

/// What a byte did to a call.
enum CallStep: Equatable {
  /// It belongs to the call.
  case taken
  /// It is the call's last one.
  case ended
  /// It cannot stand here: a call that has begun ends before what came since the last certain byte;
  /// one that has not is none.
  case broken
}

/// What a byte added to a call.
struct CallOutput {
  /// The functions that there are.
  let names: Set<String>
  /// The name, in the step in which it becomes certain.
  var name: String?
  /// More of the arguments.
  var arguments: [UInt8] = []
  /// Whether all that came so far belongs to the call for certain.
  var isSettled = false

  init(names: Set<String>) { self.names = names }

  /// Begins the call.
  mutating func begin(_ name: String) {
    self.name = name
    isSettled = true
  }
}

/// Bounds of what a call may hold.
enum CallLimits {
  // LIMIT: OpenAI's and DeepSeek's names have at most 64 characters.
  static let nameLength = 64
  // LIMIT: no list of parallel calls comes near; an endless answer cannot grow the client's.
  static let callCount = 128
  // LIMIT: what is held back until a call is certain; names stand before the arguments, or behind
  // some that fit easily.
  static let heldByteCount = 65_536
}
