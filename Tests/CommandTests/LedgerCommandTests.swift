// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

/// `hadal ledger` as a person and a script see it.
@Suite struct LedgerCommandTests {
  private func verify(
    _ scene: borrowing LedgerScene,
    _ arguments: [String] = []
  ) throws -> (code: Int32, rows: Int?, problems: [JSONValue]) {
    let run = try scene.hadal(["ledger", "verify", "--json"] + arguments)
    #expect(run.errors.isEmpty && run.lines.count == 1, "\(run.errors)")
    let root = try #require(try LedgerScene.objects(run.output).first)
    #expect(root.object?.map(\.key) == ["ok", "rows", "problems", "total"])
    #expect(root["ok"]?.boolean == (run.exitCode == 0))
    return (run.exitCode, root["rows"]?.integer, root["problems"]?.array.map { Array($0) } ?? [])
  }

  @Test func `a ledger that nobody touched is whole, and so is none`() throws {
    let scene = try LedgerScene()
    #expect(try verify(scene).rows == 0)
    try scene.answer(3)
    let found = try verify(scene)
    #expect(found.code == 0 && found.rows == 3 && found.problems.isEmpty)
    let text = try scene.hadal(["ledger", "verify"])
    #expect(text.exitCode == 0 && text.output.contains("run.jsonl: 3 rows, whole; head "))
    #expect(text.lines.last?.hasPrefix("together: 3 rows of work, ") == true, "\(text.output)")
  }

  @Test func `what all rows come to is what a report says that reads every row`() throws {
    let scene = try LedgerScene()
    try scene.answer(3)
    let verified = try scene.hadal(["ledger", "verify", "--json"])
    let reported = try scene.hadal(["ledger", "report", "--raw", "--json"])
    let total = try #require(try LedgerScene.objects(verified.output).first?["total"])
    let expected = try #require(try LedgerScene.objects(reported.output).last?["total"])
    #expect(total["rows"]?.integer == 3 && total["tokens"]?["completion"]?.integer != nil)
    let counts = [total, expected].map { total in
      total["tokens"]?.object?.map { "\($0.key): \($0.value.integer ?? -1)" }
    }
    #expect(counts[0] == counts[1])
    #expect(total["rows"]?.integer == expected["rows"]?.integer)
  }

  // Method: a row is edited after the index has read it, and the chain grows, so that the index reads on
  // behind its end.
  @Test func `an index that says something else than the rows is named`() throws {
    let scene = try LedgerScene()
    try scene.answer(3)
    #expect(try scene.hadal(["ledger", "report"]).exitCode == 0)
    #expect(try verify(scene).code == 0)
    let text = try String(decoding: scene.bytes(), as: UTF8.self)
    let edited = text.replacing("\"completion\":4", with: "\"completion\":5", maxReplacements: 1)
    try SystemFolder.write(Array(edited.utf8), to: scene.ledger + "/run.jsonl")
    try scene.answer(1)
    let found = try verify(scene)
    #expect(found.code == 1 && found.problems.map { $0["row"]?.integer } == [1, nil])
    let problem = try #require(found.problems.last)
    #expect(problem["row"]?.isNull == true && problem["file"]?.string == scene.index)
    #expect(problem["what"]?.string?.contains("the chain 'run' comes to 4 rows of work, ") == true)
    SystemFolder.remove(scene.index)
    #expect(try verify(scene).problems.map { $0["row"]?.integer } == [1])
  }

  @Test func `a row that was changed is named with its file and line`() throws {
    let scene = try LedgerScene()
    try scene.answer(3)
    var bytes = try scene.bytes()
    let second = try #require(bytes.firstIndex(of: 0x0A)) + 1
    bytes[second + 60] ^= 1
    try SystemFolder.write(bytes, to: scene.ledger + "/run.jsonl")
    let found = try verify(scene)
    #expect(found.code == 1 && found.problems.count == 1)
    #expect(found.problems[0].object?.map(\.key) == ["file", "row", "what"])
    #expect(found.problems[0]["row"]?.integer == 2)
    #expect(found.problems[0]["file"]?.string == scene.ledger + "/run.jsonl")
    let text = try scene.hadal(["ledger", "verify"])
    #expect(text.exitCode == 1 && text.lines.last?.contains("run.jsonl, line 2: ") == true)
    // A copy under another name is checked alone.
    try SystemFolder.write(bytes, to: scene.folder + "/copy")
    #expect(try verify(scene, [scene.folder + "/copy"]).problems.count == 1)
    #expect(try scene.hadal(["ledger", "verify", "/nowhere"]).exitCode == 66)
  }

