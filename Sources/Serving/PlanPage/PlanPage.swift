// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics
import JSON
public import Planning
import Synchronization

/// The planner as a page: its files, and the figures that it asks for while sliders move.
///
/// | Path | Answer |
/// |---|---|
/// | `/`, `/plan.css`, `/plan.js` | the page |
/// | `/api/catalog` | models and hardware |
/// | `/api/plan?model=…` | a plan with its equations: a question's names are the command's options |
/// | `/api/curve?model=…` | the same question over numbers of devices |
public final class PlanPage: Sendable {
  private let catalog: ModelCatalog
  private let given: PlannedModel?
  private let measure: @Sendable () throws -> Accelerator
  private let here = Mutex<Accelerator?>(nil)

  /// Creates a page.
  ///
  /// - Parameters:
  ///   - catalog: The models that have names.
  ///   - given: A further one, of a file.
  ///   - measure: Measures this machine; called once, when somebody plans for it.
  public init(
    catalog: ModelCatalog,
    given: PlannedModel? = nil,
    measure: @escaping @Sendable () throws -> Accelerator
  ) {
    self.catalog = catalog
    self.given = given
    self.measure = measure
  }

  /// Answers a question; nothing is kept of it.
  public func answer(_ question: LoopbackServer.Question) -> LoopbackServer.Answer {
    do {
      switch question.path {
      case "/": return file("index.html", "text/html; charset=utf-8")
      case "/plan.css": return file("plan.css", "text/css; charset=utf-8")
      case "/plan.js": return file("plan.js", "text/javascript; charset=utf-8")
      case "/api/catalog": return Self.answer(catalogJSON)
      case "/api/plan": return Self.answer(try plan(PlanPageQuestion(question.query)))
      case "/api/curve": return Self.answer(try curve(PlanPageQuestion(question.query)))
      default: return LoopbackServer.plain(404, "nothing is here: the page is /")
      }
    } catch let error as any DiagnosableError {
      return Self.answer(Self.json(error), status: 422)
    } catch {
      return LoopbackServer.plain(500, "\(error)")
    }
  }

  private func file(_ name: String, _ mediaType: String) -> LoopbackServer.Answer {
    guard let file = EmbeddedFile.named("plan/\(name)") else {
      return LoopbackServer.plain(404, "the page is not part of this program")
    }
    return LoopbackServer.Answer(mediaType: mediaType, body: file.bytes)
  }

  private static func answer(_ json: JSONText, status: Int = 200) -> LoopbackServer.Answer {
    LoopbackServer.Answer(
      status: status,
      mediaType: "application/json",
      body: Array(json.text.utf8)
    )
  }

  private static func json(_ error: any DiagnosableError) -> JSONText {
    .object([
      ("what", .string(error.what)), ("place", error.place.map(JSONText.string) ?? .null),
      ("remedy", error.remedy.map(JSONText.string) ?? .null),
    ])
  }

  private var catalogJSON: JSONText {
    .object([
      ("given", given.map { .string($0.name) } ?? .null),
      ("models", .array(catalog.names.map(JSONText.string))),
      ("hardware", .array(HardwareTable.all.map(\.json))),
    ])
  }

  private func plan(_ asked: PlanPageQuestion) throws -> JSONText {
    let estimate = try question(asked).estimate()
    let scenario = estimate.scenario
    return .object([
      ("plan", estimate.json), ("device", scenario.device.json),
      ("headlines", .array(estimate.headlines.map(\.json))),
      ("equations", .array(estimate.equations.map(\.json))),
      ("command", .string(asked.command)),
    ])
  }

  // LIMIT: where the largest clusters that were announced lie.
  private static let largestCurveCount = 1 << 17

  /// The fastest layouts that fit, over powers of two of devices, from the first that holds the model.
  private func curve(_ asked: PlanPageQuestion) throws -> JSONText {
    var question = try question(asked)
    question.layout = nil
    question.deviceCount = nil
    var count = try question.scenario().deviceCount
    let device = question.device
    let most = device.networkLink == nil ? device.nodeDeviceCount : Self.largestCurveCount
    var points: [JSONText] = []
    while count <= most {
      question.deviceCount = count
      let estimate = try question.estimate()
      if estimate.fits { points.append(Self.point(estimate)) }
      count *= 2
    }
    return .object([("points", .array(points))])
  }

  private static func point(_ estimate: TrainingEstimate) -> JSONText {
    func number(_ value: Double?) -> JSONText { value.map(JSONText.double) ?? .null }
    return .object([
      ("count", .integer(estimate.scenario.deviceCount)), ("step_s", .double(estimate.step.total)),
      ("seconds", number(estimate.seconds)), ("usd", number(estimate.dollars?.value)),
      ("mfu", .double(estimate.shareOfPeak)), ("layout", .string(estimate.layout.text)),
    ])
  }

  private func question(_ asked: PlanPageQuestion) throws -> TrainingQuestion {
    let model = asked.model == given?.name ? given : nil
    let device = try device(asked.hardware)
    return try asked.question(try model ?? catalog.model(asked.model), device)
  }

  private func device(_ name: String) throws -> Accelerator {
    guard name == HardwareTable.here else { return try HardwareTable.named(name) }
    // Two who ask at once would measure each other.
    return try here.withLock { known in
      let device = try known ?? measure()
      known = device
      return device
    }
  }
}
