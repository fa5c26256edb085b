// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The handlers that the terminal's own ones stand before, as numbers that a handler may read.
struct PreviousHandlers: ~Copyable, Sendable {
  #if canImport(Darwin)
  private typealias Handler = __sigaction_u
  #else
  private typealias Handler = sigaction.__Unnamed_union___sigaction_handler
  #endif

  private let handlers = InlineArray<32, Atomic<UInt>> { _ in Atomic<UInt>(0) }
  private let flags = InlineArray<32, Atomic<Int32>> { _ in Atomic<Int32>(0) }

  /// Whether a signal does what the system does by itself.
  static func isDefault(_ action: sigaction) -> Bool { bits(of: action) == 0 }

  /// Keeps what a signal did.
  func store(_ action: sigaction, of number: Int32) {
    guard handlers.indices.contains(Int(number)) else { return }
    handlers[Int(number)].store(Self.bits(of: action), ordering: .relaxed)
    flags[Int(number)].store(Int32(action.sa_flags), ordering: .relaxed)
  }

  /// Lets a signal do again what it did.
  func reinstall(_ number: Int32) {
    guard handlers.indices.contains(Int(number)) else { return }
    var action = sigaction()
    let bits = handlers[Int(number)].load(ordering: .relaxed)
    // SAFETY: the bits are those of the same union, which holds one pointer to a function.
    let handler = unsafe unsafeBitCast(bits, to: Handler.self)
    #if canImport(Darwin)
    action.__sigaction_u = handler
    #else
    action.__sigaction_handler = handler
    #endif
    action.sa_flags = flags[Int(number)].load(ordering: .relaxed)
    unsafe sigaction(number, &action, nil)
  }

  private static func bits(of action: sigaction) -> UInt {
    // SAFETY: the union holds one pointer to a function, as wide as a number.
    #if canImport(Darwin)
    unsafe unsafeBitCast(action.__sigaction_u, to: UInt.self)
    #else
    unsafe unsafeBitCast(action.__sigaction_handler, to: UInt.self)
    #endif
  }
}
