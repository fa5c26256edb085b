// SPDX-License-Identifier: Apache-2.0

/// Which of a repository's files are pulled.
public struct FileSelection: Sendable, Hashable {
  private let include: [GlobPattern]
  private let exclude: [GlobPattern]

  /// Creates a selection.
  ///
  /// - Parameters:
  ///   - include: Patterns of which a file must match one; none for what a model needs.
  ///   - exclude: Patterns of which it must match none.
  public init(include: [String] = [], exclude: [String] = []) {
    self.include = include.map(GlobPattern.init)
    self.exclude = exclude.map(GlobPattern.init)
  }

  /// The files that are chosen, in the order given.
  package func chosen(from files: [HubFile]) -> [HubFile] {
    let wanted =
      include.isEmpty
      ? Self.needed(of: files)
      : files.filter { file in include.contains { $0.matches(file.path) } }
    return wanted.filter { file in !exclude.contains { $0.matches(file.path) } }
  }

  // Folders hold other frameworks' copies (`onnx/`, `original/`, `openvino/`) or code; a model in
  // the layout of transformers lies beside its config.json, but for its further templates.
  private static let descriptions = [
    "*.json", "*.jinja", "merges.txt", "vocab.txt", "tokenizer.model", "*.tiktoken", "LICENSE*",
    "NOTICE*",
  ].map(GlobPattern.init)
  private static let templateFolder = GlobPattern("additional_chat_templates/*.jinja")
  // Weights of others, and what belongs to them.
  private static let foreign = [
    "consolidated*", "tf_model*", "flax_model*", "rust_model*", "adapter_*", "*.msgpack.index.json",
    "*.h5.index.json", "params.json",
  ].map(GlobPattern.init)
  private static let safetensors = GlobPattern("*.safetensors")
  private static let pickles = GlobPattern("pytorch_model*.bin")
  private static let pickleIndex = GlobPattern("pytorch_model*.index.json")

  /// What a model needs: configuration, tokenizer, templates, license, and one set of weights.
  private static func needed(of files: [HubFile]) -> [HubFile] {
    let top = files.filter { !$0.path.contains("/") }
    let own = top.filter { file in !foreign.contains { $0.matches(file.path) } }
    let hasSafetensors = own.contains { safetensors.matches($0.path) }
    return files.filter { file in
      if templateFolder.matches(file.path) { return true }
      guard own.contains(file) else { return false }
      if pickles.matches(file.path) || pickleIndex.matches(file.path) { return !hasSafetensors }
      return safetensors.matches(file.path)
        || descriptions.contains { $0.matches(file.path) }
    }
  }
}
