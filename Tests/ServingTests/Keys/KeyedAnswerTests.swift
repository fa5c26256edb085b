// SPDX-License-Identifier: Apache-2.0

import JSON
import Serving
import Storage
import TestSupport
import Testing

/// Answers to holders of keys: whose prefixes they find, and what is left to them.
@Suite struct KeyedAnswerTests {
  private func hits(
    _ served: ServedScript,
    _ caller: APICaller,
    _ fields: String = ""
  ) async throws -> (hit: Int, reason: String?) {
    let body = #"""
      {"model":"scripted","messages":[{"role":"user","content":"How is it?"}],"temperature":0\#(fields)}
      """#
    let (told, answer) = await APICaller.$current.withValue(caller) {
      let told = await served.post("/v1/cache/explain", body)
      return (told, await served.post("/v1/chat/completions", body))
    }
    let usage = try #require(answer.json?["usage"], "\(answer.text)")
    return (
      try #require(usage["prompt_cache_hit_tokens"]?.integer), told.json?["reason"]?.string
    )
  }

  // Method: each caller asks the same twice. The first time nothing may be found or explained, whoever
  // asked before; the second time all but one token is.
  @Test func `a prefix is found and explained to the key and the end user that left it alone`()
    async throws
  {
    let keyed = try KeyedDoor()
    let (anna, ben) = (
      APICaller(key: try keyed.store.create(name: "anna").key),
      APICaller(key: try keyed.store.create(name: "ben").key)
    )
    let nobody = APICaller(key: nil)
    let id = try #require(anna.key?.id)
    let served = try ServedScript(ScriptedModel([.init("It is deep.")]))
    for (caller, fields) in [
      (anna, ""), (ben, ""), (nobody, ""), (anna, #","user_id":"x""#), (ben, #","user_id":"x""#),
      (nobody, #","user_id":"x""#), (nobody, #","user_id":"\#(id)/x""#),
      (nobody, #","user_id":"\#(id)""#),
    ] {
      let first = try await hits(served, caller, fields)
      #expect(first.hit == 0 && first.reason == "nothing_cached", "\(fields)")
      let second = try await hits(served, caller, fields)
      #expect(second.hit > 0 && second.reason == "whole", "\(fields)")
    }
  }

  @Test func `a receipt is shown to the key alone whose request it answers`() async throws {
    let keyed = try KeyedDoor()
    let (anna, ben) = (
      APICaller(key: try keyed.store.create(name: "anna").key),
      APICaller(key: try keyed.store.create(name: "ben").key)
    )
    let served = try ServedScript(ScriptedModel([.init("It is deep.")]))
    let body = #"{"model":"scripted","stream":true,"messages":[{"role":"user","content":"Well?"}]}"#
    let answer = await APICaller.$current.withValue(anna) {
      await served.post("/v1/chat/completions", body)
    }
    let place = try #require(answer.headers["x-hadal-receipt"])
    var statuses: [Int] = []
    for caller in [anna, ben, APICaller(key: nil)] {
      statuses.append(
        await APICaller.$current.withValue(caller) { await served.answer("GET", place).status }
      )
    }
    #expect(statuses == [200, 404, 404])
  }

  @Test func `the balance has DeepSeek's form`() async throws {
    let keyed = try KeyedDoor()
    let served = try ServedScript(ScriptedModel([.init("It is deep.")]))
    let prices = try #require(
      Money("1").flatMap {
        TokenPrices(cacheHit: $0, cacheMiss: $0, output: $0)
      }
    )
    let paid = try keyed.store.create(
      name: "a",
      limits: APIKey.Limits(prices: prices, paid: Money("0.5"))
    ).key
    try keyed.store.charge(paid.id, TokenUse(outputs: 1000))
    let free = try keyed.store.create(name: "b").key
    var texts: [String] = []
    for key in [try keyed.store.list()[0], free, nil] {
      texts.append(
        await APICaller.$current.withValue(APICaller(key: key)) {
          await served.answer("GET", "/user/balance").text
        }
      )
    }
    let amounts =
      #"{"currency":"USD","total_balance":"0.499","granted_balance":"0.00","topped_up_balance":"0.499"}"#
    #expect(texts[0] == #"{"is_available":true,"balance_infos":[\#(amounts)]}"#)
    #expect(texts[1] == #"{"is_available":true,"balance_infos":[]}"# && texts[2] == texts[1])
  }
}
