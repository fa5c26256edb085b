// SPDX-License-Identifier: Apache-2.0

import Serving
import Storage
import Testing

/// Who is let in, and how much he may use.
@Suite struct ServerKeysTests {
  @Test func `where no key is required, none and a right one are let in, a wrong one never`() throws
  {
    let keyed = try KeyedDoor()
    // Clients of this machine must send something while nobody has a key.
    #expect(keyed.status(nil) == 200 && keyed.status("none") == 200)
    let made = try keyed.store.create(name: "anna")
    #expect(keyed.status(nil) == 200 && keyed.status(made.secret.text) == 200)
    #expect(keyed.status("none") == 401 && keyed.status(made.secret.text + "0") == 401)
    #expect(keyed.status(made.key.id) == 401 && keyed.status("") == 401)
    _ = try keyed.store.revoke(made.key.id)
    #expect(keyed.status(made.secret.text) == 401 && keyed.status("none") == 401)
  }

  @Test func `where a key is required, a right one alone is let in, also one made later`() throws {
    let keyed = try KeyedDoor(isRequired: true)
    #expect(keyed.status(nil) == 401 && keyed.status("none") == 401)
    let made = try keyed.store.create(name: "anna")
    #expect(keyed.status(made.secret.text) == 200)
    #expect(try keyed.door.caller(secret: made.secret.text).key == made.key)
    _ = try keyed.store.revoke(made.key.id)
    #expect(keyed.status(made.secret.text) == 401)
  }

  @Test func `a key has as many requests at once as it may, and its places come back`() throws {
    let keyed = try KeyedDoor()
    let limits = APIKey.Limits(requestCount: 2)
    let secret = try keyed.store.create(name: "a", limits: limits).secret.text
    let other = try keyed.store.create(name: "b", limits: limits).secret.text
    let first = keyed.begin(secret)
    var second: RequestSlot? = keyed.begin(secret).slot
    #expect(first.status == 200 && second != nil)
    #expect(keyed.begin(secret).status == 429 && keyed.begin(other).status == 200)
    second = nil
    #expect(keyed.begin(secret).status == 200)
    first.slot?.release()
    first.slot?.release()
    let third = keyed.begin(secret)
    let fourth = keyed.begin(secret)
    #expect(third.status == 200 && fourth.status == 200 && keyed.begin(secret).status == 429)
    withExtendedLifetime((first, second, third, fourth)) {}
  }

  @Test func `a key that is used up begins nothing, and says what is left`() throws {
    let keyed = try KeyedDoor()
    let one = try #require(Money("1"))
    let prices = try #require(TokenPrices(cacheHit: one, cacheMiss: one, output: one))
    let made = try keyed.store.create(
      name: "a",
      limits: APIKey.Limits(prices: prices, paid: Money("0.00001"))
    )
    let few = try keyed.store.create(name: "b", limits: APIKey.Limits(tokenCount: 10))
    for (count, status) in [(9, 200), (1, 402)] {
      for id in [made.key.id, few.key.id] { try keyed.door.charge(id, TokenUse(outputs: count)) }
      #expect(keyed.begin(made.secret.text).status == status)
      #expect(keyed.begin(few.secret.text).status == status)
    }
    // It is still let in, to see its balance.
    #expect(keyed.status(made.secret.text) == 200)
  }

  // Method: another program holds the database while an answer ends. Nothing is noted, and nobody begins
  // with the key; once the database is free the whole use is there.
  @Test func `a use that the database does not take is kept, and holds its key up`() throws {
    let keyed = try KeyedDoor()
    let made = try keyed.store.create(name: "a")
    let other = try keyed.store.create(name: "b")
    let blocker = try DatabaseBlocker(path: keyed.store.path)
    #expect(throws: StorageError.self) {
      try keyed.door.charge(made.key.id, TokenUse(cacheHits: 1, cacheMisses: 2, outputs: 3))
    }
    #expect(throws: StorageError.self) {
      try keyed.door.charge(made.key.id, TokenUse(outputs: 4))
    }
    #expect(keyed.begin(made.secret.text).status == 503)
    #expect(keyed.begin(other.secret.text).status == 200)
    try blocker.release()
    #expect(keyed.begin(made.secret.text).status == 200)
    let key = try #require(try keyed.store.list().first)
    #expect(key.used == TokenUse(cacheHits: 1, cacheMisses: 2, outputs: 7) && key.answerCount == 2)
  }

  @Test(
    arguments: [
      (nil, ""), (nil, "a"), ("k2345678", ""), ("k2345678", "a/b"), (nil, "k2345678/"), (nil, "/"),
    ] as [(String?, String)]
  )
  func `an owner is told from every other by the name`(_ keyID: String?, _ userID: String) {
    let owner = RequestOwner(keyID: keyID, userID: userID)
    #expect(RequestOwner(name: owner.name) == owner)
  }
}
