// SPDX-License-Identifier: Apache-2.0

public import Compute

/// The next tokens of one sequence in a forward pass.
public struct SequenceInput: Sendable {
  /// For which of its rows logits are wanted.
  public enum LogitRows: Sendable, Hashable {
    /// For none.
    case none
    /// For the last.
    case last
    /// For all.
    case all
  }

  /// The tokens that follow what the cache holds.
  public var ids: [Int32]
  /// The sequence's past; the pass appends to it.
  public var cache: SequenceCache
  /// For which of its rows logits are wanted.
  public var logitRows: LogitRows

  /// Creates the input of one sequence.
  public init(ids: [Int32], cache: SequenceCache, logitRows: LogitRows = .last) {
    self.ids = ids
    self.cache = cache
    self.logitRows = logitRows
  }

  func wantedRows(from start: Int) -> Range<Int> {
    switch logitRows {
    case .none: start..<start
    case .last: max(start, start + ids.count - 1)..<start + ids.count
    case .all: start..<start + ids.count
    }
  }
}

/// What a forward pass gives; its views are valid until the decoder's next pass.
public struct ForwardResult {
  /// Raw logits of the wanted rows, sequence by sequence, `[wanted rows, vocabularySize]`.
  public let logits: ActivationView
  /// The states after the final norm, `[rows, hiddenSize]`; nil unless asked for.
  public let hidden: ActivationView?
}
