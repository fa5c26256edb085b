// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

/// `hadal keys` as a person and a script see it.
@Suite struct KeysCommandTests {
  @Test func `a key is made, listed without its secret, and revoked`() throws {
    let scene = try LedgerScene()
    #expect(try scene.hadal(["keys", "list"]).output.isEmpty)
    let made = try scene.hadal(["keys", "create", "anna"])
    #expect(made.exitCode == 0 && made.lines.count == 1, "\(made.errors)")
    let secret = try #require(made.lines.first)
    #expect(secret.hasPrefix("sk-hadal-") && secret.count == 73)
    #expect(made.errors.contains("for anna; its secret is not shown again"))
    let list = try scene.hadal(["keys", "list", "--json"])
    let key = try #require(try LedgerScene.objects(list.output).first)
    let id = try #require(key["id"]?.string)
    #expect(key["name"]?.string == "anna" && key["revoked"]?.isNull == true)
    #expect(!list.output.contains(secret.dropFirst(9)) && made.errors.contains("key \(id) "))
    let table = try scene.hadal(["keys", "list"])
    #expect(table.lines.count == 2 && table.lines[1].hasPrefix(id), "\(table.output)")
    let revoked = try scene.hadal(["keys", "revoke", id])
    #expect(revoked.exitCode == 0 && revoked.output == "revoked \(id), the key for anna\n")
    #expect(try scene.hadal(["keys", "list"]).output.contains("anna, revoked 20"))
    let again = try scene.hadal(["keys", "revoke", "nobodyxy", "--json"])
    #expect(again.exitCode == 66 && again.output.contains("there is no key 'nobodyxy'"))
  }

  @Test func `limits are kept, and amounts stay exact`() throws {
    let scene = try LedgerScene()
    let made = try scene.hadal([
      "keys", "create", "shop", "--concurrency", "4", "--token-budget", "2000000", "--prices",
      "0.028,0.28,0.42", "--balance", "20", "--json",
    ])
    let key = try #require(try LedgerScene.objects(made.output).first, "\(made.errors)")
    #expect(made.errors.isEmpty && key["secret"]?.string?.hasPrefix("sk-hadal-") == true)
    #expect(key["concurrency"]?.integer == 4 && key["token_budget"]?.integer == 2_000_000)
    #expect(key["prices"]?["cache_hit"]?.string == "0.028" && key["balance"]?.string == "20.00")
    let database = scene.folder + "/data/hadal/hadal.sqlite"
    let list = try scene.hadal(["keys", "list", "--json", "--database", database])
    #expect(try LedgerScene.objects(list.output).first?["paid"]?.string == "20.00")
  }

  @Test(arguments: [
    ["keys", "create"], ["keys", "create", ""], ["keys", "create", "a\u{1B}[1mb"],
    ["keys", "create", "a", "--concurrency", "0"], ["keys", "create", "a", "--token-budget", "0"],
    ["keys", "create", "a", "--prices", "1,2"], ["keys", "create", "a", "--prices", "1,2,-3"],
    ["keys", "create", "a", "--prices", "1,2,3,"], ["keys", "create", "a", "--balance", "5"],
    ["keys", "create", "a", "--prices", "1,2,3", "--balance", "0"], ["keys", "revoke"],
  ])
  func `what cannot be meant is a fault of usage`(_ arguments: [String]) throws {
    let scene = try LedgerScene()
    let run = try scene.hadal(arguments)
    #expect(run.exitCode == 64 && run.output.isEmpty && run.errors.hasPrefix("hadal: "))
    #expect(!run.errors.contains("\u{1B}"))
  }

  @Test func `a database of another program is left alone`() throws {
    let scene = try LedgerScene()
    try SystemFolder.write(
      Array("no database, but a text of some length".utf8),
      to: scene.folder + "/x"
    )
    let run = try scene.hadal(["keys", "create", "a", "--database", scene.folder + "/x"])
    #expect(run.exitCode == 65 && run.output.isEmpty, "\(run.errors)")
  }
}
