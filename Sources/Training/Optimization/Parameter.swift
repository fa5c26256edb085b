// SPDX-License-Identifier: Apache-2.0

public import Models

/// A trainable tensor: its published name, its shape, and where its numbers lie among all others'.
public struct Parameter: Sendable, Hashable {
  /// The published name.
  public let name: String
  /// The extents, slowest first.
  public let shape: [Int]
  /// What it is for.
  public let role: TensorRole
  /// The place of its first number among all parameters'.
  public let offset: Int

  /// How many numbers it has.
  public var count: Int { shape.reduce(1, *) }

  /// Whether it is stored and used in FP32 whatever the compute type: norms, routers and biases.
  public var isPlain: Bool { role == .norm || role == .router || shape.count < 2 }

  /// Whether weight decay applies: to matrices alone.
  public var decays: Bool { shape.count >= 2 }
}
