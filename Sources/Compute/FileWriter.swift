// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Writes a file aside and puts it in place when it is whole.
///
/// Until `commit` the path keeps what it had; a writer that ends before leaves nothing behind.
public final class FileWriter {
  private let path: String
  private let asidePath: String
  private var descriptor: Int32

  /// Creates the file aside, next to its place.
  ///
  /// - Parameters:
  ///   - path: Its place.
  ///   - isPrivate: Whether nobody else may read it.
  /// - Throws: `ComputeError` where it cannot be created, or the place holds something that is no
  ///   regular file, or lies within the program.
  public init(path: String, isPrivate: Bool = false) throws(ComputeError) {
    try EmbeddedFile.checkWritable(path)
    if let kind = try FileKind.of(path), kind != .regularFile {
      // A device such as /dev/null would be replaced by the rename.
      throw ComputeError(.notARegularFile, place: path)
    }
    self.path = path
    asidePath = "\(path).\(getpid()).partial"
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
    descriptor = unsafe open(asidePath, flags, mode_t(isPrivate ? 0o600 : 0o666))
    guard descriptor >= 0 else { throw ComputeError(.cannotCreate(errno: errno), place: path) }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    _ = unsafe unlink(asidePath)
  }

  /// Appends bytes.
  ///
  /// - Throws: `ComputeError` where they cannot be written, for example on a full disk.
  public func write(_ bytes: [UInt8]) throws(ComputeError) {
    let code = unsafe bytes.withUnsafeBytes { unsafe Self.writeAll($0, to: descriptor) }
    guard code == 0 else { throw ComputeError(.cannotWrite(errno: code), place: path) }
  }

  /// Appends the stored bytes of a tensor.
  ///
  /// - Throws: `ComputeError` where they cannot be written.
  public func write(_ tensor: Tensor) throws(ComputeError) {
    // SAFETY: the tensor was checked against its region, which lives as long as the tensor.
    let code = unsafe Self.writeAll(
      UnsafeRawBufferPointer(start: tensor.pointer, count: tensor.byteCount),
      to: descriptor
    )
    guard code == 0 else { throw ComputeError(.cannotWrite(errno: code), place: path) }
  }

  /// Appends the bytes of a region.
  ///
  /// - Throws: `ComputeError` where they cannot be written.
  public func write(_ region: MemoryRegion) throws(ComputeError) {
    // SAFETY: the region holds its bytes as long as it lives.
    let code = unsafe Self.writeAll(
      UnsafeRawBufferPointer(start: region.base, count: region.byteCount),
      to: descriptor
    )
    guard code == 0 else { throw ComputeError(.cannotWrite(errno: code), place: path) }
  }

  /// Flushes the file to its disk and puts it in place.
  ///
  /// - Parameter flushes: Whether to wait for the disk. On some file systems that waits for all that
  ///   any file has not written yet.
  /// - Throws: `ComputeError` where that fails; the place then keeps what it had.
  public func commit(flushes: Bool = true) throws(ComputeError) {
    guard !flushes || fsync(descriptor) == 0, unsafe rename(asidePath, path) == 0 else {
      throw ComputeError(.cannotWrite(errno: errno), place: path)
    }
    close(descriptor)
    descriptor = -1
    guard flushes else { return }
    // The rename itself must reach the disk too.
    ParentFolder.flush(of: path)
  }

  /// Writes all bytes.
  ///
  /// - Returns: 0, or the system's error.
  static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var written = 0
    while written < bytes.count {
      // SAFETY: `written` stays below the count.
      let step = unsafe systemWrite(
        descriptor,
        bytes.baseAddress.map { unsafe $0 + written },
        bytes.count - written
      )
      if step > 0 {
        written += step
      } else if step == 0 || errno != EINTR {
        return step == 0 ? EIO : errno
      }
    }
    return 0
  }
}

// Inside the class `write` means its method.
private func systemWrite(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
  unsafe write(descriptor, start, count)
}
