// SPDX-License-Identifier: Apache-2.0

import JSON

/// Whether bytes are a text.
public enum UTF8Validity {
  /// Returns the first byte that belongs to no well-formed scalar, nil if all is well.
  public static func firstFault(in bytes: [UInt8]) -> Int? { UTF8Check.firstFault(in: bytes.span) }
}