  @Test func `a row that is missing, doubled or moved is named`() throws {
    let scene = try LedgerScene()
    try scene.answer(4)
    let lines = try scene.bytes().split(separator: 0x0A).map { Array($0) + [0x0A] }
    for (order, row, word) in [
      ([0, 2, 3], 2, "missing"), ([0, 1, 1, 2, 3], 3, "second time"),
      ([0, 2, 1, 3], 3, "stands after"), ([1, 2, 3], 1, "missing"),
    ] {
      try SystemFolder.write(order.flatMap { lines[$0] }, to: scene.ledger + "/run.jsonl")
      let found = try verify(scene)
      #expect(found.code == 1 && found.problems.map { $0["row"]?.integer } == [row], "\(order)")
      #expect(found.problems.first?["what"]?.string?.contains(word) == true, "\(order)")
    }
  }

  @Test func `a torn last line is named, then set aside by the next answer`() throws {
    let scene = try LedgerScene()
    try scene.answer(2)
    let whole = try scene.bytes()
    try SystemFolder.write(whole.dropLast(30), to: scene.ledger + "/run.jsonl")
    let found = try verify(scene)
    #expect(found.code == 1 && found.problems.map { $0["row"]?.integer } == [2])
    let run = try scene.hadal([
      "run", "-m", LedgerScene.stories, "--prompt-ids", "1", "--max-tokens", "1",
    ])
    #expect(run.exitCode == 0 && run.errors.contains("run.jsonl.torn-2"), "\(run.errors)")
    #expect(try verify(scene).rows == 2)
  }

  @Test func `a chain whose end is damaged costs a warning and no answer`() throws {
    let scene = try LedgerScene()
    try scene.answer(2)
    var bytes = try scene.bytes()
    bytes[bytes.count - 100] ^= 1
    try SystemFolder.write(bytes, to: scene.ledger + "/run.jsonl")
    let run = try scene.hadal([
      "run", "-m", LedgerScene.stories, "--prompt-ids", "1", "--max-tokens", "1",
    ])
    #expect(run.exitCode == 0 && run.output.count > 1)
    #expect(run.errors.contains("the ledger's last row is damaged"), "\(run.errors)")
    #expect(try scene.bytes() == bytes)
  }

