// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// What keeps a training run from starting or from going on.
public struct TrainingError: DiagnosableError, Hashable, Sendable {
  /// What is wrong.
  public enum Reason: Hashable, Sendable {
    /// A tensor is missing or has another shape than the model's.
    case tensorUnfit(name: String, shape: [Int])
    /// A batch holds something else than rows of token ids.
    case batchUnfit(String)
  }

  /// What is wrong.
  public var reason: Reason
  /// Where: a file, a folder or a field.
  public var place: String?

  /// Creates an error.
  public init(_ reason: Reason, place: String? = nil) {
    self.reason = reason
    self.place = place
  }
}

extension TrainingError {
  /// What is wrong: found and expected.
  public var what: String {
    switch reason {
    case .tensorUnfit(let name, let shape):
      "tensor '\(name)' of shape \(shape) is not there, or has another shape"
    case .batchUnfit(let detail): detail
    }
  }

  /// What the reader can do about it.
  public var remedy: String? {
    switch reason {
    case .tensorUnfit: "the checkpoint that belongs to the configuration"
    case .batchUnfit: "a safetensors file with a tensor 'ids', I32 [sequences, length]"
    }
  }

  /// The exit code of a command that ends with this error.
  public var exitCode: ExitCode { .badData }
}
