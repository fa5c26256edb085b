// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import GRDB
import Ledger
import Storage
import TestSupport
import Testing

/// The index of a ledger against the rows that it is made of.
///
/// Method: whatever becomes of the chains, an index on file that is opened again must say what one in
/// memory says, which is made of all rows.
@Suite struct LedgerIndexTests {
  private final class Scene {
    let folder: TemporaryFolder
    let ledger: String
    let path: String

    init() throws {
      folder = try TemporaryFolder()
      ledger = folder.path + "/ledger"
      path = folder.path + "/ledger-index.sqlite"
    }

    func append(_ rows: [LedgerRow], writer: String = "train") throws {
      let writer = try LedgerWriter(folder: ledger, writer: writer)
      for row in rows { try writer.append(row) }
    }

    func open() throws -> LedgerIndex { try LedgerIndex(path: path, ledger: ledger) }

    /// What the index on file says, after it was held against the rows.
    func totals(
      by grouping: LedgerTotal.Grouping = .kind,
      _ filter: LedgerFilter = LedgerFilter()
    ) throws -> [LedgerTotal] {
      let raw = try LedgerIndex(path: nil, ledger: ledger)
      let index = try open()
      for grouping in LedgerTotal.Grouping.allCases {
        #expect(try index.totals(by: grouping, filter) == raw.totals(by: grouping, filter))
      }
      #expect(try index.rows(filter) == raw.rows(filter))
      #expect(try index.unreadableCount() == raw.unreadableCount())
      return try index.totals(by: grouping, filter)
    }

    func bytes() throws -> [UInt8] { try folder.bytes("ledger/train.jsonl") }

    func write(_ bytes: [UInt8]) throws { try folder.write(bytes, "ledger/train.jsonl") }
  }

  private func row(
    _ number: Int,
    _ kind: LedgerRow.Kind = .train,
    run: String? = "a",
    energy: LedgerRow.EnergySource = .measured
  ) -> LedgerRow {
    LedgerRow(
      time: "2026-1\(number % 3)-21T22:30:1\(number % 10)Z",
      kind: kind,
      run: run,
      recipe: "r",
      weights: kind == .evaluate ? "w" : nil,
      device: "EPYC",
      seconds: 0.5,
      tokens: ["train": number],
      operations: 2,
      joules: energy == .none ? nil : 4,
      energySource: energy,
      dollars: number % 2 == 0 ? 0.25 : nil
    )
  }

  @Test func `a ledger that is not there has nothing to add up`() throws {
    #expect(try Scene().totals().isEmpty)
  }

  @Test func `sums are those of the rows, by whatever they are put together`() throws {
    let scene = try Scene()
    try scene.append((1...4).map { row($0) } + [row(5, energy: .estimated)])
    try scene.append([row(7, .answer, run: nil, energy: .none)], writer: "run")
    let kinds = try scene.totals()
    #expect(kinds.map(\.key) == ["answer", "train"])
    #expect(kinds[0].rowCount == 1 && kinds[0].unmeteredCount == 1 && kinds[0].kilowattHours == nil)
    #expect(kinds[1].rowCount == 5 && kinds[1].tokens == ["train": 15] && kinds[1].seconds == 2.5)
    #expect(kinds[1].measuredJoules == 16 && kinds[1].estimatedJoules == 4)
    #expect(kinds[1].operations == 10 && kinds[1].dollars == 0.5 && kinds[1].unpricedCount == 3)
    #expect(try scene.totals(by: .run).map(\.key) == [nil, "a"])
    #expect(try scene.totals(by: .month).map(\.key) == ["2026-10", "2026-11", "2026-12"])
    #expect(try scene.totals(by: .writer).map(\.rowCount) == [1, 5])
    #expect(try scene.totals(by: .device).map(\.rowCount) == [6])
  }

  @Test func `a row that is added by itself is added as the index does`() throws {
    let scene = try Scene()
    let rows = (1...6).map { row($0, energy: $0 == 3 ? .none : .estimated) } + [plan(9)]
    try scene.append(rows)
    var sum = LedgerTotal(key: "EPYC")
    for row in rows { sum.add(row) }
    var found = try #require(try scene.totals(by: .device).first)
    found.plan = nil
    #expect(found == sum)
  }

  @Test func `a filter holds the rows that it says`() throws {
    let scene = try Scene()
    let rows = (1...9).map { row($0, $0 == 4 ? .evaluate : .train, run: $0 > 6 ? "b" : "a") }
    try scene.append(rows)
    for filter in [
      LedgerFilter(), LedgerFilter(kind: .evaluate), LedgerFilter(run: "b"),
      LedgerFilter(since: "2026-11"), LedgerFilter(until: "2026-11-22"),
      LedgerFilter(kind: .train, run: "a", since: "2026-11-21T22:30:14Z"),
      LedgerFilter(weights: "w"), LedgerFilter(recipe: "x"),
      LedgerFilter(run: "'; DROP TABLE entry"),
    ] {
      let expected = rows.filter(filter.holds).count
      #expect(try scene.totals(by: .kind, filter).reduce(0) { $0 + $1.rowCount } == expected)
      #expect(try scene.open().rows(filter).count == expected, "\(filter)")
    }
    let newest = try scene.open().rows(LedgerFilter(), newest: 2)
    #expect(newest.map(\.chained.row.time) == ["2026-12-21T22:30:15Z", "2026-12-21T22:30:18Z"])
  }

