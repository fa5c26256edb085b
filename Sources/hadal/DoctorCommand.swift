// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Checkpoints
import Compute
import Diagnostics
import Hub
import Inference
import JSON
import Models
import Tokenization

/// `hadal doctor`.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Show what this machine can do, and whether a model works on it.",
    discussion: """
      Prints processor, kernel path, measured bandwidth and peak, memory and paths; and of a model
      its self-test: every kernel path against each other and against the reference, on the model's
      own weights. Without -m that is nano, the model within the program. Says which configuration
      file is used, and whether it is whole. Ends with 1 where a check fails.

        hadal doctor
        hadal doctor -m FOLDER
      """
  )

  @OptionGroup var model: ModelOptions

  func run() throws {
    var report = DoctorReport()
    try report.addMachine(threads: model.threads ?? ThreadPool.coreCount)
    report.addConfiguration(ConfiguredCommand.state(Arguments.given))
    report.addBuiltInModel()
    if model.model != nil || BuiltInModel.folder != nil {
      try report.addModel(try model.load(), computeType: model.compute)
    }
    if model.json {
      try Output.json(report.json)
    } else {
      try Output.text(report.text)
    }
    if !report.isHealthy { throw ArgumentParser.ExitCode(1) }
  }
}

/// What `doctor` found, line by line.
struct DoctorReport {
  private var rows: [(name: String, value: JSONText, text: String)] = []
  private(set) var isHealthy = true

  mutating func addMachine(threads: Int) throws {
    add("version", .string(VersionText.version), VersionText.line)
    add("processor", .string(MachineFacts.processorName))
    let path = try KernelPath.chosen()
    let available = KernelPath.available.map(\.rawValue)
    add(
      "kernel_path",
      .string(path.rawValue),
      "\(path.rawValue), of \(available.joined(separator: ", "))"
    )
    add("threads", .integer(threads))
    let measurement = try MachineMeasurement(threads: threads, path: path)
    add(
      "bandwidth_bytes_s",
      .double(measurement.bytesPerSecond),
      "\(ByteCount.text(Int(measurement.bytesPerSecond))) a second, \(threads) threads"
    )
    for (name, type, value) in measurement.peaks {
      add(
        "peak_\(name)_operations_s",
        .double(value),
        "\(Int(value / 1e9)) billion operations a second in \(type.rawValue)"
      )
    }
    if let total = SystemMemory.totalByteCount {
      add("memory_bytes", .integer(total), ByteCount.text(total))
    }
    if let available = SystemMemory.availableByteCount {
      add("memory_available_bytes", .integer(available), ByteCount.text(available))
    }
    let settings = try ModelPlace.settings()
    add("models_path", .string(settings.modelFolder))
    let found = LocalModels(settings).all().map(\.identifier)
    add("models", .array(found.map(JSONText.string)), found.isEmpty ? "none found" : nil)
    if path == .scalar {
      add("slow", .string("no vector kernels"), "the scalar kernels are 10 to 50 times slower")
    }
  }

  mutating func addConfiguration(_ state: ConfiguredCommand.State) {
    add("config_path", state.path.map(JSONText.string) ?? .null, state.path ?? "none")
    guard state.path != nil else { return }
    isHealthy = isHealthy && state.fault == nil
    add("check_config", .boolean(state.fault == nil), state.fault ?? "ok")
  }

  mutating func addBuiltInModel() {
    let size = ByteCount.text(BuiltInModel.byteCount)
    add(
      "built_in_model",
      BuiltInModel.folder == nil ? .null : .string(BuiltInModel.name),
      BuiltInModel.folder == nil ? "none" : "\(BuiltInModel.name), \(size)"
    )
  }

  mutating func addModel(_ model: LoadedModel, computeType: ComputeType?) throws {
    let folder = model.checkpoint.path
    let isBuiltIn = BuiltInModel.isFolder(folder)
    let architecture = model.decoder.architecture.name
    add(
      "model",
      .string(isBuiltIn ? BuiltInModel.name : folder),
      isBuiltIn ? "\(BuiltInModel.name), within the program (\(architecture))" : architecture
    )
    add("model_memory", .string(model.memory.notice))
    if let pattern = model.tokenizer?.generalPattern {
      add(
        "slow_tokenizer",
        .string(pattern),
        "this pre-tokenizer pattern is not known, the general path is slower: \(pattern)"
      )
    }
    if model.tokenizer == nil { add("tokenizer", .null, "none: takes --prompt-ids only") }
    for check in try ModelSelfTest(model).run() {
      isHealthy = isHealthy && check.passed
      add("check_" + check.name, .boolean(check.passed), check.passed ? "ok" : check.detail)
    }
  }

  private mutating func add(_ name: String, _ value: JSONText, _ text: String? = nil) {
    rows.append((name, value, text ?? Self.plain(value)))
  }

  private static func plain(_ value: JSONText) -> String {
    switch value {
    case .string(let text): text
    case .array(let values): values.map(plain).joined(separator: ", ")
    default: value.text
    }
  }

  var json: JSONText {
    .object(rows.map { ($0.name, $0.value) } + [("healthy", .boolean(isHealthy))])
  }

  var text: String {
    let width = rows.map(\.name.count).max() ?? 0
    return rows.map { row in
      let name = row.name.map { $0 == "_" ? " " : String($0) }.joined()
      return name + String(repeating: " ", count: width + 2 - name.count) + row.text + "\n"
    }.joined()
  }
}
