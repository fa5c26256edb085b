// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What the machine's memory has room for.
public enum SystemMemory {
  /// Bytes that can be had without swapping: `MemAvailable`, within the control groups' limits.
  public static var availableByteCount: Int? { availableByteCount(reading: SystemFile.text) }

  /// Bytes of memory in all.
  public static var totalByteCount: Int? {
    SystemFile.text("/proc/meminfo").flatMap { field("MemTotal:", of: $0) }.map { $0 * 1024 }
  }

  /// Bytes that can be had on a system whose files are given.
  ///
  /// - Parameter read: Gives the text of a file, nil where it cannot be read.
  /// - Returns: The bytes, nil where the system does not say.
  package static func availableByteCount(reading read: (String) -> String?) -> Int? {
    let available = read("/proc/meminfo").flatMap { field("MemAvailable:", of: $0) }
      .map { $0 * 1024 }
    let limits = ControlGroup.all(of: "memory", reading: read)
      .compactMap { $0.memoryLeft(reading: read) }
    return ([available].compactMap { $0 } + limits).min()
  }

  /// The number that follows a name at the beginning of a line.
  static func field(_ name: String, of text: String) -> Int? {
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.first.map(String.init) == name, words.count > 1 { return Int(words[1]) }
    }
    return nil
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