  private func plan(_ tokenCount: Int, milliseconds: Int = 1000) -> LedgerRow {
    var row = LedgerRow(
      time: "2026-11-21T22:30:10Z",
      kind: .other,
      run: "a",
      recipe: "r",
      device: "EPYC"
    )
    row.tokens = [
      LedgerRow.Count.plannedTokens.rawValue: tokenCount,
      LedgerRow.Count.plannedMilliseconds.rawValue: milliseconds,
    ]
    return row
  }

  // Planned 20 tokens in 4 s; 10 tokens took 2 rows of 0.5 s. At the plan's rate they take 2 s: twice.
  @Test func `a plan stands beside what was spent, with the error`() throws {
    let scene = try Scene()
    try scene.append([plan(20, milliseconds: 4000), row(4), row(6), row(8, .evaluate)])
    let total = try #require(try scene.totals(by: .run).first)
    #expect(total.rowCount == 3 && total.tokens == ["train": 18])
    let plan = try #require(total.plan)
    #expect(plan.tokenCount == 20 && plan.seconds == 4 && plan.spentSeconds == 1)
    // The measurement's tokens are named by what they were for; here the test calls them the same.
    #expect(plan.spentTokenCount == 18)
    let plannedSeconds: Double = 4 * 18 / 20
    #expect(plan.error == plannedSeconds - 1)
  }

  @Test func `a chain that grows, shrinks, changes or goes is followed`() throws {
    let scene = try Scene()
    try scene.append((1...3).map { row($0) })
    #expect(try scene.totals()[0].rowCount == 3)
    try scene.append((4...5).map { row($0) })
    #expect(try scene.totals()[0].rowCount == 5)
    let whole = try scene.bytes()
    // Torn, then whole again.
    try scene.write(whole + Array("{\"v\"".utf8))
    #expect(try scene.totals()[0].rowCount == 5)
    try scene.write(whole.dropLast(40))
    #expect(try scene.totals()[0].rowCount == 4)
    // As long as it was, with other figures.
    try scene.write(whole)
    _ = try scene.totals()
    let text = String(decoding: whole, as: UTF8.self).replacing("\"train\":5", with: "\"train\":9")
    try scene.write(Array(text.utf8))
    #expect(try scene.totals()[0].tokens == ["train": 1 + 2 + 3 + 4 + 9])
    // Longer, with another last row before the new ones.
    try scene.write(whole)
    _ = try scene.totals()
    try scene.write(Array(text.utf8) + whole)
    #expect(try scene.totals()[0].rowCount == 10)
    try scene.write(Array("nonsense\n\n".utf8) + whole)
    #expect(try scene.totals()[0].rowCount == 5 && scene.open().unreadableCount() == 2)
    SystemFolder.remove(scene.ledger)
    #expect(try scene.totals().isEmpty)
  }

  @Test func `an index that cannot be used is made anew or passed over`() throws {
    let scene = try Scene()
    try scene.append((1...3).map { row($0) })
    // Another program's database is left alone.
    try DatabaseQueue(path: scene.path).write { try $0.execute(sql: "CREATE TABLE x (y)") }
    let foreign = try scene.folder.bytes("ledger-index.sqlite")
    let error = #expect(throws: StorageError.self) { try scene.open() }
    #expect(error?.reason == .foreignDatabase)
    let open = { try LedgerIndex.open(preferring: scene.path, ledger: scene.ledger) }
    #expect(try open().totals(by: .kind)[0].rowCount == 3)
    #expect(try scene.folder.bytes("ledger-index.sqlite").count == foreign.count)
    try scene.folder.write(Array("no database at all".utf8), "ledger-index.sqlite")
    #expect(try open().totals(by: .kind)[0].rowCount == 3)
    // A folder that is not there is made; one that cannot be is passed over.
    let below = "\(scene.path)/x.sqlite"
    #expect(try LedgerIndex.open(preferring: below, ledger: scene.ledger).rows(.init()).count == 3)
  }

  @Test func `an index of another version is made anew`() throws {
    let scene = try Scene()
    try scene.append((1...3).map { row($0) })
    _ = try scene.open()
    let queue = try DatabaseQueue(path: scene.path)
    try queue.writeWithoutTransaction {
      try $0.execute(sql: "DROP TABLE tokens; PRAGMA user_version = 99")
    }
    try queue.close()
    #expect(try scene.totals()[0].tokens == ["train": 6])
  }

  @Test func `two processes may bring it up to date together`() async throws {
    let scene = try Scene()
    try scene.append((1...200).map { row($0) })
    let (path, ledger) = (scene.path, scene.ledger)
    async let first: Void = update(path, ledger)
    async let second: Void = update(path, ledger)
    _ = await (first, second)
    #expect(try scene.totals()[0].rowCount == 200)
  }

  private func update(_ path: String, _ ledger: String) async {
    await #expect(processExitsWith: .success) {
      [path = path as String, ledger = ledger as String] in
      let index = try LedgerIndex(path: path, ledger: ledger)
      #expect(try index.rows(LedgerFilter()).count == 200)
    }
  }
}
