// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Diagnostics
import JSON
import Ledger
import Planning
import Storage
import Terminal

/// `hadal ledger verify`.
struct LedgerVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check that no row was changed, taken out, doubled or moved.",
    discussion: """
      Every row of every chain is hashed again and added up; each problem is named with its file and
      line, and the exit code is 1 where there is one. The index that reports are made from is held
      against the sums. What was written anew from the start shows against heads that
      somebody else kept, in a file of hadal ledger witness or a checkpoint's record.json.

        hadal ledger verify
        hadal ledger verify train.jsonl --json
        hadal ledger verify --witness heads.jsonl
      """
  )

  @Argument(help: "One chain's file (default: all of the folder).")
  var file: String?

  @Option(help: ArgumentHelp("Heads that the chains must hold.", valueName: "file"))
  var witness: String?

  @OptionGroup var place: LedgerPlaceOptions

  /// A problem and the file that it is in.
  private struct Problem {
    var file: String
    /// The line; nil where the whole file is meant.
    var row: Int?
    var what: String

    var json: JSONText {
      .object([
        ("file", .string(file)), ("row", row.map(JSONText.integer) ?? .null),
        ("what", .string(what)),
      ])
    }

    var text: String { (row.map { "\(file), line \($0)" } ?? file) + ": \(what)" }
  }

  /// What the rows of a chain come to, as far as they were read.
  private struct Sum {
    var chain: LedgerFile
    var total: LedgerTotal
    var byteCount: Int
  }

  func run() throws {
    var problems: [Problem] = []
    let heads = try witnessed(&problems)
    let files = try chains()
    var rowCount = 0
    var sums: [Sum] = []
    for chain in files {
      let known = heads.map { $0.head }.filter { $0.writer == chain.writer }.map(\.head)
      let (verification, byteCount) = try verify(chain, known)
      try Interruption.check()
      rowCount += verification.rowCount
      sums.append(Sum(chain: chain, total: verification.total, byteCount: byteCount))
      problems += verification.problems.map {
        Problem(file: chain.path, row: $0.row, what: $0.what)
      }
      if !place.json { try Output.line(line(chain, verification, known)) }
    }
    for (line, head) in heads where !files.contains(where: { $0.writer == head.writer }) {
      // A single chain is checked against the heads of its own alone.
      guard file == nil, let witness else { continue }
      let what = "the chain '\(head.writer)' is not there, its row \(head.head.n) was known to be"
      problems.append(Problem(file: witness, row: line, what: what))
    }
    problems += try indexProblems(sums)
    try show(problems, rowCount, sums)
  }

  /// Chains of which the index, which `report` asks, says something else than the rows.
  private func indexProblems(_ sums: [Sum]) throws -> [Problem] {
    guard file == nil, let (index, path) = try place.existingIndex() else { return [] }
    let kept = try index.totals(by: .writer)
    return try sums.compactMap { sum in
      let writer = sum.chain.writer
      let other = kept.first { $0.key == writer } ?? LedgerTotal()
      // A chain that has grown since it was walked over has rows that only the index knows.
      guard !sum.total.agrees(with: other),
        try LedgerReader(path: sum.chain.path).byteCount == sum.byteCount
      else { return nil }
      let what =
        "it says that the chain '\(writer)' comes to \(Self.text(other)), but its rows come to "
        + "\(Self.text(sum.total)); delete the file, and it is made anew"
      return Problem(file: path, row: nil, what: what)
    }
  }

  private static func text(_ total: LedgerTotal) -> String {
    let rows = LedgerText.count(total.rowCount, "row of work", "rows of work")
    let dollars = total.knownDollars.map { ", \(LedgerText.figure($0)) USD" } ?? ""
    return "\(rows), \(total.tokenCount) tokens, \(PlanNumber.duration(total.seconds)), "
      + "\(LedgerText.figure(total.operations)) operations, \(LedgerText.energy(total))\(dollars)"
  }

  /// The chains to check.
  private func chains() throws -> [LedgerFile] {
    guard let file else { return try LedgerFile.all(in: place.path()) }
    return [try LedgerFile(path: file)]
  }

  /// Verifies a chain, and shows a person how far it is.
  private func verify(
    _ chain: LedgerFile,
    _ known: [LedgerHead]
  ) throws -> (LedgerVerification, byteCount: Int) {
    var byteCountRead = 0
    let total = try LedgerReader(path: chain.path).byteCount
    var progress = Progress(chain.writer, total: total)
    defer { progress.clear() }
    let verification = try LedgerVerification(
      path: chain.path,
      // A copy under another name is as good; in the ledger's folder a name says whose chain it is.
      writer: file == nil ? chain.writer : nil,
      known: known,
      goesOn: { byteCount in
        progress.show(byteCount, of: total)
        byteCountRead = byteCount
        return !Interruption.isRequested
      }
    )
    return (verification, byteCountRead)
  }

  /// The heads of the file that somebody kept, those without a genuine signature left out.
  private func witnessed(_ problems: inout [Problem]) throws -> [(line: Int, head: SignedHead)] {
    guard let witness else { return [] }
    let heads = try SignedHead.all(in: Input.bytes(of: witness), file: witness)
    for (line, head) in heads where !head.isGenuine {
      let what = "the signature is not that of the key, so the head proves nothing"
      problems.append(Problem(file: witness, row: line, what: what))
    }
    return heads.filter { $0.head.isGenuine }
  }

  private func line(
    _ chain: LedgerFile,
    _ verification: LedgerVerification,
    _ known: [LedgerHead]
  ) -> String {
    let count = verification.problems.count
    let state = count == 0 ? "whole" : LedgerText.count(count, "problem", "problems")
    let rows = LedgerText.count(verification.rowCount, "row", "rows")
    let held = known.isEmpty ? "" : ", heads that were kept: \(known.count)"
    let hash = verification.head.hash.prefix(16)
    return "\(chain.path): \(rows), \(state)\(held); head \(hash)…"
  }

  private func show(
    _ problems: [Problem],
    _ rowCount: Int,
    _ sums: [Sum]
  ) throws {
    var total = LedgerTotal()
    for sum in sums { total.add(sum.total) }
    if place.json {
      try Output.json(
        .object([
          ("ok", .boolean(problems.isEmpty)), ("rows", .integer(rowCount)),
          ("problems", .array(problems.map(\.json))), ("total", .object(total.members)),
        ])
      )
    } else {
      if !sums.isEmpty { try Output.line("together: \(Self.text(total))") }
      for problem in problems { try Output.line(problem.text) }
    }
    if !problems.isEmpty {
      throw ArgumentParser.ExitCode(Diagnostics.ExitCode.checkFailed.rawValue)
    }
  }
}
