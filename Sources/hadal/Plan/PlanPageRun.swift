// SPDX-License-Identifier: Apache-2.0

import Hub
import JSON
import Planning
import Serving

/// `hadal plan --page`: the planner in a browser, until Ctrl-C.
struct PlanPageRun {
  private let page: PlanPage
  private let server: LoopbackServer
  private let state: [(name: String, value: String)]

  /// Prepares the page.
  ///
  /// - Parameters:
  ///   - source: The model that was named, nil for the page's own beginning.
  ///   - catalog: The models that have names.
  ///   - state: The options that were given, as the page's address has them.
  ///   - port: The port; 0 takes a free one.
  init(
    _ source: PlanSource?,
    _ catalog: ModelCatalog,
    state: [(name: String, value: String?)],
    port: Int
  ) {
    let model = source?.model
    page = PlanPage(
      catalog: catalog,
      given: model.flatMap { catalog.contains($0.name) ? nil : $0 },
      measure: { try PlanSource.measuredMachine() }
    )
    server = LoopbackServer(port: port)
    let given = [(name: "model", value: model?.name)] + state
    self.state = given.compactMap { entry in entry.value.map { (entry.name, $0) } }
  }

  /// Serves until a signal comes.
  func run(json: Bool) throws {
    let (page, server, suffix) = (page, server, fragment)
    try AsyncWork.wait {
      try await server.run(
        listening: { address in Self.announce(address + suffix, json: json) },
        answer: { page.answer($0) }
      )
    }
    try Interruption.check()
  }

  private static func announce(_ address: String, json: Bool) {
    // Where nobody reads the address, the page is served all the same.
    if json {
      try? Output.json(.object([("url", .string(address))]))
    } else {
      try? Output.line("The planner is at \(address) until Ctrl-C, for this machine alone.")
    }
  }

  private var fragment: String {
    guard !state.isEmpty else { return "" }
    let parts = state.map { "\($0.name)=\(HTTPAddress.encodedPart($0.value))" }
    return "#" + parts.joined(separator: "&")
  }
}
