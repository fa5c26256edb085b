// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Inference
import Models
import Serving
import Storage
import Synchronization

/// The keys of a server: opened, and known to be there where they are needed.
final class ServeKeys: Sendable {
  /// What the server asks who is let in.
  let door: ServerKeys

  private let hasWarned = Mutex(false)

  /// Opens the keys.
  ///
  /// - Throws: `StorageError`, or an error of configuration where a key is required and there is none:
  ///   elsewhere than on this machine anybody could ask.
  init(_ command: ServeCommand) throws {
    let options = command.door
    let isOpen = !options.address(port: command.port).isLocal
    let reader = try KeysPlaceOptions.open(options.database)
    door = ServerKeys(
      reader: reader,
      writer: try KeysPlaceOptions.open(options.database),
      isRequired: isOpen || options.requireKey
    )
    guard door.isRequired, try !reader.list().contains(where: { $0.revoked == nil }) else { return }
    throw Input.Failure(
      what: "the server would let nobody in: there is no key",
      place: isOpen ? "--host \(options.host)" : "--require-key",
      remedy: "hadal keys create NAME" + (isOpen ? "; or --host 127.0.0.1, which needs none" : ""),
      exitCode: .configuration
    )
  }

  /// Notes what an answer used, where it was begun.
  ///
  /// The prompt of several choices is counted once, as the usage says that they are told.
  func charge(
    _ id: String,
    _ request: GenerationRequest,
    _ outcome: Result<Inference.Completion, ModelError>
  ) {
    // What the machine failed at costs its client nothing, and what only waited neither.
    guard let completion = try? outcome.get(), completion.machineSeconds > 0 else { return }
    var use = TokenUse(outputs: completion.ids.count)
    if request.choiceIndex == 0 {
      use.cacheHits = completion.cachedPromptCount
      use.cacheMisses = request.promptIDs.count - completion.cachedPromptCount
    }
    do throws(StorageError) { try door.charge(id, use) } catch { warn(error) }
  }

  /// Writes what could not be written when it was used.
  func flush() {
    do throws(StorageError) { try door.flush() } catch { warn(error) }
  }

  private func warn(_ error: StorageError) {
    guard
      hasWarned.withLock({ hasWarned in
        defer { hasWarned = true }
        return !hasWarned
      })
    else { return }
    var parts = ErrorReport.Parts(error)
    parts.what = "what keys use cannot be written, and they wait until it can: \(parts.what)"
    parts.print()
  }
}
