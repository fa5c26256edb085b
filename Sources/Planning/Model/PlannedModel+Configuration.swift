// SPDX-License-Identifier: Apache-2.0

public import JSON
import Models

extension PlannedModel {
  /// Reads a configuration.
  ///
  /// All families that Hadal runs are read as it reads them. Beyond these a plan counts, without being
  /// able to run: GPT-2 and its like, BLOOM, OLMo 3, nanochat, and DeepSeek-V3.2 with its indexer.
  ///
  /// - Parameters:
  ///   - configuration: The value of a `config.json`.
  ///   - name: What the model is called.
  ///   - file: What errors call the file.
  /// - Throws: `PlanError` where something is broken, or not known.
  public init(
    configuration: JSONValue,
    name: String,
    file: String = "config.json"
  ) throws(PlanError) {
    switch configuration["model_type"]?.string {
    case "gpt2", "bloom", "nanochat":
      self = try PlainTransformer(configuration, file: file).model(name: name)
    case "olmo3":
      self = try Self.windowed(configuration, name: name, file: file)
    case "deepseek_v32":
      self = try Self.indexed(configuration, name: name, file: file)
    case "deepseek_v4":
      // Counting some of it would give a figure that looks like the model's, and is not.
      throw PlanError(.unreadModel(unknown: Self.unknownOfV4), place: file)
    default:
      self = try Self.known(configuration, name: name, file: file)
    }
  }

  private static let unknownOfV4 = [
    "how many operations and cache bytes attention over compressed entries takes "
      + "('compress_ratios')",
    "the weights of its grouped output ('o_groups') and its parallel residual streams ('hc_mult')",
    "how routing by hash ('num_hash_layers') and FP4 experts ('expert_dtype') are trained",
  ]

  private static func known(
    _ configuration: JSONValue,
    name: String,
    file: String
  ) throws(PlanError) -> PlannedModel {
    do throws(ModelError) {
      return PlannedModel(try Architecture(configuration: configuration, file: file), name: name)
    } catch {
      throw PlanError(.model(error))
    }
  }

  /// Reads a configuration as if its model type were another.
  private static func known(
    _ configuration: JSONValue,
    as modelType: String,
    name: String,
    file: String
  ) throws(PlanError) -> PlannedModel {
    let members = configuration.object.map { Array($0) } ?? []
    var rewritten = members.filter { $0.key != "model_type" && $0.key != "architectures" }
      .map { ($0.key, JSONText($0.value)) }
    rewritten.append(("model_type", .string(modelType)))
    let document: JSONDocument
    do throws(JSONError) {
      document = try JSONDocument(Array(JSONText.object(rewritten).text.utf8))
    } catch {
      throw PlanError(.badValue(found: error.what, expected: "JSON"), place: file)
    }
    return try known(document.root, name: name, file: file)
  }

  /// OLMo 3: Llama's layers with norms of whole queries and keys, of which all but every fourth see a
  /// window.
  private static func windowed(
    _ configuration: JSONValue,
    name: String,
    file: String
  ) throws(PlanError) -> PlannedModel {
    let fields = PlanFields(configuration, file: file)
    var model = try known(configuration, as: "llama", name: name, file: file)
    let window = try fields.count("sliding_window")
    let interval = try fields.count("full_attention_interval")
    guard var layer = model.groups.first?.layer else { return model }
    // Its norms have as many weights as queries and keys have numbers.
    let dimension = model.hiddenSize / max(layer.headCount, 1)
    layer.vectorCount += (layer.headCount + layer.keyValueHeadCount) * dimension
    var near = layer
    near.keyLimit = window
    let fullCount = model.layerCount / interval
    model.groups = [
      Group(count: model.layerCount - fullCount, layer: near),
      Group(count: fullCount, layer: layer),
    ].filter { $0.count > 0 }
    return model
  }

  /// DeepSeek-V3.2: V3's layers, each with an indexer that chooses the keys of a query.
  ///
  /// The indexer's tensors: `wq_b` [n·d, query rank], `wk` [d, hidden], a norm of d weights and d
  /// biases, `weights_proj` [n, hidden]; its score takes n·d multiplications a pair, and its keys d
  /// numbers a position (DeepSeek-V3.2's published code).
  private static func indexed(
    _ configuration: JSONValue,
    name: String,
    file: String
  ) throws(PlanError) -> PlannedModel {
    let fields = PlanFields(configuration, file: file)
    var model = try known(configuration, as: "deepseek_v3", name: name, file: file)
    let headCount = try fields.count("index_n_heads")
    let dimension = try fields.count("index_head_dim")
    let limit = try fields.count("index_topk")
    func indexed(_ groups: [Group]) -> [Group] {
      groups.map { group in
        var group = group
        group.layer.attentionCount +=
          headCount * dimension * (group.layer.latent?.queryRank ?? 0)
          + (dimension + headCount) * model.hiddenSize
        group.layer.vectorCount += 2 * dimension
        group.layer.indexedElementCount = headCount * dimension
        group.layer.keyLimit = limit
        return group
      }
    }
    (model.groups, model.predictionGroups) = (
      indexed(model.groups), indexed(model.predictionGroups)
    )
    return model
  }
}

/// Fields of a configuration that `Models` does not read.
struct PlanFields {
  // LIMIT: as in Models: about 16 times the largest published extent.
  private static let limit = 1 << 24

  private let root: JSONValue
  private let file: String

  init(_ root: JSONValue, file: String) {
    self.root = root
    self.file = file
  }

  /// A whole number of at least 1.
  func count(_ field: String, default fallback: Int? = nil) throws(PlanError) -> Int {
    guard let value = root[field], !value.isNull else {
      if let fallback { return fallback }
      throw PlanError(.model(ModelError(.missingField, file: file, field: field)))
    }
    guard let number = value.integer, (1...Self.limit).contains(number) else {
      let reason = ModelError.Reason.badNumber(
        found: String(value.source.prefix(40)),
        expected: "a whole number in 1…\(Self.limit)"
      )
      throw PlanError(.model(ModelError(reason, file: file, field: field)))
    }
    return number
  }
}
