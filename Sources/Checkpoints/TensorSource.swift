// SPDX-License-Identifier: Apache-2.0

public import Compute

/// Where a checkpoint's tensors come from, by their published names.
public protocol TensorSource: Sendable {
  /// What an error calls the source: a file or a folder.
  var label: String { get }
  /// The names of all tensors, sorted.
  var names: [String] { get }
  /// The tensor with this name, nil if the source has none.
  func tensor(_ name: String) -> Tensor?
  /// The file that holds the tensor, as an error names it.
  func file(of name: String) -> String?
}
