// SPDX-License-Identifier: Apache-2.0

import Compute
import JSON
import Planning

/// The models that the program knows by name.
enum PlanCatalog {
  private static let folder = "configs/"
  private static let ending = ".json"

  /// Those of the configurations within the program, and the model within it.
  static var builtIn: ModelCatalog {
    var texts: [String: [UInt8]] = [:]
    for file in EmbeddedFile.all where file.name.hasPrefix(folder) && file.name.hasSuffix(ending) {
      texts[String(file.name.dropFirst(folder.count).dropLast(ending.count))] = file.bytes
    }
    if let own = EmbeddedFile.named("\(BuiltInModel.name)/config.json") {
      texts[BuiltInModel.name] = own.bytes
    }
    return ModelCatalog(texts)
  }
}

/// The names that a plan takes.
struct PlanListing {
  private let catalog: ModelCatalog

  init(_ catalog: ModelCatalog) { self.catalog = catalog }

  func show(json: Bool) throws {
    if json {
      return try Output.json(
        .object([
          ("models", .array(catalog.names.map(JSONText.string))),
          ("hardware", .array(HardwareTable.all.map(\.json))),
        ])
      )
    }
    try Output.line("models    " + catalog.names.joined(separator: "\n          "))
    let width = HardwareTable.all.map(\.name.count).max() ?? 0
    for device in HardwareTable.all {
      let name = device.name + String(repeating: " ", count: width - device.name.count)
      let price = device.price.map { ", \(PlanNumber.dollars($0.dollarsPerHour))/h (\($0.date))" }
      try Output.line("hardware  \(name)  \(device.title)\(price ?? "")")
    }
    try Output.line("hardware  here  this machine, measured")
  }
}
