// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Compute
import Diagnostics
import FoundationEssentials
import JSON
import Ledger

/// `hadal ledger witness`.
struct LedgerWitnessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "witness",
    abstract: "Write the signed heads of all chains, for somebody else to keep.",
    discussion: """
      A head is the number and the hash of a chain's last row. Whoever keeps it can later show that no
      row before it was changed, taken out or written anew: hadal ledger verify --witness FILE. Give it
      away soon: it proves nothing about what was rewritten before. Every chain is verified first. The
      key that signs lies in the ledger's folder and is made when it is first needed.

        hadal ledger witness
        hadal ledger witness --out heads.jsonl
      """
  )

  @Option(help: ArgumentHelp("Write to this file (default: standard output).", valueName: "file"))
  var out: String?

  @OptionGroup var place: LedgerPlaceOptions

  func run() throws {
    let folder = try place.path()
    let chains = try LedgerFile.all(in: folder)
    guard !chains.isEmpty else {
      throw Input.Failure(
        what: "there is no chain whose head could be kept",
        place: folder,
        remedy: "hadal run, chat, eval or train, which write some",
        exitCode: .noInput
      )
    }
    let verified = try chains.map { chain -> (LedgerFile, LedgerHead) in
      let verification = try LedgerVerification(path: chain.path, writer: chain.writer) { _ in
        !Interruption.isRequested
      }
      try Interruption.check()
      guard let problem = verification.problems.first else { return (chain, verification.head) }
      throw Input.Failure(
        what: "the chain is not whole, and its head is not signed: \(problem.what)",
        place: "\(chain.path), line \(problem.row)",
        remedy: "hadal ledger verify",
        exitCode: .checkFailed
      )
    }
    let key = try LedgerKey(folder: folder)
    let time = Date().formatted(.iso8601)
    var bytes: [UInt8] = []
    for (chain, head) in verified {
      key.sign(head, of: chain.writer, time: time).json.write(to: &bytes)
      bytes.append(UInt8(ascii: "\n"))
    }
    guard let out else { return try Output.text(String(decoding: bytes, as: UTF8.self)) }
    let writer = try FileWriter(path: out)
    try writer.write(bytes)
    try writer.commit()
  }
}
