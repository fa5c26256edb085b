// SPDX-License-Identifier: Apache-2.0

public import Compute
public import Diagnostics
public import JSON

/// What is wrong with a checkpoint's files, and where.
public struct CheckpointError: DiagnosableError, Hashable {
  /// The kinds of fault.
  public enum Reason: Hashable, Sendable {
    /// A safetensors file is too short for the length of its header.
    case fileTooShort(byteCount: Int)
    /// A safetensors file ends inside its header.
    case headerTruncated(byteCount: Int, promised: Int)
    /// A safetensors header is longer than the format allows.
    case headerTooLarge(limit: Int)
    /// A safetensors header is no JSON, or not the JSON that the format asks for.
    case headerNotJSON(String)
    /// A safetensors header is not UTF-8.
    case headerNotUTF8
    /// A safetensors header nests deeper than any header does.
    case headerTooDeep
    /// A key comes twice, so that readers could disagree.
    case duplicateKey(String)
    /// A tensor's bytes lie outside the file's data.
    case offsetsOutOfRange(end: Int, dataByteCount: Int)
    /// A tensor ends before it begins.
    case offsetsReversed(begin: Int, end: Int)
    /// Two tensors share bytes.
    case overlappingTensors(with: String)
    /// Bytes before a tensor belong to none.
    case gapBetweenTensors(byteCount: Int)
    /// Bytes after the last tensor belong to none.
    case trailingBytes(byteCount: Int)
    /// An element type that is not known.
    case unknownDType(String)
    /// Shape and element type do not give the tensor's byte count.
    case sizeMismatch(dtype: String, shape: [Int], byteCount: Int)

    /// A zip archive is broken, or could be read in two ways.
    case zipInvalid(String)
    /// A member of a zip archive is compressed.
    case zipCompressed(member: String)
    /// A pickle is broken, or holds something else than tensors.
    case pickleInvalid(String)
    /// A pickle asks for a name that no tensor needs.
    case unsafePickle(module: String, name: String)
    /// A bare pickle, as PyTorch wrote it before 1.6.
    case pickleWithoutArchive
    /// A tensor of a pickle does not fit its storage.
    case pickledTensorInvalid(String)

    /// The folder does not exist.
    case noSuchFolder
    /// The path names no folder.
    case notAFolder
    /// A file of the checkpoint does not exist.
    case missingFile
    /// The folder holds no weights.
    case noWeights
    /// A shard that the index names does not exist.
    case missingShard(String)
    /// The index is no JSON, or has no usable weight map.
    case indexInvalid(String)
    /// The index names a file that is not in the folder itself.
    case indexPathEscapes(String)
    /// The index places a tensor in a shard that lacks it.
    case indexTensorNotInShard(String)
    /// Weights in a format that cannot be read yet.
    case unsupportedFormat(String)

    /// A configuration file is no JSON.
    case configNotJSON(JSONError)
    /// A configuration file nests too deep.
    case configTooDeep(JSONError)
    /// A field of a configuration file has a value that it cannot have.
    case badValue(found: String, expected: String)
    /// The system refused.
    case system(ComputeError)
  }

  /// The kind of fault.
  public var reason: Reason
  /// The file or folder.
  public var file: String
  /// The tensor, where one is concerned.
  public var tensor: String?
  /// The field, where one is concerned.
  public var field: String?

  /// Creates an error.
  public init(_ reason: Reason, file: String, tensor: String? = nil, field: String? = nil) {
    self.reason = reason
    self.file = file
    self.tensor = tensor
    self.field = field
  }

  /// File, tensor and field, as far as they are known.
  public var place: String? {
    switch reason {
    case .configNotJSON(let error), .configTooDeep(let error): error.place
    default:
      file + (tensor.map { ", tensor '\($0)'" } ?? "") + (field.map { ", field \($0)" } ?? "")
    }
  }

  /// 66 for what is absent, 65 for what is broken, else what the system's refusal means.
  public var exitCode: ExitCode {
    switch reason {
    case .noSuchFolder, .missingFile, .noWeights, .missingShard: .noInput
    case .system(let error): error.exitCode
    default: .badData
    }
  }
}
