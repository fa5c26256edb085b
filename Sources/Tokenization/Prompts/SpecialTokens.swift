// SPDX-License-Identifier: Apache-2.0

/// The variables of a chat template that name the model's own tokens.
public struct SpecialTokens: Sendable, Hashable {
  /// The names that tokenizer_config.json has for them.
  public static let names = [
    "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
    "additional_special_tokens",
  ]

  /// The variables: strings, or arrays of strings.
  public var values: [String: PromptValue]

  /// Creates variables.
  public init(_ values: [String: PromptValue] = [:]) { self.values = values }

  /// Takes those of a request's variables that name tokens; they win over these.
  ///
  /// - Parameter variables: The variables; those taken are removed.
  public mutating func take(from variables: inout [PromptValue.Member]) {
    for member in variables where Self.names.contains(member.key) {
      values[member.key] = member.value
    }
    variables.removeAll { Self.names.contains($0.key) }
  }
}
