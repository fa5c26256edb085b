// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Diagnostics
import FoundationEssentials
import Hub

/// Finds the folder of what `-m` names: a folder, a model that was pulled or lies in a cache, or the
/// one within the program.
enum ModelPlace {
  /// What the environment says of hubs and folders.
  static func settings() throws -> HubSettings {
    try HubSettings(environment: ProcessInfo.processInfo.environment)
  }

  /// Reads a hub's name.
  static func name(_ text: String) throws -> ModelName {
    guard text != BuiltInModel.name else { throw BuiltInModel.staysFault }
    guard let name = ModelName(text) else {
      throw ValidationError("'\(text)' is no name of a model, which is like org/name")
    }
    return name
  }

  /// The name by which clients ask for a model, and receipts call it: a folder's last part, a hub's name
  /// as it is.
  static func shortName(of model: String) -> String {
    guard FileManager.default.fileExists(atPath: model) else { return model }
    return model.split(separator: "/").last.map(String.init) ?? model
  }

  /// The folder of a model.
  ///
  /// At a terminal a model that is not here is offered to be pulled; in a pipe never.
  ///
  /// - Parameters:
  ///   - given: A path, a hub's name, or `nano`, which nil stands for too. What else exists as a path
  ///     is one.
  ///   - need: What the command reads.
  /// - Throws: `HubError` where the name's model is not here, `MissingModel` where the program was
  ///   built without its own.
  /// - Returns: A path.
  static func folder(of given: String?, needing need: LocalModels.Need) throws -> String {
    guard let given, given != BuiltInModel.name else {
      guard let folder = BuiltInModel.folder else { throw MissingModel(isNamed: given != nil) }
      return folder
    }
    guard !FileManager.default.fileExists(atPath: given), let name = ModelName(given) else {
      return given
    }
    let settings = try settings()
    if let model = try LocalModels(settings).find(name, needing: need) { return model.folder }
    guard !settings.isOffline, try offersPull(of: name) else {
      throw HubError(.notHere, place: given)
    }
    return try PullRun(name: name).run(settings).folder
  }

  private static func offersPull(of name: ModelName) throws -> Bool {
    guard Input.isTerminal, Output.errorIsTerminal else { return false }
    Output.error("\(name) is not here. Pull it? (y/n) ")
    var answer: String?
    // A signal or the end of input left the line open.
    defer { if answer == nil { Output.error("\n") } }
    answer = try Input.line()
    return ["y", "yes"].contains(answer?.lowercased().filter { !$0.isWhitespace })
  }
}
