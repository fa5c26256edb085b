// SPDX-License-Identifier: Apache-2.0

public import Checkpoints
public import Compute
import JSON
public import Models

/// One small checkpoint and what the reference computes from it.
public struct CheckpointOracle: Sendable, CustomStringConvertible {
  /// One stored prompt.
  public struct Prompt: Sendable {
    /// Its name in the stored files.
    public var name: String
    /// The input.
    public var ids: [Int32]
    /// The reference's greedy continuation.
    public var greedy: [Int32]
    /// The MTP layer's best token after each of them; empty without such a layer.
    public var drafts: [Int32]
  }

  /// The folder's name.
  public let name: String
  /// The folder.
  public let path: String

  /// The oracle of a name.
  public init(name: String, path: String) {
    self.name = name
    self.path = path
  }

  /// What a failing test calls it.
  public var description: String { name }

  /// Every checkpoint with expectations that can be read now.
  ///
  /// Gradients belong to training.
  public static let all: [CheckpointOracle] = {
    guard let folder = Oracles.folder else { return [] }
    let names = (try? SystemFolder.names(in: folder + "/checkpoints")) ?? []
    return names.sorted().compactMap { name in
      let path = "\(folder)/checkpoints/\(name)"
      let hasExpectations = SystemFolder.exists(path + "/expected/outputs.safetensors")
      let isLater = name.hasPrefix("grad-")
      return hasExpectations && !isLater ? CheckpointOracle(name: name, path: path) : nil
    }
  }()

  /// Whether any layer has experts.
  public var isMixture: Bool {
    (try? architecture().layers.contains { layer in
      if case .mixture = layer.feedForward { return true }
      return false
    }) ?? false
  }

  /// What config.json says.
  public func architecture() throws -> Architecture {
    try Architecture(configuration: CheckpointFolder.configuration(inFolder: path).root)
  }

  /// The model on a device.
  public func decoder(_ device: any Device, _ computeType: ComputeType = .f32) throws -> Decoder {
    try Decoder(
      architecture(),
      source: CheckpointFolder(path: path),
      device: device,
      computeType: computeType
    )
  }

  /// The stored arrays.
  public func outputs() throws -> SafetensorsFile {
    try SafetensorsFile(path: path + "/expected/outputs.safetensors")
  }

  /// The stored prompts.
  public func prompts() throws -> [Prompt] {
    let expected = try ConfigurationFile.read(
      path + "/expected/expected.json",
      label: "expected.json"
    )
    return expected.root["prompts"]?.array?.map { prompt in
      Prompt(
        name: prompt["name"]?.string ?? "",
        ids: Self.ids(prompt["ids"]),
        greedy: Self.ids(prompt["greedy"]),
        drafts: Self.ids(prompt["mtp_draft"])
      )
    } ?? []
  }

  private static func ids(_ value: JSONValue?) -> [Int32] {
    value?.array?.compactMap { $0.integer.map(Int32.init) } ?? []
  }
}
