// SPDX-License-Identifier: Apache-2.0

/// Whose a request is: what its prompt leaves in the prefix cache, nobody else finds or is told of.
///
/// It is a key and, within it, the end user whom the client names. Whoever needs no key is an owner of
/// his own, whatever end user he names.
public struct RequestOwner: Sendable, Hashable {
  /// The id of the key; nil for who needs none.
  public let keyID: String?
  /// The end user as the client names him; empty for none.
  public let userID: String

  /// Creates an owner.
  public init(keyID: String?, userID: String) {
    self.keyID = keyID
    self.userID = userID
  }

  /// The owner of a name that `name` gave.
  public init(name: String) {
    let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let keyID = String(parts[0])
    self.init(
      keyID: keyID.isEmpty ? nil : keyID,
      userID: parts.count == 2 ? String(parts[1]) : ""
    )
  }

  /// A name for the engine.
  ///
  /// An id has no slash, so that no two owners have the same.
  public var name: String { "\(keyID ?? "")/\(userID)" }
}
