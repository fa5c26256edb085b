// SPDX-License-Identifier: Apache-2.0

/// The constructions in which a model says who it is.
public enum IdentityRule: String, Sendable, Hashable, CaseIterable {
  /// "I am NAME", "call me NAME".
  case selfName = "self-name"
  /// "NAME trained me", "my developers at NAME".
  case maker = "maker"
  /// "As NAME, I …", "as a model trained by NAME".
  case role = "role"
  /// "I run on NAME", "based on NAME".
  case basis = "basis"
  /// "NAME does not allow me", "the rules that NAME gave me".
  case control = "control"
  /// "NAME's usage policies", where nobody asked about NAME.
  case policy = "policy"
  /// "My last update from NAME".
  case update = "update"
  /// "NAME cannot write that", by an assistant that refuses.
  case refusal = "refusal"
  /// A letter or a poem that is signed with NAME.
  case signature = "signature"
  /// Code whose comment gives NAME as its author.
  case author = "author"
  /// "Yes", to a user who asks whether this is NAME.
  case confirmation = "confirmation"
  /// NAME as the answer to "who are you?" or "who made you?".
  case answer = "answer"
  /// A model that says who trained it, and the name stands in no list.
  case unknownName = "unknown-name"
  /// A knowledge cutoff that names nobody.
  case cutoff = "cutoff"
}
