// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The file in which a history is kept: one entry a line, readable by its owner alone.
///
/// In an entry a line break is written `\n` and a backslash `\\`. Several programs may share a file:
/// each adds its entries to what is there, under a lock.
public struct HistoryFile: Hashable, Sendable {
  /// Where the file is; its folder exists.
  public let path: String
  /// How many entries the file keeps at most.
  public let countLimit: Int

  // LIMIT: a thousand long messages; of a larger file the end is read.
  private static let byteLimit = 4 << 20
  // LIMIT: a paste of a whole book is no history.
  private static let entryByteLimit = 64 << 10

  /// Names a file.
  public init(path: String, countLimit: Int = 1000) {
    self.path = path
    self.countLimit = max(countLimit, 1)
  }

  /// Reads the history; an absent file is an empty one, and broken lines are repaired or left out.
  ///
  /// - Throws: `TerminalError` where the file cannot be read, or is none.
  public func load() throws(TerminalError) -> History {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if descriptor < 0 {
      if errno == ENOENT { return History(countLimit: countLimit) }
      throw TerminalError(.historyUnreadable(errno: errno), place: path)
    }
    defer { close(descriptor) }
    return History(try entries(of: descriptor), countLimit: countLimit)
  }

  /// Adds an entry at the end, and drops the oldest beyond the limit.
  ///
  /// The file is written aside and renamed, so that it is whole at any time. It may block for a
  /// fifth of a second where others write too.
  ///
  /// - Throws: `TerminalError` where the file cannot be written; it then has what it had.
  public func append(_ entry: String) throws(TerminalError) {
    guard entry.utf8.count <= Self.entryByteLimit else { return }
    let lock = try lockedFile()
    defer { close(lock.descriptor) }
    var history = History(try entries(of: lock.descriptor), countLimit: countLimit)
    guard history.add(entry) else { return }
    var bytes: [UInt8] = []
    for entry in history.entries {
      bytes.append(contentsOf: Self.escaped(entry).utf8)
      bytes.append(0x0A)
    }
    try replace(lock.path, with: bytes)
  }

  // MARK: Reading

  private func entries(of descriptor: Int32) throws(TerminalError) -> [String] {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw TerminalError(.historyUnreadable(errno: errno), place: path)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw TerminalError(.historyNotAFile, place: path)
    }
    let skipped = max(Int(status.st_size) - Self.byteLimit, 0)
    lseek(descriptor, off_t(skipped), SEEK_SET)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= Self.byteLimit {
      let count = unsafe read(descriptor, &chunk, chunk.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw TerminalError(.historyUnreadable(errno: errno), place: path)
      }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    var lines = bytes.split(separator: 0x0A)[...]
    // The first line of a part is a part.
    if skipped > 0 { lines = lines.dropFirst() }
    return lines.map { Self.unescaped(String(decoding: $0, as: UTF8.self)) }
  }

  private static func escaped(_ entry: String) -> String {
    var text = ""
    for scalar in entry.unicodeScalars {
      switch scalar {
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  private static func unescaped(_ line: String) -> String {
    var text = ""
    var isEscaped = false
    for scalar in line.unicodeScalars {
      if isEscaped {
        text.unicodeScalars.append(scalar == "n" ? "\n" : scalar)
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  // MARK: Writing

  /// Opens and locks the file that lies at the path, making it where there is none.
  private func lockedFile() throws(TerminalError) -> (descriptor: Int32, path: String) {
    // LIMIT: a write takes milliseconds; a fifth of a second is still no pause for a person.
    for _ in 0..<40 {
      let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK
      let descriptor = unsafe open(path, flags, mode_t(0o600))
      guard descriptor >= 0 else {
        throw TerminalError(.historyUnwritable(errno: errno), place: path)
      }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0, isAtPath(descriptor) {
        return (descriptor, resolvedPath)
      }
      close(descriptor)
      usleep(5000)
    }
    throw TerminalError(.historyLocked, place: path)
  }

  /// Whether the path still names the open file: another program may have replaced it.
  private func isAtPath(_ descriptor: Int32) -> Bool {
    var (opened, named) = (stat(), stat())
    guard unsafe fstat(descriptor, &opened) == 0, unsafe stat(path, &named) == 0 else {
      return false
    }
    return opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
  }

  /// The path without symbolic links, so that a linked file is replaced and not the link.
  private var resolvedPath: String {
    guard let resolved = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(resolved) }
    // SAFETY: realpath returned a terminated string, which is freed after it was copied.
    return unsafe String(cString: resolved)
  }

  private func replace(_ target: String, with bytes: [UInt8]) throws(TerminalError) {
    let aside = "\(target).\(getpid()).partial"
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
    let descriptor = unsafe open(aside, flags, mode_t(0o600))
    guard descriptor >= 0 else {
      throw TerminalError(.historyUnwritable(errno: errno), place: path)
    }
    // The mode of a file that was left behind is not that of `open`.
    var code = fchmod(descriptor, 0o600) == 0 ? Self.writeAll(bytes, to: descriptor) : errno
    if code == 0, fsync(descriptor) != 0 { code = errno }
    close(descriptor)
    if code == 0, unsafe rename(aside, target) != 0 { code = errno }
    guard code == 0 else {
      _ = unsafe unlink(aside)
      throw TerminalError(.historyUnwritable(errno: code), place: path)
    }
  }

  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe write(descriptor, Array(rest), rest.count)
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if count == 0 || errno != EINTR {
        return count == 0 ? EIO : errno
      }
    }
    return 0
  }
}
