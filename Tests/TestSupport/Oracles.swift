// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Finds the recorded outputs of the reference implementations.
public enum Oracles {
  /// The folder of the oracles, nil where it is absent: `HADAL_SHARED` or `../shared`, `/oracles`.
  public static var folder: String? {
    let path = shared + "/oracles"
    return unsafe access(path, R_OK) == 0 ? path : nil
  }

  /// The folder that holds the oracles and the reference.
  private static var shared: String {
    if let value = unsafe getenv("HADAL_SHARED") { return unsafe String(cString: value) }
    let parts = #filePath.split(separator: "/").dropLast(3)
    return "/" + parts.joined(separator: "/") + "/../shared"
  }
}
