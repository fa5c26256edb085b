// SPDX-License-Identifier: Apache-2.0

extension ModelError {
  /// What is wrong: found and expected.
  public var what: String {
    switch reason {
    case .unknownModelType(let name?):
      field == "architectures"
        ? "architecture '\(name)' is not supported" : "model type '\(name)' is not supported"
    case .unknownModelType(nil): "neither 'model_type' nor 'architectures' is given"
    case .missingField: "'\(fieldName)' is absent"
    case .badNumber(let found, let expected), .badValue(let found, let expected):
      "'\(fieldName)' is \(found), but must be \(expected)"
    case .headsNotDividing(let size, let heads):
      "'hidden_size' is \(size), no multiple of the \(heads) heads, and 'head_dim' is absent"
    case .kvHeadsNotDividing(let heads, let keyValueHeads):
      "\(heads) query heads cannot share \(keyValueHeads) key/value heads evenly"
    case .oddRotaryDimension(let dimension):
      "the rotary dimension is \(dimension), but must be even"
    case .unsupportedActivation(let name): "activation '\(name)' is not supported"
    case .unsupportedRope(let name): "rotary scaling '\(name)' is not supported"
    case .unsupportedQuantization(let name): "quantization \(name) is not supported"
    case .topkTooLarge(let chosen, let available):
      "\(chosen) experts a token are wanted, but only \(available) can be chosen from"
    case .expertsNotInGroups(let experts, let groups):
      "\(experts) experts cannot be divided into \(groups) groups"
    case .unsupportedRouting(let name): "routing '\(name)' is not supported for this model type"
    case .unsupportedOption(let value): "'\(fieldName)' \(value) is not supported"
    case .tooLarge: "the sizes together give a model larger than any"
    default: tensorWhat
    }
  }

  private var tensorWhat: String {
    switch reason {
    case .missingTensor(let names, let count):
      count == 1
        ? "tensor '\(names.first ?? "")' is absent"
        : "\(count) tensors are absent: \(Self.list(names, of: count))"
    case .unexpectedTensor(let names, let count):
      count == 1
        ? "tensor '\(names.first ?? "")' belongs to no part of this architecture"
        : "\(count) tensors belong to no part of this architecture: \(Self.list(names, of: count))"
    case .shapeMismatch(let found, let expected):
      "tensor '\(tensor ?? "")' has shape \(found), the configuration implies \(expected)"
    case .unsupportedDType(let name):
      "tensor '\(tensor ?? "")' has element type \(name), which is no type of such weights"
    case .fp8ScaleMissing: "the FP8 weight '\(tensor ?? "")' has no tensor of scales beside it"
    case .fp8ScaleShape(let found, let expected):
      "scales '\(tensor ?? "")' have shape \(found), the blocks of their weight imply \(expected)"
    case .fp8Unconfigured(let count):
      "\(count) tensors are FP8, but config.json has no 'quantization_config'"
    case .nonFiniteWeight(let index, let value):
      "tensor '\(tensor ?? "")' holds \(value) at element \(index)"
    default: forwardWhat
    }
  }

  private var forwardWhat: String {
    switch reason {
    case .idOutOfRange(let id, let size):
      "token id \(id) is out of range, the vocabulary has \(size) ids"
    case .contextExceeded(let positions, let limit):
      "the sequence needs \(positions) positions, the context has \(limit)"
    case .lengthUnsupported(let positions, let limit):
      "dynamic NTK scaling beyond \(limit) positions is not supported, \(positions) are needed"
    case .nonFiniteLogits(let layer, let position):
      "the logits of position \(position) are not finite, first after \(layer)"
    case .nothingAllowed(let position):
      "what the answer must keep to leaves no token at position \(position)"
    case .machine(let text, _): text
    default: "\(reason)"
    }
  }

  /// What the reader can do about it.
  public var remedy: String? {
    switch reason {
    case .unknownModelType:
      "a Llama, Qwen2, Qwen3, Qwen3Moe, Deepseek, DeepseekV2 or DeepseekV3 checkpoint"
    case .shapeMismatch, .unexpectedTensor: "use the config.json of the same checkpoint"
    case .missingTensor: "fetch all files of one revision again"
    case .unsupportedActivation: "silu, the only one that these families use"
    case .unsupportedRope: "one of default, linear, dynamic, llama3, yarn"
    case .unsupportedQuantization:
      "a checkpoint in F32, F16, BF16, or in FP8 E4M3 with blocks of 128 × 128"
    case .unsupportedOption: "a checkpoint without it"
    case .unsupportedDType: "F32, F16 or BF16, for projections also F8_E4M3 with scales"
    case .fp8Unconfigured, .fp8ScaleMissing, .fp8ScaleShape, .nonFiniteWeight, .tooLarge:
      "fetch config.json and the weights again"
    case .idOutOfRange(_, let size): "ids from 0 to \(size - 1)"
    case .contextExceeded(let positions, let limit), .lengthUnsupported(let positions, let limit):
      "shorten the prompt by \(positions - limit) tokens, or ask for fewer tokens"
    case .nonFiniteLogits:
      "hadal inspect --check names broken weights; --compute f32 avoids overflow"
    case .nothingAllowed: "ask without the constraint: the vocabulary cannot write what it wants"
    case .machine: nil
    default: "correct the field, or fetch the file again"
    }
  }

  private var fieldName: String { field ?? "" }

  private static func list(_ names: [String], of count: Int) -> String {
    let rest = count - names.count
    return names.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }
}
