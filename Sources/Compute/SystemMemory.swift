// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What the machine's memory has room for.
public enum SystemMemory {
  /// Bytes that can be had without swapping: `MemAvailable`, within the control group's limit.
  public static var availableByteCount: Int? {
    let available = field("MemAvailable:", of: "/proc/meminfo").map { $0 * 1024 }
    let limit = number(in: "/sys/fs/cgroup/memory.max")
    let used = number(in: "/sys/fs/cgroup/memory.current") ?? 0
    guard let limit else { return available }
    return available.map { min($0, max(limit - used, 0)) }
  }

  /// Bytes of memory in all.
  public static var totalByteCount: Int? {
    field("MemTotal:", of: "/proc/meminfo").map { $0 * 1024 }
  }

  private static func field(_ name: String, of path: String) -> Int? {
    guard let text = SystemFile.text(path) else { return nil }
    for line in text.split(separator: "\n") where line.hasPrefix(name) {
      return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }
    return nil
  }

  private static func number(in path: String) -> Int? {
    SystemFile.text(path).flatMap { Int($0.split(separator: "\n").first ?? "") }
  }
}

/// Small files of the system that have no size.
public enum SystemFile {
  /// The text of a file of up to 1 MiB, nil if it cannot be read.
  public static func text(_ path: String) -> String? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while bytes.count < 1 << 20 {
      let count = unsafe read(descriptor, &chunk, chunk.count)
      guard count > 0 else { break }
      bytes += chunk.prefix(count)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
