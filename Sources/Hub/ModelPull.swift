// SPDX-License-Identifier: Apache-2.0

import Compute
import FoundationEssentials
import NIOCore
import NIOPosix

/// Brings a model from a hub: what it needs, verified, several files at once.
public struct ModelPull: Sendable {
  // LIMIT: a margin for the record, folders, and what others write meanwhile.
  private static let diskMargin = 16 << 20

  private let name: ModelName
  private let selection: FileSelection
  private let isForced: Bool
  private let settings: HubSettings
  private let client: HubClient
  private let models: LocalModels
  private let fileLimit: Int

  /// Describes a pull.
  ///
  /// - Parameters:
  ///   - name: The model; its revision is `main` where it names none.
  ///   - selection: Which files.
  ///   - isForced: Whether files that are here are hashed again, and fetched where they differ.
  ///   - settings: Which hub and which folders.
  ///   - fileLimit: How many files come at once.
  public init(
    _ name: ModelName,
    selection: FileSelection = FileSelection(),
    isForced: Bool = false,
    settings: HubSettings,
    fileLimit: Int = 4
  ) {
    self.name = name
    self.selection = selection
    self.isForced = isForced
    self.settings = settings
    self.fileLimit = fileLimit
    client = HubClient(settings)
    models = LocalModels(settings)
  }

  /// Asks the hub what the model is, and finds out what is missing.
  ///
  /// - Throws: `HubError`, or `CancellationError`.
  public func prepare() async throws -> PullPlan {
    if settings.isOffline {
      guard let model = try models.find(name, needing: .weights) else {
        throw HubError(.offline, place: "\(name)")
      }
      return plan(nil, [], kept: [], .none(model))
    }
    let commit = try await client.commit(of: name)
    let listed = try await client.files(of: name, commit: commit)
    let chosen = selection.chosen(from: listed)
    guard !chosen.isEmpty else { throw HubError(.nothingMatches, place: "\(name)") }
    if chosen.contains(where: { $0.path == ModelRecord.fileName }) {
      throw HubError(.unsafePath(ModelRecord.fileName), place: "\(name)")
    }
    if !isForced, let model = try presentModel(commit, chosen) {
      return plan(commit, chosen, kept: Set(chosen), .none(model))
    }
    let staging = try StagingFolder(target: models.ownFolder(of: name), place: "\(name)")
    do {
      // Again, now that nobody else can change it.
      let (files, kept) = try comparison(commit, chosen)
      let plan = plan(commit, files, kept: kept, .fetch(staging))
      try checkDisk(plan)
      return plan
    } catch {
      staging.close()
      throw error
    }
  }

  /// Fetches what the plan says and puts the model in its place.
  ///
  /// - Parameters:
  ///   - plan: What `prepare` gave.
  ///   - progress: Counts the bytes.
  ///   - finished: Hears of each file once it is verified.
  /// - Throws: `HubError`, or `CancellationError`; what came so far stays for the next pull.
  /// - Returns: The model.
  public func run(
    _ plan: PullPlan,
    progress: PullProgress = PullProgress(),
    finished: (PulledFile) -> Void = { _ in }
  ) async throws -> LocalModel {
    guard case .fetch(let staging) = plan.work, let commit = plan.commit else {
      for file in plan.files { finished(PulledFile(file: file, state: .present)) }
      return try plan.presentModel ?? { throw HubError(.notHere, place: "\(name)") }()
    }
    defer { staging.close() }
    let disks = MultiThreadedEventLoopGroup(numberOfThreads: fileLimit)
    let result: Result<Set<HubFile>, any Error>
    do {
      result = .success(
        try await gather(plan, commit, staging, disks, progress: progress, finished: finished)
      )
    } catch {
      result = .failure(error)
    }
    try? await disks.shutdownGracefully()
    let kept = try result.get()
    let record = ModelRecord(
      model: name.identifier,
      endpoint: client.endpoint.origin,
      revision: name.revision ?? "main",
      commit: commit,
      time: Date().formatted(.iso8601),
      files: plan.files
    )
    do { try staging.commit(record, keeping: kept) } catch {
      throw HubError(.system(error), place: error.place)
    }
    return LocalModel(record, folder: staging.target)
  }

