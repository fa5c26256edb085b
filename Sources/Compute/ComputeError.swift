// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// What the machine refuses: a file, memory, or a kernel path.
public struct ComputeError: DiagnosableError, Hashable {
  /// The kinds of fault.
  public enum Reason: Hashable, Sendable {
    /// A file could not be opened.
    case cannotOpen(errno: Int32)
    /// A file could not be read or mapped.
    case cannotMap(errno: Int32)
    /// A file could not be created.
    case cannotCreate(errno: Int32)
    /// A file could not be written.
    case cannotWrite(errno: Int32)
    /// Something is at a path where something new would be made.
    case alreadyThere
    /// A disk has less room than a result takes.
    case diskTooFull(byteCount: Int, available: Int)
    /// A path names something that is no regular file.
    case notARegularFile
    /// Memory could not be had.
    case outOfMemory(byteCount: Int)
    /// The processor lacks the kernel path that was asked for.
    case kernelPathUnavailable(String, available: [String])
    /// No kernel path has this name.
    case unknownKernelPath(String)
  }

  /// The kind of fault.
  public var reason: Reason
  /// The file or the setting.
  public var place: String?

  /// Creates an error.
  public init(_ reason: Reason, place: String? = nil) {
    self.reason = reason
    self.place = place
  }

  /// What is wrong.
  public var what: String {
    switch reason {
    case .cannotOpen(let code): "cannot open the file: \(Self.text(of: code))"
    case .cannotMap(let code): "cannot read the file: \(Self.text(of: code))"
    case .cannotCreate(let code): "cannot create the file: \(Self.text(of: code))"
    case .cannotWrite(let code): "cannot write the file: \(Self.text(of: code))"
    case .alreadyThere: "something is there already, and nothing is overwritten"
    case .diskTooFull(let byteCount, let available):
      "the result takes \(byteCount) bytes, the disk has \(available)"
    case .notARegularFile: "is not a regular file"
    case .outOfMemory(let byteCount): "\(byteCount) bytes of memory cannot be had"
    case .kernelPathUnavailable(let path, _): "this processor lacks the kernel path '\(path)'"
    case .unknownKernelPath(let path): "'\(path)' is not a kernel path"
    }
  }

  /// What to do about it.
  public var remedy: String? {
    switch reason {
    case .kernelPathUnavailable(_, let available): "one of \(available.joined(separator: ", "))"
    case .unknownKernelPath: "one of scalar, avx2, avx512, avx512bf16"
    case .alreadyThere: "another path, or remove what is there"
    case .diskTooFull: "another disk, or make room"
    case .outOfMemory: "a shorter context, or a smaller model"
    default: nil
    }
  }

  /// How a command ends.
  public var exitCode: ExitCode {
    switch reason {
    case .cannotOpen(let code): code == Self.noSuchFile ? .noInput : .inputOutput
    case .cannotMap: .inputOutput
    case .cannotCreate, .alreadyThere, .diskTooFull: .cannotCreate
    case .cannotWrite: .inputOutput
    case .notARegularFile: .noInput
    case .outOfMemory: .unavailable
    case .kernelPathUnavailable, .unknownKernelPath: .configuration
    }
  }
}
