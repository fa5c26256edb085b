// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics
import FoundationEssentials
import Inference
import JSON
import Ledger
import Serving

/// What `hadal serve` does: loads the models, listens, and ends in order.
struct ServeRun {
  private let command: ServeCommand
  private let ledger: ServeLedger
  private let keys: ServeKeys

  init(_ command: ServeCommand) throws {
    self.command = command
    keys = try ServeKeys(command)
    ledger = ServeLedger(
      AnswerLedger("serve", command.accounting, threads: command.computing.threads)
    )
  }

  func run() throws {
    let names = command.models.isEmpty ? [BuiltInModel.name] : command.models
    var models: [ServedModel] = []
    for name in names {
      let model = try serve(name, among: names.count)
      if models.contains(where: { $0.name == model.name }) {
        throw Input.Failure(
          what: "two models would be called '\(model.name)'",
          place: "-m \(name)",
          exitCode: .usage
        )
      }
      models.append(model)
    }
    try listen(models)
    keys.flush()
    ledger.flush()
    if Interruption.isTermination { return }
    try Interruption.check()
  }

  /// Loads a model; several share the memory.
  private func serve(_ name: String, among count: Int) throws -> ServedModel {
    let loaded = try command.computing.load(name)
    let facts = AnswerLedger.Facts(
      loaded,
      threadCount: command.computing.threads ?? ThreadPool.coreCount,
      quickly: false
    )
    let limits = EngineLimits(
      sequenceCount: command.maxBatch,
      cacheByteCount: loaded.memory.cacheByteCount(sequenceCount: command.maxBatch) / count,
      waitingCount: command.queue,
      prefillChunk: command.computing.prefillChunk
    )
    return try ServedModel(
      loaded,
      name: ModelPlace.shortName(of: name),
      weights: facts.weights,
      limits: limits,
      prefixFolder: prefixFolder(facts.weights),
      ended: { [ledger, keys] request, outcome, owner in
        let keyID = RequestOwner(name: owner).keyID
        if let keyID { keys.charge(keyID, request, outcome) }
        ledger.append(request, outcome, facts, keyID: keyID)
      },
      now: { LocalTime.now }
    )
  }

  /// Where prefixes outlast the run; nil where there is no such place, or what made them has no name.
  private func prefixFolder(_ weights: String?) -> PrefixFolder? {
    let byteCount = Int(command.prefixDisk * 1e9)
    let environment = ProcessInfo.processInfo.environment
    let caches =
      environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? environment["HOME"].map { $0 + "/.cache" }
    let path = command.prefixFolder ?? caches.map { $0 + "/hadal/prefix" }
    guard let weights, let path, byteCount > 0 else { return nil }
    return PrefixFolder(path: path, byteCount: byteCount, weights: weights)
  }

  private func listen(_ models: [ServedModel]) throws {
    let server = APIServer(
      models: models,
      address: command.door.address(port: command.port),
      certificate: try command.door.certificate(),
      keys: keys.door,
      refused: { [ledger] in ledger.refuse(keyID: $0, status: $1) },
      now: { Int(Date.now.timeIntervalSince1970) },
      makeID: { UUID().uuidString.lowercased() },
      makeHead: { [ledger] in ledger.makeSignedHead()?.json }
    )
    let socket = command.door.socket.map(SocketFile.init)
    try socket?.prepare()
    defer { socket?.remove() }
    let (stopping, stop) = AsyncStream.makeStream(of: Never.self)
    let (names, json) = (models.map(\.name), command.computing.json)
    let audience =
      command.door.address(port: 0).isLocal ? "for this machine alone" : "for all with a key"
    var isStopping = false
    try AsyncWork.wait(
      isCancelled: false,
      tick: {
        guard Interruption.isRequested, !isStopping else { return }
        isStopping = true
        stop.finish()
      },
      for: {
        try await server.run(
          listening: {
            try? socket?.protect()
            Self.announce($0, names, audience, json: json)
          },
          stopping: stopping
        )
      }
    )
  }

  private static func announce(
    _ address: String,
    _ names: [String],
    _ audience: String,
    json: Bool
  ) {
    // Where nobody reads the address, the models are served all the same.
    if json {
      try? Output.json(
        .object([
          ("url", .string(address)), ("models", .array(names.map(JSONText.string))),
        ])
      )
    } else {
      let list = names.joined(separator: ", ")
      try? Output.line("\(list) at \(address)/v1 until Ctrl-C, \(audience).")
    }
  }
}
