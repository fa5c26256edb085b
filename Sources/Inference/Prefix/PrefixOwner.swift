// SPDX-License-Identifier: Apache-2.0

import Hashing

/// Whose prefixes they are: the SHA-256 of a name, since files are not to tell it.
package struct PrefixOwner: Hashable, Sendable {
  /// The hash's 32 bytes.
  package let digest: [UInt8]

  /// The owner of a name.
  package init(_ name: String) { digest = SHA256Hash.digest(of: Array("owner \(name)".utf8)) }

  /// The owner that a file names.
  package init(digest: [UInt8]) { self.digest = digest }
}
