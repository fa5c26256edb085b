// SPDX-License-Identifier: Apache-2.0

import Hashing

/// The hash of a line, as whoever forges one makes it.
enum LedgerHash {
  static func text(of bytes: [UInt8]) -> String { Hexadecimal.text(SHA256Hash.digest(of: bytes)) }
}
