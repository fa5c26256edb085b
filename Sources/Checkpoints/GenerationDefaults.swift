// SPDX-License-Identifier: Apache-2.0

public import JSON

/// What a checkpoint says about sampling: `generation_config.json`, with the end-of-sequence ids of
/// `config.json` added.
public struct GenerationDefaults: Sendable, Hashable {
  /// The ids that end a text, ascending: the union of both files.
  public var endOfSequenceIDs: [Int32] = []
  /// The `bos_token_id`; the tokenizer's own wins.
  public var beginningOfSequenceID: Int32?
  /// Whether to sample at all; false asks for the largest logit.
  public var samples: Bool?
  /// What logits are divided by; 0 and above.
  public var temperature: Double?
  /// The probability mass that is kept, 0…1.
  public var topP: Double?
  /// How many ids are kept; 0 for all.
  public var topK: Int?
  /// The least probability kept, as a fraction of the largest, 0…1.
  public var minP: Double?
  /// What logits of repeated ids are divided by; 1 changes nothing.
  public var repetitionPenalty: Double?
  /// The most tokens to generate.
  public var tokenCountMax: Int?

  /// Creates defaults that say nothing.
  public init() {}

  /// Reads the defaults of a model folder; a file that is absent says nothing.
  ///
  /// - Parameter path: The folder.
  /// - Throws: `CheckpointError` where a file is no JSON or a field has a value it cannot have.
  public init(folder path: String) throws(CheckpointError) {
    let configuration = try Self.read("config.json", in: path)
    let generation = try Self.read("generation_config.json", in: path)
    try self.init(generation: generation?.root, configuration: configuration?.root)
  }

  /// Reads the defaults from parsed files.
  ///
  /// - Parameters:
  ///   - generation: The value of `generation_config.json`, where there is one.
  ///   - configuration: The value of `config.json`, where there is one.
  /// - Throws: `CheckpointError` where a field has a value it cannot have.
  public init(generation: JSONValue?, configuration: JSONValue?) throws(CheckpointError) {
    var ids: Set<Int32> = []
    for (value, file) in [
      (configuration, "config.json"), (generation, "generation_config.json"),
    ] {
      ids.formUnion(try TokenIDField.list(value?["eos_token_id"], "eos_token_id", file: file))
      let bos = try TokenIDField.list(value?["bos_token_id"], "bos_token_id", file: file)
      beginningOfSequenceID = bos.first ?? beginningOfSequenceID
    }
    endOfSequenceIDs = ids.sorted()
    guard let generation else { return }
    let fields = GenerationFields(root: generation)
    samples = try fields.flag("do_sample")
    temperature = try fields.number("temperature", in: 0...1e6)
    topP = try fields.number("top_p", in: 0...1)
    topK = try fields.count("top_k")
    minP = try fields.number("min_p", in: 0...1)
    repetitionPenalty = try fields.number("repetition_penalty", in: 1e-6...1e6)
    tokenCountMax = try fields.count("max_new_tokens")
  }

  private static func read(
    _ name: String,
    in folder: String
  ) throws(CheckpointError) -> JSONDocument? {
    do {
      return try ConfigurationFile.read("\(folder)/\(name)", label: name)
    } catch {
      if case .missingFile = error.reason { return nil }
      throw error
    }
  }
}

/// Reads `eos_token_id` and its kin: null, one id, or a list of ids.
public enum TokenIDField {
  /// Reads a field of token ids; −1, which old files write for "none", gives none.
  ///
  /// - Parameters:
  ///   - value: The field's value, nil where the field is absent.
  ///   - field: The field, for errors.
  ///   - file: The file, for errors.
  /// - Throws: `CheckpointError` where the value is no id and no list of ids.
  /// - Returns: The ids in the order of the file.
  public static func list(
    _ value: JSONValue?,
    _ field: String,
    file: String
  ) throws(CheckpointError) -> [Int32] {
    guard let value, !value.isNull else { return [] }
    if let elements = value.array {
      var ids: [Int32] = []
      for element in elements { ids += try id(element, field, file: file) }
      return ids
    }
    return try id(value, field, file: file)
  }

  private static func id(
    _ value: JSONValue,
    _ field: String,
    file: String
  ) throws(CheckpointError) -> [Int32] {
    guard let integer = value.integer, let id = Int32(exactly: integer), id >= -1 else {
      throw CheckpointError(
        .badValue(
          found: String(value.source.prefix(40)),
          expected: "a token id or a list of token ids"
        ),
        file: file,
        field: field
      )
    }
    return id < 0 ? [] : [id]
  }
}

/// Optional fields of `generation_config.json`; null counts as absent.
private struct GenerationFields {
  let root: JSONValue

  func number(_ field: String, in range: ClosedRange<Double>) throws(CheckpointError) -> Double? {
    guard let value = present(field) else { return nil }
    guard let number = value.double, range.contains(number) else {
      throw error(value, "a number in \(range.lowerBound)…\(range.upperBound)", field)
    }
    return number
  }

  func count(_ field: String) throws(CheckpointError) -> Int? {
    guard let value = present(field) else { return nil }
    guard let integer = value.integer, integer >= 0 else {
      throw error(value, "a whole number of 0 or more", field)
    }
    return integer
  }

  func flag(_ field: String) throws(CheckpointError) -> Bool? {
    guard let value = present(field) else { return nil }
    guard let flag = value.boolean else { throw error(value, "true or false", field) }
    return flag
  }

  private func present(_ field: String) -> JSONValue? {
    root[field].flatMap { $0.isNull ? nil : $0 }
  }

  private func error(_ value: JSONValue, _ expected: String, _ field: String) -> CheckpointError {
    CheckpointError(
      .badValue(found: String(value.source.prefix(40)), expected: expected),
      file: "generation_config.json",
      field: field
    )
  }
}
