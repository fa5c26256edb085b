// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Identity

/// What becomes of documents in which a model would claim another assistant's identity.
enum IdentityPolicy: String, ExpressibleByArgument, CaseIterable {
  /// Nothing is written while one is undecided.
  case refuse
  /// They are left out.
  case drop
  /// The names become the model's own; what still is a claim then refuses.
  case rewrite
  /// Likewise, and what still is a claim then is left out.
  case rewriteOrDrop = "rewrite-or-drop"
  /// The guard does not run.
  case unchecked
}

/// What `hadal data shards` asks of the identity guard.
struct IdentityOptions: ParsableArguments {
  @Option(
    help: """
      What is done where a model would claim another assistant's identity: refuse, drop, rewrite, \
      rewrite-or-drop, or unchecked, which hadal train refuses.
      """
  )
  var identity = IdentityPolicy.refuse

  @Option(help: "A name that the model may claim; without it Hadal.")
  var allow: [String] = []

  @Option(
    help: ArgumentHelp(
      "The maker's name for what is rewritten; without it the first allowed name.",
      valueName: "name"
    )
  )
  var maker: String?

  @Option(help: "A name, or a hit's hash, that is accepted where it stands.")
  var accept: [String] = []

  @Option(
    help: ArgumentHelp(
      "Lines of hadal data guard --json with a \"decision\": accept, drop or rewrite.",
      valueName: "file"
    )
  )
  var decisions: String?

  func validate() throws {
    let isIdle = accept.isEmpty && decisions == nil && allow.isEmpty && maker == nil
    if identity == .unchecked, !isIdle {
      throw ValidationError(
        "--identity unchecked runs no guard that --allow, --maker, --accept or --decisions tell"
      )
    }
  }

  /// The names that may be claimed.
  var allowed: [String] {
    (allow.isEmpty ? IdentityGuard.Settings().allowed : allow) + (maker.map { [$0] } ?? [])
  }

  /// What resolves hits.
  ///
  /// - Throws: `IdentityError` where the decisions cannot be read.
  func resolution() throws -> IdentityResolution {
    let name = allowed[0]
    let own = IdentityResolution.Identity(name: name, maker: maker ?? name)
    let remedy: IdentityResolution.Remedy =
      switch identity {
      case .refuse, .unchecked: .none
      case .drop: .drop
      case .rewrite, .rewriteOrDrop: .rewrite(own)
      }
    return IdentityResolution(
      remedy,
      accepted: accept,
      decisions: try decisions.map { try IdentityDecisions(path: $0).byHash } ?? [:],
      identity: own
    )
  }
}
