// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// What is wrong with a model's configuration, with its tensors or with what it is asked, and where.
public struct ModelError: DiagnosableError, Hashable {
  /// The kinds of fault.
  public enum Reason: Hashable, Sendable {
    /// No family reads this model type or architecture; nil where the file names none.
    case unknownModelType(String?)
    /// A field that the family needs is absent.
    case missingField
    /// A number is of the wrong kind or outside its bounds.
    case badNumber(found: String, expected: String)
    /// Another value is of the wrong kind.
    case badValue(found: String, expected: String)
    /// The hidden size is no multiple of the number of heads, and no head dimension is given.
    case headsNotDividing(hiddenSize: Int, headCount: Int)
    /// The number of query heads is no multiple of the number of key/value heads.
    case kvHeadsNotDividing(headCount: Int, keyValueHeadCount: Int)
    /// Rotation works on pairs, the dimension is odd.
    case oddRotaryDimension(Int)
    /// An activation function other than SiLU.
    case unsupportedActivation(String)
    /// A scaling of rotary frequencies that is not known.
    case unsupportedRope(String)
    /// A quantization other than FP8 E4M3 in blocks of 128 × 128.
    case unsupportedQuantization(String)
    /// More experts are wanted than can be chosen from.
    case topkTooLarge(chosen: Int, available: Int)
    /// Experts cannot be divided into these groups.
    case expertsNotInGroups(expertCount: Int, groupCount: Int)
    /// A way of routing that the family does not have.
    case unsupportedRouting(String)
    /// An option that changes the arithmetic in a way that is not implemented.
    case unsupportedOption(String)
    /// The sizes are plausible one by one, and together larger than any model.
    case tooLarge

    /// Tensors that the configuration asks for are absent; some names, and how many in all.
    case missingTensor([String], count: Int)
    /// Tensors that the configuration has no place for; some names, and how many in all.
    case unexpectedTensor([String], count: Int)
    /// A tensor has another shape than the configuration implies.
    case shapeMismatch(found: [Int], expected: [Int])
    /// A tensor's element type is no type of weights.
    case unsupportedDType(String)
    /// An FP8 weight has no scales.
    case fp8ScaleMissing
    /// The scales of an FP8 weight have another shape than its blocks imply.
    case fp8ScaleShape(found: [Int], expected: [Int])
    /// Weights are FP8, and the configuration does not say so; how many.
    case fp8Unconfigured(count: Int)
    /// A weight is NaN or infinite.
    case nonFiniteWeight(index: Int, value: String)

    /// A token id lies outside the vocabulary.
    case idOutOfRange(id: Int32, vocabularySize: Int)
    /// A sequence would pass the model's context.
    case contextExceeded(positions: Int, limit: Int)
    /// Rotary scaling of this kind cannot serve this length.
    case lengthUnsupported(positions: Int, limit: Int)
    /// A row of logits holds a NaN or an infinity.
    case nonFiniteLogits(layer: String, position: Int)
    /// What an answer must keep to leaves no token.
    case nothingAllowed(position: Int)
    /// Memory or the machine failed.
    case machine(String, ExitCode)
  }

  /// The kind of fault.
  public var reason: Reason
  /// The file, the folder, or what else was given.
  public var file: String?
  /// The field of the configuration, where one is concerned.
  public var field: String?
  /// The tensor, where one is concerned.
  public var tensor: String?

  /// Creates an error.
  public init(
    _ reason: Reason,
    file: String? = nil,
    field: String? = nil,
    tensor: String? = nil
  ) {
    self.reason = reason
    self.file = file
    self.field = field
    self.tensor = tensor
  }

  /// File, tensor and field, as far as they are known.
  public var place: String? {
    let parts = [file, tensor.map { "tensor '\($0)'" }, field.map { "field \($0)" }]
    let known = parts.compactMap { $0 }
    return known.isEmpty ? nil : known.joined(separator: ", ")
  }

  /// Bad data, except where the machine failed.
  public var exitCode: ExitCode {
    if case .machine(_, let code) = reason { return code }
    return .badData
  }
}
