// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics
import Hub
import JSON
import Synchronization
import Terminal

/// A pull as a person sees it: what it will need is said first, and how far it is while it runs.
struct PullRun {
  let name: ModelName
  var selection = FileSelection()
  var isForced = false
  /// Whether each file and the model are printed as JSON.
  var json = false

  /// Brings the model.
  ///
  /// - Throws: `HubError`, or the parser's `ExitCode` after a signal.
  func run(_ settings: HubSettings) throws -> LocalModel {
    let pull = ModelPull(name, selection: selection, isForced: isForced, settings: settings)
    let plan = try AsyncWork.wait { try await pull.prepare() }
    announce(plan)
    let start = ContinuousClock.now
    let progress = PullProgress()
    let files = FinishedFiles()
    var bar = Progress()
    defer { bar.clear() }
    var failure: (any Error)?
    let model = try AsyncWork.wait {
      // What an earlier pull left is hashed faster than any line brings bytes.
      bar.show(
        progress.byteCount,
        of: progress.totalByteCount,
        measured: progress.fetchedByteCount
      )
      do { try print(files.take()) } catch { failure = error }
    } for: {
      try await pull.run(plan, progress: progress) { files.add($0) }
    }
    bar.clear()
    if let failure { throw failure }
    try print(files.take())
    close(plan, progress, seconds: start.duration(to: .now) / .seconds(1))
    return model
  }

  /// Says what comes, and where it will not fit the memory, before the first byte.
  private func announce(_ plan: PullPlan) {
    guard plan.presentModel == nil else { return }
    if let total = SystemMemory.totalByteCount, plan.weightByteCount > total {
      Output.errorLine(
        "hadal: warning: the weights take \(ByteCount.text(plan.weightByteCount)), "
          + "this machine has \(ByteCount.text(total)) of memory (\(name))"
      )
    }
    if Output.errorIsTerminal, !json {
      let count = plan.files.count
      Output.errorLine(
        "\(name): \(count) \(count == 1 ? "file" : "files"), "
          + "\(ByteCount.text(plan.missingByteCount)) to fetch"
      )
    }
  }

  private func print(_ files: [PulledFile]) throws {
    guard json else { return }
    for file in files {
      try Output.json(
        .object([
          ("model", .string(name.identifier)), ("file", .string(file.file.path)),
          ("bytes", .integer(file.file.byteCount)),
          ("state", .string(file.state.rawValue)),
          (file.file.digest.algorithm, .string(file.file.digest.hexadecimal)),
        ])
      )
    }
  }

  private func close(_ plan: PullPlan, _ progress: PullProgress, seconds: Double) {
    guard Output.errorIsTerminal, !json else { return }
    guard plan.presentModel == nil else {
      Output.errorLine("\(name): nothing to fetch")
      return
    }
    let fetched = progress.fetchedByteCount
    let rate = Int(Double(fetched) / max(seconds, 0.001))
    Output.errorLine(
      "\(name): \(ByteCount.text(fetched)) in \(ProgressBar.time(seconds)), "
        + "\(ByteCount.text(rate))/s, verified"
    )
  }

  /// Files that are done and not yet printed.
  private final class FinishedFiles: Sendable {
    private let files = Mutex<[PulledFile]>([])

    func add(_ file: PulledFile) { files.withLock { $0.append(file) } }

    func take() -> [PulledFile] {
      files.withLock { files in
        defer { files = [] }
        return files
      }
    }
  }
}

extension LocalModel {
  /// The model as the contract's JSON object.
  var json: JSONText {
    .object([
      ("model", .string(identifier)), ("revision", revision.map(JSONText.string) ?? .null),
      ("commit", commit.map(JSONText.string) ?? .null), ("files", .integer(fileCount)),
      ("bytes", .integer(byteCount)), ("origin", .string(origin.rawValue)),
      ("path", .string(folder)),
    ])
  }
}
