// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A run of bytes that is mapped from a file or allocated, and given back at the end of its life; or
/// a file within the program, which stays.
///
/// Mapped bytes are read-only. A file that shrinks while it is mapped makes the next read of a lost
/// page stop the process (SIGBUS): the program must not be pointed at files that others truncate.
@safe public final class MemoryRegion: @unchecked Sendable {
  // The sharing rule behind `@unchecked Sendable`: a region is written by the one computation that
  // made it, before anyone else reads it; afterwards it is only read.
  let base: UnsafeMutableRawPointer
  /// How many bytes the region holds.
  public let byteCount: Int
  /// Whether the bytes belong to a file, and are never written.
  public let isMapped: Bool
  private let owner: Owner

  /// Who gets the bytes back.
  private enum Owner {
    case allocator
    case system(pageByteCount: Int)
    /// Nobody: they are part of the program.
    case program
  }

  private init(
    base: UnsafeMutableRawPointer,
    byteCount: Int,
    owner: Owner = .allocator,
    isMapped: Bool = false
  ) {
    unsafe self.base = base
    self.byteCount = byteCount
    self.owner = owner
    self.isMapped = isMapped
  }

  /// Allocates bytes that are zero, aligned to 64.
  ///
  /// - Throws: `ComputeError` with reason `outOfMemory`.
  public convenience init(zeroed byteCount: Int) throws(ComputeError) {
    // One cache line more than asked for: kernels may prefetch past the end, and 0 bytes work too.
    let padded = (max(byteCount, 1) + 127) / 64 * 64
    var pointer: UnsafeMutableRawPointer?
    guard unsafe posix_memalign(&pointer, 64, padded) == 0, let base = unsafe pointer else {
      throw ComputeError(.outOfMemory(byteCount: byteCount))
    }
    // SAFETY: `base` holds `padded` fresh bytes.
    unsafe memset(base, 0, padded)
    unsafe self.init(base: base, byteCount: byteCount)
  }

  /// Maps bytes that are zero, and that the system gets back the moment the region ends.
  ///
  /// For what is large and short-lived: an allocator keeps what was freed, in pieces that the next
  /// may not fit.
  ///
  /// - Throws: `ComputeError` with reason `outOfMemory`.
  public convenience init(transient byteCount: Int) throws(ComputeError) {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS
    // SAFETY: the kernel chooses the place; `deinit` gives it back. One page more than asked for, as
    // kernels may read past the end, and 0 bytes work too.
    let room = byteCount + Int(getpagesize())
    guard let base = unsafe mmap(nil, room, PROT_READ | PROT_WRITE, flags, -1, 0),
      unsafe base != MAP_FAILED
    else { throw ComputeError(.outOfMemory(byteCount: byteCount)) }
    unsafe self.init(base: base, byteCount: byteCount, owner: .system(pageByteCount: room))
  }

  /// Takes the bytes of a file within the program where they lie.
  convenience init(_ file: EmbeddedFile) {
    // SAFETY: the bytes are there as long as the program. They are constant, and `isMapped` keeps
    // everyone from writing them.
    let base = unsafe UnsafeMutableRawPointer(mutating: file.start)
    unsafe self.init(base: base, byteCount: file.byteCount, owner: .program, isMapped: true)
  }

