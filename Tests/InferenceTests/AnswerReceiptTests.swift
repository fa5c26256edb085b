// SPDX-License-Identifier: Apache-2.0

import Inference
import JSON
import Testing
import Tokenization

/// Receipts by themselves: what they say, and that reading gives back what was written.
@Suite struct AnswerReceiptTests {
  private static let request = GenerationRequest(
    promptIDs: [1, 5, 300],
    maxTokens: 9,
    sampling: SamplingParameters(
      temperature: 0.7,
      topP: 0.9,
      penalties: LogitPenalties(bias: [7: 3]),
      seed: UInt64(bitPattern: -5)
    )
  )

  private static let time = CalendarTime(secondsSinceEpoch: 1_795_862_596)

  private static func receipt(ids: [Int32], finish: Completion.Finish = .stop) -> AnswerReceipt {
    var receipt = AnswerReceipt(
      id: "a",
      form: .messages,
      time: time,
      model: "nano",
      origin: AnswerReceipt.Origin(
        weights: nil,
        template: "0f",
        computeType: "bf16",
        cacheType: "bf16",
        arithmetic: 1
      ),
      sampling: request.sampling,
      maxTokens: 9
    )
    receipt.choices = [
      AnswerReceipt.Choice(request, ids: ids, finish: finish, thinkingEnd: 2)
    ]
    return receipt
  }

  private static func read(_ text: String) throws -> AnswerReceipt {
    try AnswerReceipt(try JSONDocument(Array(text.utf8)).root)
  }

  @Test(arguments: [[], [4], [4, 0, 129_279, 4]] as [[Int32]])
  func `a receipt that was written is read as it was`(ids: [Int32]) throws {
    let receipt = Self.receipt(ids: ids)
    #expect(try Self.read(receipt.json().text) == receipt)
  }

  @Test func `what is added to single tokens is not told`() {
    #expect(Self.receipt(ids: [4]).sampling.penalties.bias.isEmpty)
  }

  @Test func `the checks of a prompt's answer are those of its tokens, up to the first other one`()
  {
    let (one, other) = (Self.receipt(ids: [4, 5, 6]), Self.receipt(ids: [4, 5, 7]))
    let checks = (one.choices[0].trail.checks, other.choices[0].trail.checks)
    #expect(checks.0.prefix(2) == checks.1.prefix(2))
    #expect(checks.0[2] != checks.1[2])
  }

  @Test func `the same answer to another prompt leaves other checks`() {
    var (one, other) = (TokenTrail(promptIDs: [1, 2]), TokenTrail(promptIDs: [1, 3]))
    one.append(4)
    other.append(4)
    #expect(one.checks != other.checks)
    #expect(one.hash != other.hash)
  }

  /// SHA-256 over the line and four bytes an id, the lowest first, by `sha256sum`.
  @Test func `the hashes are those that the documentation describes`() {
    #expect(
      TokenTrail.promptHash([1, 300])
        == "61a00d102cac147ffad6ff27330ddabd4d41051fca1634e317efd3acbd11a45d"
    )
    var trail = TokenTrail(promptIDs: [1, 300])
    trail.append(2)
    #expect(trail.hash == "1a92cee77ff3d394b96a337eda6e5af848d0e03eeb0941feec7e4e686f6ba4c9")
    #expect(trail.text == "1a92cee7")
  }

  @Test(arguments: [
    #""v":1"#, #""object":"hadal.receipt""#, #""time":"2026-11-28T10:43:16""#, #""tokens":3"#,
    #""arithmetic":1"#, #""form":"messages""#, #""finish":"stop""#, #""temperature":0.7"#,
    #""choices":["#,
    #""output_sha256":""#, #""checks":""#,
  ])
  func `a receipt with a member that is wrong is refused and the member named`(
    member: String
  ) throws {
    let text = Self.receipt(ids: [4, 5, 6]).json().text
    #expect(text.contains(member))
    let name = String(member.split(separator: "\"")[0])
    let damaged = text.replacing(member, with: #""other":0,"was"#)
    #expect(throws: (any Error).self) { try Self.read(damaged) }
    let withoutMember = text.replacing("\"\(name)\":", with: "\"other\":")
    let error = #expect(throws: ReceiptError.self) { try Self.read(withoutMember) }
    #expect(error?.what.contains(name) == true || error?.place?.contains(name) == true)
  }

  @Test func `a receipt whose checks are not its hash's is refused`() throws {
    let receipt = Self.receipt(ids: [4, 5, 6])
    let hash = receipt.choices[0].trail.hash
    let other = (hash.first == "0" ? "1" : "0") + hash.dropFirst()
    let error = #expect(throws: ReceiptError.self) {
      try Self.read(receipt.json().text.replacing(hash, with: other))
    }
    #expect(error?.place == "choices[0].checks")
  }
}
