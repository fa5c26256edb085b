// SPDX-License-Identifier: Apache-2.0

/// What operations need beside their arguments; it grows to the largest need and is kept.
struct Workspace {
  /// Activations as products take them.
  var prepared = ScratchRegion()
  /// One part a thread.
  var threads = ScratchRegion()
  /// What spans of keys leave for their merging.
  var partials = ScratchRegion()
  /// Arguments of kernels.
  var arguments = ScratchRegion()
  /// Lists of blocks or rows that arguments point to.
  var lists = ScratchRegion()
}

/// Bytes that are reused from call to call.
@safe struct ScratchRegion {
  private var region: MemoryRegion?

  /// At least `byteCount` bytes, aligned to 64; what they held before is gone.
  mutating func bytes(_ byteCount: Int) -> UnsafeMutableRawPointer {
    if let region, region.byteCount >= byteCount { return unsafe region.base }
    region = nil
    do {
      let fresh = try MemoryRegion(zeroed: byteCount + byteCount / 2)
      region = fresh
      return unsafe fresh.base
    } catch {
      // The operations of a device do not throw: their scratch is small beside their arguments.
      fatalError("\(error)")
    }
  }

  /// Room for `count` values of a trivial type.
  mutating func values<Value: BitwiseCopyable>(
    _ count: Int,
    of type: Value.Type
  ) -> UnsafeMutablePointer<Value> {
    // SAFETY: the bytes are aligned to 64 and belong to the caller alone.
    unsafe bytes(count * MemoryLayout<Value>.stride).bindMemory(to: type, capacity: count)
  }
}
