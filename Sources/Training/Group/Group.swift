// SPDX-License-Identifier: Apache-2.0

public import Compute

/// The ranks that take the steps of one run together, as one of them sees it.
///
/// Each rank has all the weights and the moments, and computes the gradients of its share of a batch's
/// slots. What the slots came to is added by one balanced binary tree over all of them, whoever
/// computed them: a rank adds its own, which are neighbors, and the group adds the ranks' sums. So no
/// bit depends on how many ranks there are.
///
/// Every rank makes the same calls in the same order.
public protocol Group: Sendable {
  /// Which of the ranks this one is, from 0.
  var rank: Int { get }

  /// How many ranks there are.
  var rankCount: Int { get }

  /// Replaces a tensor by the sum over all ranks, neighbors first: (0 + 1) + (2 + 3).
  ///
  /// - Parameters:
  ///   - tensor: F32 `[rows, columns]`, of the same shape in every rank; all ranks get the sum.
  ///   - device: What this rank computes with.
  /// - Throws: `TrainingError` where another rank does not come.
  func sum(_ tensor: Tensor, device: any Device) throws(TrainingError)

  /// Hands numbers around.
  ///
  /// - Parameter values: This rank's; the others may have more or fewer.
  /// - Returns: Those of all ranks, in the ranks' order.
  /// - Throws: `TrainingError` where another rank does not come.
  func gather(_ values: [Double]) throws(TrainingError) -> [[Double]]
}

extension Group {
  /// The slots that this rank computes.
  ///
  /// - Precondition: The number of ranks divides theirs.
  func slots(of slotCount: Int) -> Range<Int> {
    let count = slotCount / rankCount
    return rank * count..<(rank + 1) * count
  }
}

/// One rank alone: nothing is added and nothing is copied.
public struct SingleGroup: Group {
  /// Creates a group of one.
  public init() {}

  /// The only one.
  public var rank: Int { 0 }

  /// One.
  public var rankCount: Int { 1 }

  /// Leaves the tensor as it is.
  public func sum(_ tensor: Tensor, device: any Device) {}

  /// Returns the numbers.
  public func gather(_ values: [Double]) -> [[Double]] { [values] }
}
