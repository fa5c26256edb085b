// SPDX-License-Identifier: Apache-2.0

import Compute

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Keeps a folder to one process; the system lets go when the process ends, however it ends.
final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Creates the folder where it is missing, and locks it.
  ///
  /// - Throws: `HubError` with `busy` where another process, or another pull in this one, has it.
  init(folder: String, place: String) throws(HubError) {
    // The one before may remove the folder between our opening and locking it: then we hold a
    // folder that nobody else will ever see, and take the new one.
    while true {
      do { try FolderCreation.ensure(folder) } catch {
        throw HubError(.system(error), place: place)
      }
      let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard descriptor >= 0 else {
        if errno == ENOENT { continue }
        throw HubError(
          .system(ComputeError(.cannotOpen(errno: errno), place: folder)),
          place: place
        )
      }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let code = errno
        close(descriptor)
        if code == EWOULDBLOCK { throw HubError(.busy, place: place) }
        throw HubError(
          .system(ComputeError(.cannotWrite(errno: code), place: folder)),
          place: place
        )
      }
      var (held, named) = (stat(), stat())
      if unsafe fstat(descriptor, &held) == 0, unsafe stat(folder, &named) == 0,
        held.st_ino == named.st_ino, held.st_dev == named.st_dev
      {
        self.descriptor = descriptor
        return
      }
      close(descriptor)
    }
  }

  deinit {
    // A child that another thread just forked holds the lock too, until it runs its own program.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