  /// Maps a whole file for reading, or takes one within the program where it lies.
  ///
  /// - Throws: `ComputeError` where the file cannot be opened, is no regular file, or cannot be
  ///   mapped.
  public convenience init(mapping path: String) throws(ComputeError) {
    if let name = EmbeddedFile.name(ofPath: path) {
      guard let file = EmbeddedFile.named(name) else {
        let isFolder = EmbeddedFile.kind(of: name) == .folder
        throw ComputeError(isFolder ? .notARegularFile : .cannotOpen(errno: ENOENT), place: path)
      }
      self.init(file)
      return
    }
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw ComputeError(.cannotOpen(errno: errno), place: path) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw ComputeError(.cannotMap(errno: errno), place: path)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw ComputeError(.notARegularFile, place: path)
    }
    let count = Int(status.st_size)
    guard count > 0 else {
      try self.init(zeroed: 0)
      return
    }
    // SAFETY: the kernel chooses the place; `deinit` gives it back.
    guard let base = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
      unsafe base != MAP_FAILED
    else { throw ComputeError(.cannotMap(errno: errno), place: path) }
    unsafe self.init(
      base: base,
      byteCount: count,
      owner: .system(pageByteCount: count),
      isMapped: true
    )
  }

  /// Copies another region to memory of the process, on huge pages where the system has some.
  ///
  /// - Parameters:
  ///   - other: What is copied; a mapped file is read in.
  ///   - pool: The threads that copy.
  /// - Throws: `ComputeError` with reason `outOfMemory`.
  public convenience init(copying other: MemoryRegion, with pool: ThreadPool) throws(ComputeError) {
    let count = other.byteCount
    let padded = (count + Self.hugePage) / Self.hugePage * Self.hugePage
    let room = padded + Self.hugePage
    let flags = MAP_PRIVATE | MAP_ANONYMOUS
    // SAFETY: the kernel chooses the place; what lies outside the aligned part is given back here,
    // the part itself by `deinit`.
    guard let start = unsafe mmap(nil, room, PROT_READ | PROT_WRITE, flags, -1, 0),
      unsafe start != MAP_FAILED
    else { throw ComputeError(.outOfMemory(byteCount: count)) }
    let head = (Self.hugePage - Int(bitPattern: start) % Self.hugePage) % Self.hugePage
    let base = unsafe start + head
    if head > 0 { unsafe munmap(start, head) }
    if head < Self.hugePage { unsafe munmap(base + padded, Self.hugePage - head) }
    #if os(Linux)
    // Where the system keeps no huge pages for those who ask, small ones serve as well.
    unsafe madvise(base, padded, MADV_HUGEPAGE)
    #endif
    unsafe self.init(base: base, byteCount: count, owner: .system(pageByteCount: padded))
    // LIMIT: eight huge pages a chunk, some milliseconds of copying.
    let extent = 8 * Self.hugePage
    pool.run(chunkCount: (count + extent - 1) / extent) { chunk, _ in
      let offset = chunk * extent
      // SAFETY: chunks are disjoint, and both regions hold `count` bytes.
      unsafe memcpy(self.base + offset, other.base + offset, min(extent, count - offset))
    }
  }

  private static var hugePage: Int { 2 << 20 }

  deinit {
    switch owner {
    case .allocator: unsafe free(base)
    case .system(let pageByteCount): unsafe munmap(base, pageByteCount)
    case .program: break
    }
  }

  /// The bytes.
  public var bytes: RawSpan {
    @_lifetime(borrow self) get {
      // SAFETY: `base` holds `byteCount` initialized bytes for as long as `self` lives.
      unsafe _overrideLifetime(
        RawSpan(_unsafeStart: UnsafeRawPointer(base), byteCount: byteCount),
        borrowing: self
      )
    }
  }

  /// Copies a run of bytes.
  ///
  /// - Precondition: The range lies within the region.
  public func copyBytes(_ range: Range<Int>) -> [UInt8] {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
    // SAFETY: the range was checked against the region.
    return unsafe Array(UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
  }

  /// Writes bytes at an offset; for the one who fills a fresh region.
  ///
  /// - Precondition: The region is allocated and the bytes fit.
  public func write(_ source: [UInt8], at offset: Int) {
    precondition(!isMapped && offset >= 0 && offset + source.count <= byteCount)
    // SAFETY: the range was checked against the region.
    unsafe UnsafeMutableRawBufferPointer(start: base + offset, count: source.count)
      .copyBytes(from: source)
  }

  /// Lets go of the pages of a mapped file that a run of bytes lies on.
  ///
  /// They come back when somebody looks at them. Allocated memory and the
  /// program's own stay as they are.
  ///
  /// - Precondition: The range lies within the region.
  public func release(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
    guard isMapped, case .system = owner, !range.isEmpty else { return }
    // A read maps what lies around it, up to a huge page; of many small runs that is more than they.
    let window = Self.hugePage
    let address = unsafe Int(bitPattern: base)
    let start = max((address + range.lowerBound) / window * window, address)
    let end = (address + range.upperBound + window - 1) / window * window
    // SAFETY: the mapping starts at a page and is never written, so that nothing is lost.
    unsafe madvise(base + (start - address), min(end, address + byteCount) - start, MADV_DONTNEED)
  }

  /// Reads a run of a mapped file in and maps its pages.
  ///
  /// - Returns: What the reads gave, so that no compiler drops them.
  /// - Precondition: The range lies within the region.
  @discardableResult
  public func touch(_ range: Range<Int>) -> UInt8 {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
    // One read maps the 64 KiB around it (Linux's fault_around_bytes). MADV_POPULATE_READ asks for
    // the same and takes about twice as long, since it visits every page.
    var sum: UInt8 = 0
    for offset in stride(from: range.lowerBound, to: range.upperBound, by: 1 << 16) {
      // SAFETY: the range was checked against the region.
      sum ^= unsafe base.load(fromByteOffset: offset, as: UInt8.self)
    }
    return sum
  }
}
