// SPDX-License-Identifier: Apache-2.0

import Serving

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The file of a Unix socket: one that a server left which is gone is removed, one in use is not.
struct SocketFile {
  let path: String

  /// Makes room for the socket; what the process creates from here on is its user's alone.
  ///
  /// - Throws: `ServingError` where something else is there, or a server that answers.
  func prepare() throws(ServingError) {
    // Nobody else is to connect between the socket's making and its protection.
    umask(0o077)
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else {
      if errno == ENOENT { return }
      throw ServingError(.socket(path: path), errorCode: errno)
    }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw ServingError(.socket(path: path), errorCode: EEXIST)
    }
    guard !isAnswered else { throw ServingError(.socket(path: path), errorCode: EADDRINUSE) }
    remove()
  }

  /// Lets the owner alone connect.
  func protect() throws(ServingError) {
    guard unsafe chmod(path, 0o600) == 0 else {
      throw ServingError(.socket(path: path), errorCode: errno)
    }
  }

  /// Takes the file away.
  func remove() { _ = unsafe unlink(path) }

  /// Whether a server takes connections there.
  private var isAnswered: Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    // What is too long for the system is refused when it is listened on.
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
    // SAFETY: the path is shorter than the field, which is zero behind it, and the address outlives the
    // call that reads it.
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { field in
      for index in bytes.indices { unsafe field[index] = bytes[index] }
    }
    let descriptor = Self.stream()
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    return unsafe withUnsafePointer(to: address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe connect(descriptor, address, size) == 0
      }
    }
  }

  private static func stream() -> CInt {
    #if canImport(Glibc)
    socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    #else
    socket(AF_UNIX, SOCK_STREAM, 0)
    #endif
  }
}
