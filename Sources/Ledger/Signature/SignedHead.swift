// SPDX-License-Identifier: Apache-2.0

import Hashing
public import JSON

/// The head of a chain, signed: whoever keeps it can later show that the chain before it was changed.
///
/// As JSON it is `{"writer","n","hash","time","key","signature"}`, key and signature in hexadecimal
/// digits; a checkpoint's `record.json` has it as the member `ledger`.
public struct SignedHead: Sendable, Hashable {
  /// The last row's number and hash.
  public let head: LedgerHead
  /// Whose chain it is.
  public let writer: String
  /// When it was signed, as the signer's clock said.
  public let time: String
  /// The public key's 64 digits.
  public let publicKey: String
  /// The signature's 128 digits.
  public let signature: String

  init(_ head: LedgerHead, writer: String, time: String, publicKey: String, signature: String) {
    self.head = head
    self.writer = writer
    self.time = time
    self.publicKey = publicKey
    self.signature = signature
  }

  /// Reads an object, or that of the member `ledger`.
  ///
  /// - Throws: `LedgerError` with `badWitness` where it is no signed head.
  public init(_ value: JSONValue) throws(LedgerError) {
    let object = value["ledger"] ?? value
    guard let writer = object["writer"]?.string, LedgerWriter.isName(writer) else {
      throw LedgerError(.badWitness("'writer' is no name of a chain"))
    }
    guard let n = object["n"]?.integer, (0...1 << 53).contains(n) else {
      throw LedgerError(.badWitness("'n' is no number of a row"))
    }
    guard let hash = object["hash"]?.string, Hexadecimal.bytes(hash)?.count == 32 else {
      throw LedgerError(.badWitness("'hash' has not 64 hexadecimal digits"))
    }
    guard let time = object["time"]?.string, let publicKey = object["key"]?.string,
      let signature = object["signature"]?.string
    else { throw LedgerError(.badWitness("'time', 'key' or 'signature' is missing")) }
    self.init(
      LedgerHead(hash: hash, n: n),
      writer: writer,
      time: time,
      publicKey: publicKey,
      signature: signature
    )
  }

  /// Reads the lines of a file, each a head; empty ones are passed over.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - file: What errors call it.
  /// - Throws: `LedgerError` with `badWitness` and the line.
  /// - Returns: The heads with their 1-based lines.
  public static func all(
    in bytes: [UInt8],
    file: String
  ) throws(LedgerError) -> [(line: Int, head: SignedHead)] {
    var heads: [(line: Int, head: SignedHead)] = []
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where !line.isEmpty {
      let place = "\(file), line \(index + 1)"
      let document: JSONDocument
      do { document = try JSONDocument(Array(line)) } catch {
        throw LedgerError(.badWitness(error.what), place: place)
      }
      do {
        heads.append((index + 1, try SignedHead(document.root)))
      } catch {
        throw LedgerError(error.reason, place: place)
      }
    }
    return heads
  }

  /// Whether the signature is the key's, over this head and no other.
  public var isGenuine: Bool {
    guard let key = Hexadecimal.bytes(publicKey), let signature = Hexadecimal.bytes(signature)
    else {
      return false
    }
    let message = Self.message(head, of: writer, time: time)
    return SigningKey.isSignature(signature, of: message, by: key)
  }

  /// What is signed: five lines, the first of which no other program signs.
  static func message(_ head: LedgerHead, of writer: String, time: String) -> [UInt8] {
    Array("hadal ledger head 1\n\(writer)\n\(head.n)\n\(head.hash)\n\(time)\n".utf8)
  }

  /// The object.
  public var json: JSONText {
    .object([
      ("writer", .string(writer)), ("n", .integer(head.n)), ("hash", .string(head.hash)),
      ("time", .string(time)), ("key", .string(publicKey)), ("signature", .string(signature)),
    ])
  }
}
