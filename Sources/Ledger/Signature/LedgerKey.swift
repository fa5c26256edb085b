// SPDX-License-Identifier: Apache-2.0

import Compute
import Hashing

/// The key that signs the heads of a folder's chains.
///
/// It lies in the folder of the ledger, for its owner alone, and is made when it is first needed. It
/// says that two heads were signed by the same owner; who that is it does not say.
public struct LedgerKey: Sendable {
  /// The name of its file: the 64 digits of its seed, and a line feed.
  public static let fileName = "signing.key"

  private let key: SigningKey

  /// Reads the key of a folder, or makes it.
  ///
  /// - Parameter folder: The folder of the ledger; it is created where it is missing.
  /// - Throws: `LedgerError` where the key can be neither read nor made.
  public init(folder: String) throws(LedgerError) {
    let path = "\(folder)/\(Self.fileName)"
    if let found = try Self.read(path) {
      key = found
      return
    }
    LedgerWriter.createFolder(folder)
    let new = Array((Hexadecimal.text(SigningKey().seed) + "\n").utf8)
    try LedgerError.raising { () throws(ComputeError) in
      // Another process may have been faster: then its key is the folder's.
      _ = try PrivateFile.create(path, new)
    }
    guard let found = try Self.read(path) else { throw LedgerError(.badKey, place: path) }
    key = found
  }

  /// The digits of the public key.
  public var publicKey: String { Hexadecimal.text(key.publicKey) }

  /// Signs the head of a chain.
  ///
  /// - Parameters:
  ///   - head: The last row's number and hash.
  ///   - writer: Whose chain it is.
  ///   - time: When this is, RFC 3339 in UTC; nobody else vouches for it.
  /// - Returns: The head with its signature.
  public func sign(_ head: LedgerHead, of writer: String, time: String) -> SignedHead {
    let message = SignedHead.message(head, of: writer, time: time)
    return SignedHead(
      head,
      writer: writer,
      time: time,
      publicKey: publicKey,
      signature: Hexadecimal.text(key.signature(of: message) ?? [])
    )
  }

  private static func read(_ path: String) throws(LedgerError) -> SigningKey? {
    let isThere = try LedgerError.raising { () throws(ComputeError) in try FileKind.of(path) != nil
    }
    guard isThere else { return nil }
    let bytes = try LedgerReader(path: path).bytes(0..<2 * SigningKey.byteCount + 2)
    let text = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    guard let seed = Hexadecimal.bytes(text), let key = SigningKey(seed: seed) else {
      throw LedgerError(.badKey, place: path)
    }
    return key
  }
}