  // Method: every row is taken away and a shorter chain written with the same program. By itself it is
  // whole; the head that was kept shows it.
  @Test func `what was written anew shows against a witness`() throws {
    let scene = try LedgerScene()
    #expect(try scene.hadal(["ledger", "witness"]).exitCode == 66)
    try scene.answer(3)
    let heads = scene.folder + "/heads.jsonl"
    let witness = try scene.hadal(["ledger", "witness", "--out", heads])
    #expect(witness.exitCode == 0 && witness.output.isEmpty && witness.errors.isEmpty)
    let printed = try LedgerScene.objects(scene.hadal(["ledger", "witness"]).output)
    #expect(
      printed[0].object?.map(\.key) == ["writer", "n", "hash", "time", "key", "signature"]
    )
    #expect(printed[0]["n"]?.integer == 3)
    try scene.answer(1)
    let held = try verify(scene, ["--witness", heads])
    #expect(held.code == 0 && held.rows == 4)
    SystemFolder.remove(scene.ledger + "/run.jsonl")
    let gone = try verify(scene, ["--witness", heads])
    #expect(gone.problems.first?["what"]?.string?.contains("'run' is not there") == true)
    try scene.answer(2)
    #expect(try verify(scene).code == 0)
    let shorter = try verify(scene, ["--witness", heads])
    #expect(shorter.problems.first?["what"]?.string?.contains("row 3 was known") == true)
    try scene.answer(2)
    let other = try verify(scene, ["--witness", heads])
    #expect(other.code == 1 && other.problems.map { $0["row"]?.integer } == [3])
  }

  @Test func `a witness that was edited proves nothing and is named`() throws {
    let scene = try LedgerScene()
    try scene.answer(2)
    let heads = scene.folder + "/heads.jsonl"
    _ = try scene.hadal(["ledger", "witness", "--out", heads])
    let text = try String(decoding: Oracles.bytes(at: heads), as: UTF8.self)
    try SystemFolder.write(Array(text.replacing("\"n\":2", with: "\"n\":1").utf8), to: heads)
    let edited = try verify(scene, ["--witness", heads])
    #expect(edited.code == 1 && edited.problems[0]["file"]?.string == heads)
    try SystemFolder.write(Array("x\n".utf8), to: heads)
    #expect(try scene.hadal(["ledger", "verify", "--witness", heads]).exitCode == 65)
    // Nor is the head of a chain signed that is not whole.
    var bytes = try scene.bytes()
    bytes[60] ^= 1
    try SystemFolder.write(bytes, to: scene.ledger + "/run.jsonl")
    let refused = try scene.hadal(["ledger", "witness"])
    #expect(refused.exitCode == 1 && refused.output.isEmpty, "\(refused.errors)")
    #expect(refused.errors.contains("run.jsonl, line 1"))
  }

  @Test func `rows are shown, the newest last, and chosen`() throws {
    let scene = try LedgerScene()
    try scene.answer(3)
    let shown = try scene.hadal(["ledger", "show", "--limit", "2"])
    #expect(shown.exitCode == 0 && shown.lines.count == 3 && shown.errors.isEmpty)
    #expect(shown.lines[0].hasPrefix("time") && shown.lines[2].contains("run 3"))
    let json = try scene.hadal(["ledger", "show", "--json"])
    #expect(json.output == String(decoding: try scene.bytes(), as: UTF8.self))
    #expect(try scene.hadal(["ledger", "show", "--json", "--kind", "train"]).output.isEmpty)
    #expect(try scene.hadal(["ledger", "show", "--json", "--since", "2026"]).lines.count == 3)
    #expect(try scene.hadal(["ledger", "show", "--json", "--since", "2999-01"]).output.isEmpty)
    #expect(try scene.hadal(["ledger", "show", "--since", "soon"]).exitCode == 64)
    #expect(try scene.hadal(["ledger", "show", "--kind", "bribe"]).exitCode == 64)
    // Another folder's rows, without an index of their own.
    let other = try scene.hadal(
      ["ledger", "show", "--json", "--folder", scene.ledger],
      environment: ["XDG_DATA_HOME": scene.folder + "/other"]
    )
    #expect(other.output == json.output && !SystemFolder.exists(scene.folder + "/other"))
  }

  @Test func `figures are added up by what is asked, with the index and without`() throws {
    let scene = try LedgerScene()
    try scene.answer(3, ["--watts", "72", "--usd-per-hour", "3.6"])
    for by in ["kind", "run", "device", "month", "writer"] {
      let report = try scene.hadal(["ledger", "report", "--by", by, "--json"])
      #expect(report.exitCode == 0 && report.errors.isEmpty, "\(report.errors)")
      let objects = try LedgerScene.objects(report.output)
      #expect(objects.count == 2 && objects[0]["by"]?.string == by)
      #expect(objects[0]["rows"]?.integer == 3)
      #expect(objects[1]["total"]?["tokens"]?["completion"]?.integer == 12)
      let seconds = try #require(objects[0]["seconds"]?.double)
      #expect(abs((objects[0]["usd"]?.double ?? 0) - seconds / 1000) < 1e-12)
      let raw = try scene.hadal(["ledger", "report", "--by", by, "--json", "--raw"])
      #expect(raw.output == report.output)
    }
    let text = try scene.hadal(["ledger", "report"])
    #expect(text.lines.count == 3 && text.lines[0].hasPrefix("kind"))
    #expect(text.lines[2].hasPrefix("total"))
    try SystemFolder.write(scene.bytes() + Array("x\n".utf8), to: scene.ledger + "/run.jsonl")
    let warned = try scene.hadal(["ledger", "report"])
    #expect(warned.exitCode == 0 && warned.errors.contains("1 line is no row"))
  }

  @Test func `rows are exported as they are, and as CSV`() throws {
    let scene = try LedgerScene()
    try scene.answer(2)
    let lines = try scene.hadal(["ledger", "export"])
    #expect(lines.output == String(decoding: try scene.bytes(), as: UTF8.self))
    let csv = try scene.hadal(["ledger", "export", "--format", "csv"])
    #expect(csv.lines.count == 3 && csv.lines[0].hasPrefix("writer,n,time,kind,run,"))
    #expect(csv.lines[1].hasPrefix("run,1,2"))
    #expect(csv.lines[1].contains(#","{""completion"":4,""prompt"":1}","#))
    #expect(try scene.hadal(["ledger", "export", "--kind", "train"]).output.isEmpty)
  }

  @Test func `two programs that answer at once write two chains`() throws {
    let scene = try LedgerScene()
    let line = String(repeating: "{\"prompt_ids\":[1],\"max_tokens\":100}\n", count: 20)
    try SystemFolder.write(Array(line.utf8), to: scene.folder + "/batch.jsonl")
    let run = try HadalProcess.shell(
      """
      export XDG_DATA_HOME='\(scene.folder)/data'
      for i in 1 2 3; do
        "$HADAL" run -m '\(LedgerScene.stories)' --threads 1 --batch '\(scene.folder)/batch.jsonl' \
          > /dev/null &
      done
      wait
      """
    )
    #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
    let found = try verify(scene)
    #expect(found.code == 0 && found.rows == 60)
  }
}
