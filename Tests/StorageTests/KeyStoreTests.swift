// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Foundation
import Storage
import TestSupport
import Testing

/// The keys of the API, and what is used with them.
@Suite struct KeyStoreTests {
  private func limits() throws -> APIKey.Limits {
    let prices = try #require(MoneyTests.prices("0.028", "0.28", "0.42"))
    return APIKey.Limits(
      requestCount: 2,
      tokenCount: 100,
      prices: prices,
      paid: Money("0.00002")
    )
  }

  @Test func `a key is found by its secret alone, also after the file was closed`() throws {
    let folder = try TemporaryFolder()
    let (key, secret) = try folder.keys().create(name: "anna", limits: limits())
    #expect(secret.text.wholeMatch(of: #/sk-hadal-[0-9a-f]{64}/#) != nil)
    #expect(key.id.wholeMatch(of: #/[a-z2-7]{8}/#) != nil && key.name == "anna")
    let store = try folder.keys()
    #expect(try store.key(secret: secret.text) == key)
    #expect(try store.list() == [key] && key.limits == limits() && key.revoked == nil)
    for wrong in ["", "sk-hadal-", key.id, secret.text + "0", String(secret.text.dropLast())] {
      #expect(try store.key(secret: wrong) == nil)
    }
  }

  @Test func `no file holds a secret`() throws {
    let folder = try TemporaryFolder()
    let store = try folder.keys()
    let secrets = try (0..<5).map { try store.create(name: "key \($0)").secret.text }
    #expect(Set(secrets).count == 5)
    let bytes = try folder.allBytes()
    for secret in secrets {
      #expect(!bytes.contains(text: secret) && !bytes.contains(text: String(secret.suffix(64))))
    }
    #expect(try folder.permissions("hadal.sqlite") == 0o600)
  }

  @Test func `a revoked key stays known, with the time of the first time`() throws {
    let folder = try TemporaryFolder()
    let store = try folder.keys()
    let (key, secret) = try store.create(name: "anna")
    let other = try store.create(name: "ben")
    let revoked = try store.revoke(key.id).revoked
    #expect(try store.revoke(key.id).revoked == revoked && revoked != nil)
    #expect(try store.key(secret: secret.text)?.revoked == revoked)
    #expect(try store.key(secret: other.secret.text)?.revoked == nil)
    #expect(throws: StorageError(.noSuchKey("nobodyxy"), file: folder.databasePath)) {
      try store.revoke("nobodyxy")
    }
  }

  @Test func `a database without keys says so, and revoked ones are some`() throws {
    let folder = try TemporaryFolder()
    let store = try folder.keys()
    #expect(try !store.hasKeys())
    _ = try store.revoke(store.create(name: "anna").key.id)
    #expect(try store.hasKeys())
  }

  @Test func `what answers use is added up at the key's prices`() throws {
    let folder = try TemporaryFolder()
    let store = try folder.keys()
    let key = try store.create(name: "anna", limits: limits()).key
    try store.charge(key.id, TokenUse(cacheHits: 10, cacheMisses: 20, outputs: 30))
    try store.charge(key.id, TokenUse(cacheMisses: 1), answerCount: 3)
    var found = try #require(try folder.keys().list().first)
    #expect(found.answerCount == 4)
    #expect(found.used == TokenUse(cacheHits: 10, cacheMisses: 21, outputs: 30))
    // 10 × 28 + 21 × 280 + 30 × 420 thousandths of a millionth of a thousandth.
    #expect(found.spent.picodollars == 18_760_000 && found.balance?.picodollars == 1_240_000)
    #expect(!found.isUsedUp)
    try store.charge(key.id, TokenUse(outputs: 3))
    found = try #require(try store.list().first)
    #expect(found.balance == Money(picodollars: -20_000) && found.isUsedUp)
    #expect(throws: StorageError(.noSuchKey("nobodyxy"), file: folder.databasePath)) {
      try store.charge("nobodyxy", TokenUse())
    }
  }

  @Test func `tokens alone use a key up, too, and one without bounds never is`() throws {
    let folder = try TemporaryFolder()
    let store = try folder.keys()
    let bounded = try store.create(name: "a", limits: APIKey.Limits(tokenCount: 100)).key
    let free = try store.create(name: "b").key
    for (outputs, isUsedUp) in [(99, false), (1, true)] {
      for id in [bounded.id, free.id] { try store.charge(id, TokenUse(outputs: outputs)) }
      #expect(try store.list().map(\.isUsedUp) == [isUsedUp, false])
    }
    #expect(try store.list().map(\.spent.picodollars) == [0, 0])
  }

  @Test func `the greatest use that can be charged stays a number`() throws {
    let folder = try TemporaryFolder()
    let store = try folder.keys()
    let prices = try #require(MoneyTests.prices("10000", "10000", "10000"))
    let key = try store.create(name: "a", limits: APIKey.Limits(prices: prices)).key
    for _ in 0..<100 { try store.charge(key.id, TokenUse(outputs: 1 << 26)) }
    let spent = try #require(try store.list().first).spent
    #expect(spent.description == "8000000.00")
  }
}

/// A process that is killed loses no use that it had noted.
///
/// Method: a child charges a key again and again, and writes how often to a file after each; another
/// thread of it kills it at a moment drawn from a seed. The store must have as many, or one more.
@Suite struct `A killed process that charges` {
  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func `loses no use that it noted`(_ seed: UInt64) async throws {
    let folder = try TemporaryFolder()
    let prices = try #require(MoneyTests.prices("1", "2", "3"))
    _ = try folder.keys().create(name: "a", limits: APIKey.Limits(prices: prices))
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = folder.path as String, seed = seed as UInt64] in
      let store = try KeyStore(path: path + "/hadal.sqlite")
      let id = try #require(try store.list().first).id
      #expect(FileManager.default.createFile(atPath: path + "/noted", contents: nil))
      let noted = try FileHandle(forWritingTo: URL(fileURLWithPath: path + "/noted"))
      var generator = SplitMix64(seed: seed)
      let delay = UInt32(20_000 + generator.next() % 60_000)
      Thread.detachNewThread {
        usleep(delay)
        ProcessID.killOwn()
      }
      while true {
        try store.charge(id, TokenUse(cacheHits: 1, cacheMisses: 1, outputs: 1))
        try noted.write(contentsOf: Data([0]))
      }
    }
    let noted = try folder.bytes("noted").count
    let key = try #require(try folder.keys().list().first)
    #expect(noted > 0 && (noted...noted + 1).contains(key.answerCount), "seed \(seed)")
    #expect(
      key.used.outputs == key.answerCount && key.spent.picodollars == key.answerCount * 6_000_000
    )
  }
}

extension TemporaryFolder {
  /// Opens the keys; their clock steps a second with each look.
  func keys() throws -> KeyStore {
    let clock = SteppingClock()
    return try KeyStore(path: databasePath, clock: { clock.next() })
  }
}
