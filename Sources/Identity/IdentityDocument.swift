// SPDX-License-Identifier: Apache-2.0

/// What the guard reads at once: a text, or a whole conversation.
public struct IdentityDocument: Sendable, Hashable {
  /// One message of a conversation.
  public struct Turn: Sendable, Hashable {
    /// Who wrote it: `system`, `user`, `assistant`, `tool`.
    public var role: String
    /// What it says.
    public var text: String

    /// Creates a turn.
    public init(role: String, text: String) {
      self.role = role
      self.text = text
    }
  }

  /// The turns; a text is one turn without a role.
  public var turns: [Turn]
  /// Whether the assistant's turns alone are judged, with the others as context.
  public var isConversation: Bool

  /// A text in which anyone may speak.
  public init(text: String) {
    turns = [Turn(role: "", text: text)]
    isConversation = false
  }

  /// A conversation.
  public init(turns: [Turn]) {
    self.turns = turns
    isConversation = true
  }
}
