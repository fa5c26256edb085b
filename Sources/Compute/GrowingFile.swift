// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that grows at its end and can be gone on with after a stop.
///
/// Whoever holds it must be its only writer; what was written before is kept when it is opened.
public final class GrowingFile {
  private let path: String
  private let descriptor: Int32

  /// Opens a file, or creates it empty.
  ///
  /// - Throws: `ComputeError` where it cannot be opened, or is a link, a device or a folder.
  public init(path: String) throws(ComputeError) {
    try EmbeddedFile.checkWritable(path)
    self.path = path
    let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    descriptor = unsafe open(path, flags, mode_t(0o666))
    guard descriptor >= 0 else { throw ComputeError(.cannotCreate(errno: errno), place: path) }
    // A link or a device is nothing that this program left there.
    guard let status = Self.status(of: descriptor), status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw ComputeError(.notARegularFile, place: path)
    }
  }

  /// Opens a file to be read alone.
  ///
  /// - Throws: `ComputeError` where it cannot be opened or is no regular file.
  public init(reading path: String) throws(ComputeError) {
    self.path = path
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw ComputeError(.cannotOpen(errno: errno), place: path) }
    guard let status = Self.status(of: descriptor), status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw ComputeError(.notARegularFile, place: path)
    }
  }

  deinit {
    // A child that another thread just forked holds the lock too, until it runs its own program.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// How many bytes the file has; 0 where the system does not say.
  public var byteCount: Int { Self.status(of: descriptor).map { Int($0.st_size) } ?? 0 }

  /// When the file's bytes were last changed, in nanoseconds since 1970; 0 where the system does not
  /// say.
  public var modificationTime: Int {
    guard let status = Self.status(of: descriptor) else { return 0 }
    #if canImport(Darwin)
    let time = status.st_mtimespec
    #else
    let time = status.st_mtim
    #endif
    return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
  }

  /// Appends bytes at an offset, which is the file's end.
  ///
  /// - Throws: `ComputeError` where they cannot be written, for example on a full disk.
  public func write(_ bytes: RawSpan, at offset: Int) throws(ComputeError) {
    let code = unsafe bytes.withUnsafeBytes { buffer in
      var written = 0
      while written < buffer.count {
        // SAFETY: `written` stays below the count.
        let step = unsafe pwrite(
          descriptor,
          buffer.baseAddress.map { unsafe $0 + written },
          buffer.count - written,
          off_t(offset + written)
        )
        if step > 0 {
          written += step
        } else if step == 0 || errno != EINTR {
          return step == 0 ? EIO : errno
        }
      }
      return 0
    }
    guard code == 0 else { throw ComputeError(.cannotWrite(errno: code), place: path) }
  }

  /// Appends bytes at an offset, which is the file's end, in one call of the system where it takes
  /// them at once.
  ///
  /// - Throws: `ComputeError` where they cannot be written, for example on a full disk.
  public func write(_ bytes: [UInt8], at offset: Int) throws(ComputeError) {
    // SAFETY: bytes have no other meaning than their own.
    try write(unsafe bytes.span.bytes, at: offset)
  }

  /// Takes the file for this writer alone, until it is closed or the process ends, however it ends.
  ///
  /// The lock is advisory (`flock`): it keeps out those who ask for it.
  ///
  /// - Throws: `ComputeError` where the system has no locks for the file.
  /// - Returns: Whether it was free; another writer, of this process too, has it otherwise.
  public func lock() throws(ComputeError) -> Bool {
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return false }
      guard errno == EINTR else { throw ComputeError(.cannotWrite(errno: errno), place: path) }
    }
    return true
  }

  /// Waits until the bytes that were written are on the disk.
  ///
  /// - Parameter isNew: Whether the file's name must reach the disk too.
  /// - Throws: `ComputeError` where they cannot be brought there.
  public func flush(isNew: Bool = false) throws(ComputeError) {
    while Self.synchronize(descriptor) != 0 {
      guard errno == EINTR else { throw ComputeError(.cannotWrite(errno: errno), place: path) }
    }
    if isNew { ParentFolder.flush(of: path) }
  }

  private static func synchronize(_ descriptor: Int32) -> Int32 {
    #if canImport(Glibc)
    // Times of change may come later: they are no part of what was written.
    fdatasync(descriptor)
    #else
    fsync(descriptor)
    #endif
  }

  /// Reads bytes at an offset, as many as the system gives at once.
  ///
  /// - Returns: How many bytes of the buffer were filled; 0 at the file's end.
  /// - Throws: `ComputeError` where they cannot be read.
  public func read(into buffer: inout [UInt8], at offset: Int) throws(ComputeError) -> Int {
    var count = 0
    while true {
      count = unsafe pread(descriptor, &buffer, buffer.count, off_t(offset))
      if count >= 0 { return count }
      guard errno == EINTR else { throw ComputeError(.cannotMap(errno: errno), place: path) }
    }
  }

  /// Fills a fresh region with the bytes at an offset.
  ///
  /// - Precondition: The region is allocated, and nobody else has it.
  /// - Throws: `ComputeError` where they cannot be read.
  /// - Returns: Whether the file has so many.
  public func fill(_ region: MemoryRegion, at offset: Int) throws(ComputeError) -> Bool {
    precondition(!region.isMapped)
    var done = 0
    while done < region.byteCount {
      // SAFETY: `done` stays below the region's count.
      let count = unsafe pread(
        descriptor,
        region.base + done,
        region.byteCount - done,
        off_t(offset + done)
      )
      if count == 0 { return false }
      if count > 0 {
        done += count
      } else if errno != EINTR {
        throw ComputeError(.cannotMap(errno: errno), place: path)
      }
    }
    return true
  }

  /// Cuts the file.
  ///
  /// - Throws: `ComputeError` where that fails.
  public func truncate(to byteCount: Int) throws(ComputeError) {
    guard ftruncate(descriptor, off_t(byteCount)) == 0 else {
      throw ComputeError(.cannotWrite(errno: errno), place: path)
    }
  }

  private static func status(of descriptor: Int32) -> stat? {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 ? status : nil
  }
}
