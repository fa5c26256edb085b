// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// What a decoder refuses: weights that are absent, or input that it cannot take.
public struct DecoderError: DiagnosableError, Hashable {
  /// The kinds of fault.
  public enum Reason: Hashable, Sendable {
    /// The checkpoint lacks a tensor that the configuration implies.
    case missingTensor(String)
    /// A token id lies outside the vocabulary.
    case idOutOfRange(id: Int32, vocabularySize: Int)
    /// A sequence would pass the model's context.
    case contextExceeded(positions: Int, limit: Int)
    /// Rotary scaling of this kind cannot serve this length.
    case lengthUnsupported(positions: Int, limit: Int)
    /// A row of logits holds a NaN or an infinity.
    case nonFinite(layer: String, position: Int)
    /// Memory or the machine failed.
    case machine(String, ExitCode)
  }

  /// The kind of fault.
  public var reason: Reason
  /// The file, field or input.
  public var place: String?

  /// Creates an error.
  public init(_ reason: Reason, place: String? = nil) {
    self.reason = reason
    self.place = place
  }

  /// What is wrong.
  public var what: String {
    switch reason {
    case .missingTensor(let name): "tensor '\(name)' is missing"
    case .idOutOfRange(let id, let size):
      "token id \(id) is out of range, the vocabulary has \(size) ids"
    case .contextExceeded(let positions, let limit):
      "the sequence needs \(positions) positions, the context has \(limit)"
    case .lengthUnsupported(let positions, let limit):
      "dynamic NTK scaling beyond \(limit) positions is not supported, \(positions) are needed"
    case .nonFinite(let layer, let position):
      "the logits of position \(position) are not finite, first after \(layer)"
    case .machine(let text, _): text
    }
  }

  /// What to do about it.
  public var remedy: String? {
    switch reason {
    case .missingTensor: "use the config.json of the same checkpoint, or fetch the weights again"
    case .idOutOfRange(_, let size): "ids from 0 to \(size - 1)"
    case .contextExceeded(let positions, let limit):
      "shorten the prompt by \(positions - limit) tokens, or ask for fewer tokens"
    case .lengthUnsupported(let positions, let limit):
      "shorten the prompt by \(positions - limit) tokens, or ask for fewer tokens"
    case .nonFinite: "hadal inspect --check names broken weights; --compute f32 avoids overflow"
    case .machine: nil
    }
  }

  /// How a command ends.
  public var exitCode: ExitCode {
    if case .machine(_, let code) = reason { return code }
    return .badData
  }
}
