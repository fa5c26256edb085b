// SPDX-License-Identifier: Apache-2.0

public import Storage
import Synchronization

/// The keys at a server's door: who is let in, how many requests each has at once, what each used.
///
/// Keys are looked up in the database at each request: what another process makes or revokes counts at
/// once.
public final class ServerKeys: Sendable {
  private struct State {
    /// How many requests of a key are answered now.
    var running: [String: Int] = [:]
    /// What a key used that the database did not take.
    var unwritten: [String: (use: TokenUse, answerCount: Int)] = [:]
  }

  /// Whether a request without a key is refused.
  package let isRequired: Bool
  // Two connections: who is let in does not wait for what is written.
  private let reader: KeyStore
  private let writer: KeyStore
  private let state = Mutex(State())

  /// Creates the door.
  ///
  /// - Parameters:
  ///   - reader: The keys.
  ///   - writer: The same, by a connection of their own.
  ///   - isRequired: Whether a request without a key is refused.
  public init(reader: KeyStore, writer: KeyStore, isRequired: Bool) {
    self.reader = reader
    self.writer = writer
    self.isRequired = isRequired
  }

  // MARK: Who is let in

  /// Finds out who sends a request.
  ///
  /// - Parameter secret: What the client showed; nil where it showed nothing.
  /// - Throws: `APIError`: 401 for a key that is wrong or revoked, or is missing where one is required.
  /// - Returns: The holder of the key, or somebody who needs none.
  package func caller(secret: String?) throws(APIError) -> APICaller {
    guard let secret else {
      guard isRequired else { return APICaller(key: nil) }
      throw .unauthenticated("no key was sent; send 'Authorization: Bearer KEY'")
    }
    if let key = try asked({ () throws(StorageError) in try reader.key(secret: secret) }) {
      guard key.revoked == nil else { throw .unauthenticated("the key was revoked") }
      return APICaller(key: key)
    }
    // Clients must send something: where nobody has a key, any is as good as none.
    if !isRequired, try !asked({ () throws(StorageError) in try reader.hasKeys() }) {
      return APICaller(key: nil)
    }
    throw .unauthenticated("the key is wrong")
  }

  private func asked<Value>(
    _ ask: () throws(StorageError) -> Value
  ) throws(APIError) -> Value {
    do { return try ask() } catch { throw .keysUnavailable }
  }

  /// Lets a caller begin an answer.
  ///
  /// - Throws: `APIError`: 402 where the key is used up, 429 where it has its most requests already.
  /// - Returns: Its place, which is given back with it; nil for who has no key.
  package func begin(_ caller: APICaller) throws(APIError) -> RequestSlot? {
    guard let key = caller.key else { return nil }
    guard isWritten(key.id) else { throw .keysUnavailable }
    guard !key.isUsedUp else { throw .usedUp(key) }
    let isFree = state.withLock { state in
      let count = state.running[key.id, default: 0]
      guard count < key.limits.requestCount ?? .max else { return false }
      state.running[key.id] = count + 1
      return true
    }
    guard isFree else { throw .tooMany(key.limits.requestCount ?? 0) }
    return RequestSlot { [weak self] in self?.end(key.id) }
  }

  private func end(_ id: String) {
    state.withLock { state in
      let count = state.running[id, default: 0] - 1
      state.running[id] = count > 0 ? count : nil
    }
  }

  // MARK: What was used

  /// Notes what an answer used, before it is acknowledged.
  ///
  /// What the database does not take is kept, and nobody begins with the key before it is written.
  ///
  /// - Throws: `StorageError` where that is so.
  public func charge(_ id: String, _ use: TokenUse) throws(StorageError) {
    state.withLock { state in
      var kept = state.unwritten[id] ?? (TokenUse(), 0)
      kept.use.add(use)
      kept.answerCount += 1
      state.unwritten[id] = kept
    }
    try write(id)
  }

  /// Writes all that the database did not take yet.
  ///
  /// - Throws: `StorageError` where it does not now either.
  public func flush() throws(StorageError) {
    for id in state.withLock({ Array($0.unwritten.keys) }) { try write(id) }
  }

  private func isWritten(_ id: String) -> Bool { (try? write(id)) != nil }

  private func write(_ id: String) throws(StorageError) {
    guard let kept = state.withLock({ $0.unwritten.removeValue(forKey: id) }) else { return }
    do throws(StorageError) {
      try writer.charge(id, kept.use, answerCount: kept.answerCount)
    } catch {
      state.withLock { state in
        var all = state.unwritten[id] ?? (TokenUse(), 0)
        all.use.add(kept.use)
        all.answerCount += kept.answerCount
        state.unwritten[id] = all
      }
      throw error
    }
  }
}
