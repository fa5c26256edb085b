// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Finds the recorded outputs of the reference implementations.
public enum Oracles {
  /// The folder of the oracles: in `HADAL_SHARED` where it is set, else in `../shared`; where that
  /// holds none, the subset in the repository.
  ///
  /// An empty `HADAL_SHARED` asks for the subset. Nil where all are absent.
  public static let folder: String? = complete ?? readable(packageRoot + "/Tests/Fixtures/oracles")

  /// Whether the whole set is at hand, not the subset of `Tests/Fixtures` alone.
  public static var isComplete: Bool { complete != nil }

  /// The folder of `Package.swift`.
  public static let packageRoot =
    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

  private static let complete: String? = {
    let named = unsafe getenv("HADAL_SHARED").map { unsafe String(cString: $0) }
    return readable((named ?? packageRoot + "/../shared") + "/oracles")
  }()

  private static func readable(_ path: String) -> String? {
    unsafe access(path, R_OK) == 0 ? path : nil
  }
}
