// SPDX-License-Identifier: Apache-2.0

/// The name of a model on a hub: `organization/name`, and perhaps `@revision`.
public struct ModelName: Sendable, Hashable, CustomStringConvertible {
  /// The user or organization that published it.
  public let organization: String
  /// The repository's name.
  public let repository: String
  /// The branch, tag or commit that is asked for; nil for whatever is there, or `main`.
  public var revision: String?

  /// Reads a name as a person writes it.
  ///
  /// Returns nil for a text that no hub has as a name. The rules are huggingface_hub's
  /// (`validate_repo_id`): a name is a part of paths and addresses, so they are kept strictly.
  public init?(_ text: String) {
    let halves = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let parts = halves[0].split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy(Self.isName), halves[0].utf8.count <= 96 else {
      return nil
    }
    organization = String(parts[0])
    repository = String(parts[1])
    if halves.count == 2 {
      guard Self.isRevision(halves[1]) else { return nil }
      revision = String(halves[1])
    }
  }

  /// `organization/name`.
  public var identifier: String { "\(organization)/\(repository)" }

  /// The name as a person writes it.
  public var description: String { identifier + (revision.map { "@\($0)" } ?? "") }

  /// Whether a text can name a branch, a tag or a commit.
  public static func isRevision(_ text: some StringProtocol) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    // Git's rules for names of references, as far as a path or an address depends on them.
    return text.utf8.count <= 200
      && parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") && !$0.contains("..") }
      && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !#"~^:?*[\"'`$%&<>|"#.utf8.contains($0) }
  }

  private static func isName(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return false }
    return isWordByte(first) && isWordByte(last)
      && text.utf8.allSatisfy {
        isWordByte($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
      }
      && !text.contains("--") && !text.contains("..") && !text.hasSuffix(".git")
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
