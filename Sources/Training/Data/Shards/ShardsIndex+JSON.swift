// SPDX-License-Identifier: Apache-2.0

public import JSON

extension ShardsIndex {
  private static let format = "hadal-shards"
  private static let version = 1

  /// The file's text.
  public var json: JSONText {
    .object([
      ("format", .string(Self.format)),
      ("version", .integer(Self.version)),
      (
        "tokenizer",
        .object([
          ("sha256", .string(tokenizerDigest)), ("vocabulary", .integer(vocabularyCount)),
          ("padding", .integer(paddingID)),
        ])
      ),
      ("recipe", recipe.json),
      ("identity", identity?.json ?? .null),
      ("sources", .array(sources.map(\.json))),
      ("shards", .array(shards.map(\.json))),
    ])
  }

  /// Reads the file's text.
  ///
  /// - Parameter bytes: The text.
  /// - Throws: `DataError` naming the field that is not as it was written.
  public init(_ bytes: [UInt8]) throws(DataError) {
    let root: JSONValue
    do { root = try JSONDocument(bytes).root } catch {
      throw DataError(.malformedIndex(error.what), place: "\(Self.fileName), line \(error.line)")
    }
    let fields = IndexFields(root, path: "")
    guard try fields.string("format") == Self.format, try fields.count("version") == Self.version
    else { throw fields.fault("format", "is no list of shards of version \(Self.version)") }
    let tokenizer = try fields.member("tokenizer")
    let shards = try fields.list("shards")
    let sources = try fields.list("sources")
    self.init(
      tokenizerDigest: try tokenizer.string("sha256"),
      vocabularyCount: try tokenizer.count("vocabulary"),
      paddingID: try tokenizer.count("padding"),
      recipe: try Recipe(fields.member("recipe")),
      // Shards from before there was a guard have no such member.
      identity: root["identity"].map(\.isNull) ?? true
        ? nil : try IdentityRecord(fields.member("identity")),
      sources: try sources.map { fields throws(DataError) in try Source(fields) },
      shards: try shards.map { fields throws(DataError) in try Shard(fields) }
    )
  }
}

extension ShardsIndex.Recipe {
  var json: JSONText {
    .object([
      ("documents", .string(unit.rawValue)),
      ("validation", .double(validationShare)),
      ("near_duplicates", nearThreshold.map(JSONText.double) ?? .null),
      ("fim", .double(middleFillingRate)),
      // As text: JSON's numbers hold 53 bits for most readers.
      ("seed", .string("\(seed)")),
      ("template", .string(template)),
    ])
  }

  init(_ fields: IndexFields) throws(DataError) {
    guard let unit = DocumentUnit(rawValue: try fields.string("documents")) else {
      throw fields.fault("documents", "names no unit")
    }
    guard let seed = UInt64(try fields.string("seed")) else {
      throw fields.fault("seed", "is no number")
    }
    self.init(
      unit: unit,
      validationShare: try fields.number("validation"),
      nearThreshold: fields.value["near_duplicates"]?.double,
      middleFillingRate: try fields.number("fim"),
      seed: seed,
      template: try fields.string("template")
    )
  }
}

extension ShardsIndex.Source {
  /// The source as the file has it.
  public var json: JSONText {
    .object([
      ("path", .string(path)),
      ("license", license.map(JSONText.string) ?? .null),
      ("sha256", .string(digest)),
      ("bytes", .integer(byteCount)),
      ("documents", .integer(counts.documentCount)),
      ("document_bytes", .integer(counts.documentByteCount)),
      ("tokens", .integer(counts.tokenCount)),
      ("exact_duplicates", .integer(counts.exactDuplicateCount)),
      ("near_duplicates", .integer(counts.nearDuplicateCount)),
      ("refused", .integer(counts.refusedCount)),
      ("unanswered", .integer(counts.unansweredCount)),
    ])
  }

  init(_ fields: IndexFields) throws(DataError) {
    self.init(
      path: try fields.string("path"),
      license: fields.value["license"]?.string,
      digest: try fields.string("sha256"),
      byteCount: try fields.count("bytes"),
      counts: ShardsIndex.Counts(
        documentCount: try fields.count("documents"),
        documentByteCount: try fields.count("document_bytes"),
        tokenCount: try fields.count("tokens"),
        exactDuplicateCount: try fields.count("exact_duplicates"),
        nearDuplicateCount: try fields.count("near_duplicates"),
        refusedCount: try fields.count("refused"),
        unansweredCount: try fields.count("unanswered")
      )
    )
  }
}

extension ShardsIndex.Shard {
  /// The shard as the file has it.
  public var json: JSONText {
    .object([
      ("file", .string(file)),
      ("split", .string(split.rawValue)),
      ("sha256", .string(digest)),
      ("bytes", .integer(byteCount)),
      ("documents", .integer(documentCount)),
      ("tokens", .integer(tokenCount)),
      ("loss_tokens", .integer(lossCount)),
      ("source_bytes", .integer(sourceByteCount)),
    ])
  }

  init(_ fields: IndexFields) throws(DataError) {
    guard let split = DataSplit(rawValue: try fields.string("split")) else {
      throw fields.fault("split", "is neither train nor validation")
    }
    let file = try fields.string("file")
    // The list comes from outside: it names files of its own folder and no others.
    guard !file.isEmpty, !file.contains("/"), !file.hasPrefix(".") else {
      throw fields.fault("file", "is no name of a file")
    }
    self.init(
      file: file,
      split: split,
      digest: try fields.string("sha256"),
      byteCount: try fields.count("bytes"),
      documentCount: try fields.count("documents"),
      tokenCount: try fields.count("tokens"),
      lossCount: try fields.count("loss_tokens"),
      sourceByteCount: try fields.count("source_bytes")
    )
  }
}

/// The members of an object of the file, with the way to it.
struct IndexFields {
  let value: JSONValue
  private let path: String

  init(_ value: JSONValue, path: String) {
    self.value = value
    self.path = path
  }

  func fault(_ key: String, _ what: String) -> DataError {
    DataError(
      .malformedIndex("'\(path)\(key)' \(what)"),
      place: "\(ShardsIndex.fileName), field \(path)\(key)"
    )
  }

  func string(_ key: String) throws(DataError) -> String {
    guard let string = value[key]?.string else { throw fault(key, "is missing, or no text") }
    return string
  }

  func count(_ key: String) throws(DataError) -> Int {
    guard let count = value[key]?.integer, count >= 0, count < 1 << 48 else {
      throw fault(key, "is missing, or no count")
    }
    return count
  }

  func number(_ key: String) throws(DataError) -> Double {
    guard let number = value[key]?.double else { throw fault(key, "is missing, or no number") }
    return number
  }

  func member(_ key: String) throws(DataError) -> IndexFields {
    guard let member = value[key], member.object != nil else {
      throw fault(key, "is missing, or no object")
    }
    return IndexFields(member, path: "\(path)\(key).")
  }

  func list(_ key: String) throws(DataError) -> [IndexFields] {
    guard let elements = value[key]?.array else { throw fault(key, "is missing, or no list") }
    return elements.enumerated().map { IndexFields($1, path: "\(path)\(key)[\($0)].") }
  }
}
