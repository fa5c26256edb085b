// SPDX-License-Identifier: Apache-2.0

public import Compute

/// All that decides a run: what is trained, on what, how long and how.
public struct Recipe: Sendable, Hashable {
  /// What kind of run it is.
  public enum Stage: String, Sendable, Hashable, CaseIterable {
    /// Every token of packed documents is a target.
    case pretrain
    /// Only the assistant's tokens are; samples that share a row do not see each other.
    case sft
  }

  /// What is asked of data before a run learns from them.
  public enum IdentityDemand: String, Sendable, Hashable, CaseIterable {
    /// The identity guard ran over every document, and nothing that it found is undecided.
    case checked
    /// Nothing; whoever wrote the recipe answers for it.
    case unchecked
  }

  /// A folder of shards and how often its rows come.
  public struct DataSource: Sendable, Hashable {
    /// The folder, as the recipe's file sees it.
    public var path: String
    /// Relative to the other sources; nil where all count as one.
    public var weight: Double?
    /// Whether the identity guard must have run over it.
    public var identity = IdentityDemand.checked
  }

  /// Texts that are continued while a run goes on.
  public struct Samples: Sendable, Hashable {
    /// Every how many steps.
    public var interval: Int
    /// How many tokens each gets.
    public var tokenCount: Int
    /// What is continued.
    public var prompts: [String]
    /// The temperature at which tokens are drawn.
    public var temperature: Double
  }

  /// The recipe as it was read.
  public var text: String
  /// What the run is called.
  public var name: String
  /// What kind it is.
  public var stage: Stage
  /// The key of all random numbers.
  public var seed: UInt64
  /// What matrix products take.
  public var computeType: ComputeType
  /// A `config.json`, where training starts from random weights.
  public var configurationPath: String?
  /// A checkpoint's folder, where it goes on from weights that are there.
  public var checkpointPath: String?
  /// The standard deviation of first matrices.
  public var deviation: Double
  /// The folder of the tokenizer.
  public var tokenizerPath: String
  /// The data.
  public var sources: [DataSource]
  /// How documents are packed into rows.
  public var packing: RowLayout.Packing
  /// Whether documents that share a row do not see each other.
  public var restartsDocuments: Bool
  /// What each step does.
  public var settings: TrainerSettings
  /// Every how many steps a checkpoint is written.
  public var checkpointInterval: Int
  /// How many of the newest are kept.
  public var keptCheckpointCount: Int
  /// Every how many steps the validation loss is measured; 0 for never.
  public var validationInterval: Int
  /// On how many rows.
  public var validationRowCount: Int
  /// The texts that are continued, if any.
  public var samples: Samples?
  /// How many rows a pass takes where nobody says; no bit depends on it.
  public var passRowCount: Int?
}
