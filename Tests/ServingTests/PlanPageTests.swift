// SPDX-License-Identifier: Apache-2.0

import JSON
import Planning
import Serving
import Synchronization
import Testing

/// What the planner's page asks for, and gets.
@Suite struct PlanPageTests {
  private static let configuration = """
    {"architectures":["LlamaForCausalLM"],"model_type":"llama","hidden_size":4096,
    "intermediate_size":14336,"num_hidden_layers":32,"num_attention_heads":32,
    "num_key_value_heads":8,"vocab_size":128256,"max_position_embeddings":131072,
    "rms_norm_eps":1e-5,"rope_theta":500000.0,"hidden_act":"silu","tie_word_embeddings":false}
    """
  private static let here = MeasuredMachine(
    title: "a machine",
    threadCount: 2,
    bf16Peak: 4e11,
    f32Peak: 2e11,
    bandwidth: 3e10,
    memoryByteCount: 24e9
  ).accelerator

  private func page(
    measure: @escaping @Sendable () throws -> Accelerator = { Self.here }
  ) -> PlanPage {
    PlanPage(catalog: ModelCatalog(["small": Array(Self.configuration.utf8)]), measure: measure)
  }

  private func json(
    _ path: String,
    _ query: [(name: String, value: String)] = [],
    status: Int = 200,
    of page: PlanPage? = nil
  ) throws -> JSONValue {
    let answer = (page ?? self.page()).answer(.init(path: path, query: query))
    #expect(answer.status == status && answer.mediaType == "application/json")
    return try JSONDocument(answer.body).root
  }

  private let question = [
    (name: "model", value: "small"), ("hardware", "h100"), ("tokens", "15T"), ("count", "256"),
  ]

  @Test(arguments: [
    ("/", "text/html; charset=utf-8"), ("/plan.css", "text/css; charset=utf-8"),
    ("/plan.js", "text/javascript; charset=utf-8"),
  ])
  func `the page's files are part of the program`(_ path: String, _ mediaType: String) {
    let answer = page().answer(.init(path: path))
    #expect(answer.status == 200 && answer.mediaType == mediaType && answer.body.count > 1000)
  }

  @Test func `the page asks nobody but its own server`() {
    for path in ["/", "/plan.css", "/plan.js"] {
      let text = String(decoding: page().answer(.init(path: path)).body, as: UTF8.self)
      // The name of SVG's elements is no address that anything is fetched from.
      let links = text.replacing("http://www.w3.org/2000/svg", with: "")
      #expect(!links.contains("http://") && !links.contains("https://"))
      #expect(!text.contains("innerHTML") && !text.contains("style=\""))
    }
  }

  @Test func `a plan has the figures of the planner, with equations and the command`() throws {
    let answer = try json("/api/plan", question)
    let model = try ModelCatalog(["small": Array(Self.configuration.utf8)]).model("small")
    var asked = TrainingQuestion(
      model: model,
      device: try HardwareTable.named("h100"),
      precision: .bf16
    )
    asked.tokenCount = 15e12
    asked.deviceCount = 256
    let estimate = try asked.estimate()
    #expect(answer["plan"]?["step_s"]?.double == estimate.step.total)
    #expect(answer["plan"]?["cost_usd"]?["value"]?.double == estimate.dollars?.value)
    #expect(answer["equations"]?.array?.count == estimate.equations.count)
    let headlines = answer["headlines"]?.array?.compactMap { $0["text"]?.string }
    #expect(headlines == estimate.headlines.map(\.text))
    let command = "hadal plan small --tokens 15T --hardware h100 --count 256"
    #expect(answer["command"]?.string == command)
  }

  @Test func `a curve begins with the fewest devices that hold the model`() throws {
    let points = try #require(try json("/api/curve", question)["points"]?.array)
    let counts = points.compactMap { $0["count"]?.integer }
    #expect(counts.count > 10 && counts == counts.indices.map { counts[0] << $0 })
    let seconds = points.compactMap { $0["seconds"]?.double }
    #expect(seconds == seconds.sorted(by: >))
    let here = try json("/api/curve", [("model", "small"), ("hardware", "here")])
    #expect((here["points"]?.array?.count ?? 9) <= 1)
  }

  @Test(arguments: [
    ([("model", "smal")], "no model is called 'smal'", "'small'"),
    ([("hardware", "h1oo")], "no hardware is called 'h1oo'", "'h100'"),
    ([("tokens", "many")], "found 'many'", nil), ([("count", "0")], "found 0", nil),
    ([("count", "x")], "found 'x'", nil), ([("sequence", "-1")], "found -1", nil),
    ([("price", "nan")], "found 'nan'", nil), ([("goodput", "2")], "found 2.0", nil),
    ([("precision", "fp4")], "found 'fp4'", nil), ([("tokns", "1T")], "found 'tokns'", nil),
    ([("count", "8"), ("count", "9")], "found 'count' twice", nil),
    ([("count", "8"), ("layout", "pipeline=64")], "the layout is impossible", "--layout"),
  ])
  func `what cannot be planned is named, with what can`(
    _ parts: [(name: String, value: String)],
    _ what: String,
    _ remedy: String?
  ) throws {
    let query = parts.contains { $0.name == "model" } ? parts : [("model", "small")] + parts
    let error = try json("/api/plan", query, status: 422)
    #expect(error["what"]?.string?.hasPrefix(what) == true, "\(error)")
    if let remedy { #expect(error["remedy"]?.string?.contains(remedy) == true, "\(error)") }
  }

  @Test func `this machine is measured once, and only when it is asked for`() throws {
    let count = Mutex(0)
    let page = page {
      count.withLock { $0 += 1 }
      return Self.here
    }
    _ = try json("/api/plan", question, of: page)
    #expect(count.withLock { $0 } == 0)
    for _ in 0..<3 {
      let answer = try json("/api/plan", [("model", "small"), ("hardware", "here")], of: page)
      #expect(answer["device"]?["title"]?.string == "a machine")
    }
    #expect(count.withLock { $0 } == 1)
  }

  @Test func `the catalog has models and hardware`() throws {
    let catalog = try json("/api/catalog")
    #expect(catalog["models"]?.array?.compactMap(\.string) == ["small"])
    #expect(catalog["hardware"]?.array?.count == HardwareTable.all.count)
    #expect(catalog["given"]?.isNull == true)
  }

  @Test func `what is not there is not found`() {
    for path in ["/plan", "/../etc/passwd", "//", "/api/", ""] {
      #expect(page().answer(.init(path: path)).status == 404)
    }
  }
}
