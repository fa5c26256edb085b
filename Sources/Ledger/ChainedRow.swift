// SPDX-License-Identifier: Apache-2.0

import Hashing
public import JSON

/// A row with its place in a chain: one line of a ledger.
///
/// The line is one JSON object with the keys of `keys` in their order. Its `hash` is the SHA-256 of
/// the line's bytes, without the line feed, with `,"hash":"…"` cut out.
public struct ChainedRow: Sendable, Hashable {
  /// The version of the form.
  public static let version = 1

  /// The keys of a line, in order.
  public static let keys = [
    "v", "writer", "n", "time", "kind", "run", "recipe", "code", "weights", "device", "count",
    "seconds", "tokens", "operations", "joules", "joules_source", "usd", "prices", "prev", "hash",
  ]

  /// Whose chain it is: the name of the file without `.jsonl`.
  public let writer: String
  /// The row's number in the chain, from 1.
  public let n: Int
  /// What was written down.
  public let row: LedgerRow
  /// The hash of the row before, 64 zeros for the first.
  public let previousHash: String
  /// The row's own hash.
  public let hash: String
  /// The line's bytes, without the line feed.
  public let line: [UInt8]

  /// Puts a row at the end of a chain.
  public init(_ row: LedgerRow, writer: String, after head: LedgerHead) {
    self.writer = writer
    self.row = row
    n = head.n + 1
    previousHash = head.hash
    var bytes = Self.unsealedText(row, writer, n, previousHash)
    hash = Hexadecimal.text(SHA256Hash.digest(of: bytes))
    bytes.removeLast()
    bytes += Self.seal(hash)
    line = bytes
  }

  /// The head of a chain that ends with this row.
  public var head: LedgerHead { LedgerHead(hash: hash, n: n) }

  /// How a line ends: the member that the hash does not cover, and the brace.
  private static func seal(_ hash: String) -> [UInt8] { Array(",\"hash\":\"\(hash)\"}".utf8) }

  private static func unsealedText(
    _ row: LedgerRow,
    _ writer: String,
    _ n: Int,
    _ previousHash: String
  ) -> [UInt8] {
    let tokens = row.tokens.sorted { $0.key < $1.key }.map { ($0.key, JSONText.integer($0.value)) }
    let values: [JSONText] = [
      .integer(version), .string(writer), .integer(n), .string(row.time),
      .string(row.kind.rawValue), text(row.run), text(row.recipe), text(row.code),
      text(row.weights), text(row.device), row.deviceCount.map(JSONText.integer) ?? .null,
      number(row.seconds), .object(tokens), number(row.operations), number(row.joules),
      .string(row.energySource.rawValue), number(row.dollars), text(row.prices),
      .string(previousHash),
    ]
    var bytes: [UInt8] = []
    JSONText.object(Array(zip(keys, values))).write(to: &bytes)
    return bytes
  }

  private static func text(_ value: String?) -> JSONText { value.map(JSONText.string) ?? .null }

  private static func number(_ value: Double?) -> JSONText {
    guard let value else { return .null }
    // Counts are written as such, as far as double precision holds every integer.
    if value.rounded() == value, value.magnitude < 9e15 { return .integer(Int(value)) }
    return .double(value)
  }
}

extension ChainedRow {
  /// Reads a line, and checks its form but not its hash.
  ///
  /// - Parameter line: The bytes without the line feed.
  /// - Throws: `LedgerRowFault` that says why this is no row.
  public init(line: [UInt8]) throws(LedgerRowFault) {
    let document: JSONDocument
    do { document = try JSONDocument(line) } catch { throw .notJSON(error) }
    guard let members = document.root.object else { throw .wrongKeys }
    guard members.map(\.key) == Self.keys else { throw .wrongKeys }
    let fields = RowFields(document.root)
    let version = try fields.integer("v")
    guard version == Self.version else { throw .unknownVersion(version) }
    hash = try fields.hash("hash")
    // The hash is cut out by its place, so it must stand where the form has it.
    guard line.suffix(Self.seal(hash).count) == Self.seal(hash)[...] else { throw .wrongKeys }
    writer = try fields.string("writer")
    n = try fields.integer("n")
    // LIMIT: a number beyond every counter; what adds to one cannot overflow then.
    guard (1...1 << 53).contains(n) else { throw .badValue(key: "n") }
    previousHash = try fields.hash("prev")
    row = try fields.row()
    self.line = line
  }

  /// The hash that the line's bytes have.
  public var computedHash: String {
    let unsealed = line.dropLast(Self.seal(hash).count) + [UInt8(ascii: "}")]
    return Hexadecimal.text(SHA256Hash.digest(of: unsealed))
  }
}

/// Why a line is no row.
public enum LedgerRowFault: Error, Hashable, CustomStringConvertible {
  /// The line is no JSON.
  case notJSON(JSONError)
  /// The line is no object with a row's keys in their order.
  case wrongKeys
  /// The form is of a version that is not known.
  case unknownVersion(Int)
  /// A field has a value that it cannot have.
  case badValue(key: String)

  /// What is wrong.
  public var description: String {
    switch self {
    case .notJSON(let error): error.what
    case .wrongKeys: "the line has not the keys of a row in their order"
    case .unknownVersion(let version): "the row has version \(version), this Hadal reads version 1"
    case .badValue(let key): "'\(key)' has a value that it cannot have"
    }
  }
}
