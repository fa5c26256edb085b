// SPDX-License-Identifier: Apache-2.0

import Compute
import JSON

extension CheckpointError {
  /// What is wrong: found and expected.
  public var what: String {
    switch reason {
    case .fileTooShort(let count): "file has \(count) bytes, a safetensors file at least 10"
    case .headerTruncated(let count, let promised):
      "file ends after \(count) bytes, inside its header of \(promised) bytes"
    case .headerTooLarge(let limit): "header is longer than \(limit) bytes"
    case .headerNotJSON(let detail): "header cannot be read: \(detail)"
    case .headerNotUTF8: "header is not valid UTF-8"
    case .headerTooDeep: "header is nested deeper than \(SafetensorsHeader.depthLimit) levels"
    case .duplicateKey(let key): "key '\(key)' comes twice"
    case .offsetsOutOfRange(let end, let count):
      "tensor ends at byte \(end) of the data, the file holds \(count)"
    case .offsetsReversed(let begin, let end): "tensor begins at byte \(begin) and ends at \(end)"
    case .overlappingTensors(let other): "tensor shares bytes with tensor '\(other)'"
    case .gapBetweenTensors(let count): "\(count) bytes before the tensor belong to none"
    case .trailingBytes(let count): "\(count) bytes after the last tensor belong to none"
    case .unknownDType(let name): "element type '\(name)' is not known"
    case .sizeMismatch(let dtype, let shape, let count):
      "shape \(shape) of \(dtype) does not take the \(count) bytes that the offsets give it"
    default: pickleWhat
    }
  }

  private var pickleWhat: String {
    switch reason {
    case .zipInvalid(let detail): "the zip archive cannot be read: \(detail)"
    case .zipCompressed(let member): "the member '\(member)' of the zip archive is compressed"
    case .pickleInvalid(let detail): "the pickle cannot be read: \(detail)"
    case .unsafePickle(let module, let name):
      "the pickle asks for '\(name)' of '\(module)', which no tensor needs; nothing was run"
    case .pickleWithoutArchive: "the file is a bare pickle, as PyTorch wrote it before 1.6"
    case .pickledTensorInvalid(let detail): "the tensor does not fit its storage: \(detail)"
    default: folderWhat
    }
  }

  private var folderWhat: String {
    switch reason {
    case .noSuchFolder: "the model folder does not exist"
    case .notAFolder: "a model is a folder, this is a file"
    case .missingFile: "the file does not exist"
    case .noWeights: "the folder holds no weights"
    case .missingShard(let shard): "shard '\(shard)', which the index names, does not exist"
    case .indexInvalid(let detail): "the index of shards cannot be read: \(detail)"
    case .indexPathEscapes(let path): "the index names '\(path)', which is no file of this folder"
    case .indexTensorNotInShard(let shard):
      "the index places the tensor in '\(shard)', which lacks it"
    case .unsupportedFormat(let format): "weights in the format \(format) are not supported yet"
    case .configNotJSON(let error), .configTooDeep(let error): error.what
    case .badValue(let found, let expected):
      "'\(field ?? "")' is \(found), but must be \(expected)"
    case .system(let error): error.what
    default: "\(reason)"
    }
  }

  /// What the reader can do about it.
  public var remedy: String? {
    switch reason {
    case .noSuchFolder: "the folder of a model, with its config.json and model.safetensors"
    case .notAFolder: "the folder that holds it"
    case .missingFile, .missingShard: "fetch the missing file"
    case .noWeights: "fetch model.safetensors, or all shards and model.safetensors.index.json"
    case .unsupportedFormat: "the same model as safetensors"
    case .indexInvalid, .indexTensorNotInShard: "fetch the index and the shards of one revision"
    case .indexPathEscapes, .unsafePickle:
      "the same model as safetensors, or from a source that you trust"
    case .zipCompressed: "save it again with torch.save, which compresses nothing"
    case .pickleWithoutArchive:
      "load it in a PyTorch of today and torch.save it again, or as safetensors"
    case .badValue: "correct the field, or fetch the file again"
    case .system(let error): error.remedy
    case .unknownDType: "a checkpoint in F32, F16, BF16 or F8_E4M3"
    default: "fetch the file again and compare its hash"
    }
  }
}
