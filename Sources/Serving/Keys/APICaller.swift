// SPDX-License-Identifier: Apache-2.0

package import Storage

/// Who sends a request: the holder of a key, or somebody who needs none.
package struct APICaller: Sendable {
  /// Whoever sent the request at work.
  ///
  /// It belongs to the task and is no argument: an endpoint that forgot to pass it on would show one
  /// caller what the cache holds of another.
  @TaskLocal package static var current = APICaller(key: nil)

  /// The key as it was when the request came.
  package let key: APIKey?

  /// Creates a caller.
  package init(key: APIKey?) { self.key = key }

  /// Whose a request of this caller is, for an end user.
  func owner(userID: String) -> RequestOwner { RequestOwner(keyID: key?.id, userID: userID) }
}