  /// Brings all files of a plan.
  ///
  /// - Returns: Those that are taken from the model's folder.
  private func gather(
    _ plan: PullPlan,
    _ commit: String,
    _ staging: StagingFolder,
    _ disks: MultiThreadedEventLoopGroup,
    progress: PullProgress,
    finished: (PulledFile) -> Void
  ) async throws -> Set<HubFile> {
    progress.expect(plan.byteCount)
    var kept = plan.kept
    if plan.isForced {
      let right = try await atOnce(Array(plan.kept)) { file in
        let path = "\(staging.target)/\(file.path)"
        let sink = FileSink(path: path, expecting: file, on: disks.next(), progress: progress)
        return try await sink.isRight()
      }
      kept = Set(right.filter(\.1).map(\.0))
    } else {
      progress.addPresent(kept.reduce(0) { $0 + $1.byteCount })
    }
    for file in plan.files where kept.contains(file) {
      finished(PulledFile(file: file, state: .present))
    }
    _ = try await atOnce(plan.files.filter { !kept.contains($0) }) { file in
      do throws(ComputeError) { try staging.makeRoom(for: file) } catch {
        throw HubError(.system(error), place: error.place)
      }
      try await FileDownload(
        client: client,
        address: client.address(of: file, in: name, commit: commit),
        file: file,
        sink: FileSink(
          path: staging.part(of: file),
          expecting: file,
          on: disks.next(),
          progress: progress
        ),
        patience: settings.patience
      ).run()
      return true
    } finished: {
      finished(PulledFile(file: $0, state: .fetched))
    }
    return kept
  }

  /// Does the same with many files, some of them at once.
  private func atOnce<Answer: Sendable>(
    _ files: [HubFile],
    _ work: @escaping @Sendable (HubFile) async throws -> Answer,
    finished: (HubFile) -> Void = { _ in }
  ) async throws -> [(HubFile, Answer)] {
    try await withThrowingTaskGroup(of: (HubFile, Answer).self) { group in
      var answers: [(HubFile, Answer)] = []
      var waiting = files.makeIterator()
      for _ in 0..<fileLimit {
        if let file = waiting.next() { group.addTask { (file, try await work(file)) } }
      }
      while let answer = try await group.next() {
        finished(answer.0)
        answers.append(answer)
        if let file = waiting.next() { group.addTask { (file, try await work(file)) } }
      }
      return answers
    }
  }

  private func plan(
    _ commit: String?,
    _ files: [HubFile],
    kept: Set<HubFile>,
    _ work: PullPlan.Work
  ) -> PullPlan {
    PullPlan(
      name: name,
      commit: commit,
      files: files,
      kept: kept,
      isForced: isForced,
      work: work
    )
  }

  /// The model where it is here already, file by file, pulled or in a cache.
  private func presentModel(_ commit: String, _ chosen: [HubFile]) throws(HubError) -> LocalModel? {
    let (files, kept) = try comparison(commit, chosen)
    let own = models.own(name)
    if let own, own.commit == commit, files.count == kept.count { return own }
    return own == nil ? models.cached(name, commit: commit, holding: chosen) : nil
  }

  /// The files that the folder shall hold, and those of them that it holds.
  private func comparison(
    _ commit: String,
    _ chosen: [HubFile]
  ) throws(HubError) -> (files: [HubFile], kept: Set<HubFile>) {
    let folder = models.ownFolder(of: name)
    guard DiskFolder.exists(folder) else { return (chosen, []) }
    guard let record = ModelRecord(folder: folder) else {
      throw HubError(.notPulled, place: folder)
    }
    // Another pattern adds to the files of the same commit; another commit replaces all.
    let paths = Set(chosen.map(\.path))
    let more = record.commit == commit ? record.files.filter { !paths.contains($0.path) } : []
    let files = (chosen + more).sorted { $0.path < $1.path }
    let recorded = Set(record.files)
    let kept = files.filter { file in
      recorded.contains(file)
        && DiskFolder.byteCount(of: "\(folder)/\(file.path)") == file.byteCount
    }
    return (files, Set(kept))
  }

  private func checkDisk(_ plan: PullPlan) throws(HubError) {
    guard let free = DiskFolder.freeByteCount(at: settings.modelFolder) else { return }
    guard plan.missingByteCount <= max(free - Self.diskMargin, 0) else {
      throw HubError(
        .diskTooSmall(needed: plan.missingByteCount, free: free),
        place: settings.modelFolder
      )
    }
  }
}
