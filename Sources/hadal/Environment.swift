// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The variables of this process that say where things are.
enum Environment {
  /// Those that Hadal reads.
  static var all: [String: String] {
    var values: [String: String] = [:]
    for name in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"] { values[name] = self[name] }
    return values
  }

  /// The value of a variable, nil where it is not set.
  static subscript(name: String) -> String? {
    // SAFETY: getenv returns a terminated string or nothing; it is copied at once.
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }
}
