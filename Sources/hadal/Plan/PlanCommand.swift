// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import JSON
public import Planning

extension PlanPrecision: ExpressibleByArgument {}

/// `hadal plan`.
struct PlanCommand: ParsableCommand {
  /// What is planned.
  enum Task: String, CaseIterable, ExpressibleByArgument {
    case train
    case serve
  }

  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Derive what training or serving a model takes: time, memory, energy and money.",
    discussion: """
      MODEL is a name such as deepseek-v3, llama-3.1-405b or nano (--list names all), a folder, a
      config.json or a recipe. Parameters, cache and operations are exact. Time rests on four shares
      that are fitted on published runs; --check holds them against each run, predicted from the
      others. --explain unfolds every figure into its equation, --search ranks the layouts that fit,
      --sensitivity says which assumptions matter most.

        hadal plan deepseek-v3 --tokens 14.8T --hardware h800 --count 2048
        hadal plan llama-3.1-405b --hardware h100 --count 16384 --search
        hadal plan deepseek-v3 --hardware h800 --count 2048 --explain
        hadal plan deepseek-v3 --task serve --hardware h800 --count 144
        hadal plan recipe.yaml --hardware here
        hadal plan deepseek-v3 --tokens 14.8T --hardware h800 --page
        hadal plan --compare v3-llama
        hadal plan --check

      With --count left out it is the smallest power of two that holds the model, and with --layout
      the fastest that fits. Documentation/Plan.md says what is derived and what is assumed.
      """
  )

  @Argument(help: ArgumentHelp("A name, a folder, a config.json or a recipe.", valueName: "model"))
  var model: String?

  @Option(help: "What is planned: train or serve.")
  var task: Task = .train

  @Option(help: "Tokens of the run, such as 14.8T; without it only a step is planned.")
  var tokens: String?

  @Option(help: "Tokens of a sequence (default: the recipe's, else 4096).")
  var sequence: Int?

  @Option(help: "Sequences of a step (default: the recipe's, else 8 a device).")
  var batch: Int?

  @Option(help: "The device: h100, h800, a100 and others, or here, which is measured.")
  var hardware: String?

  @Option(help: "How many devices.")
  var count: Int?

  @Option(help: "US dollars an hour of a device (default: the table's, with its date).")
  var price: Double?

  @Option(help: "What products take: f32, bf16 or fp8 (default: the recipe's, or as published).")
  var precision: PlanPrecision?

  @Option(
    help: """
      How work is divided: tensor, pipeline, context, expert, zero, schedule (1f1b, zb1p, dualpipe), \
      chunks, recompute and micro, as NAME=VALUE with commas between.
      """
  )
  var layout: String?

  @Option(help: "What restarts leave of the run's time, above 0 and at most 1.")
  var goodput = 1.0

  @OptionGroup(title: "Serving") var serving: ServingOptions

  @Flag(help: "Unfold every figure into its equation with the numbers put in.")
  var explain = false

  @Flag(help: "Rank the layouts that fit.")
  var search = false

  @Flag(help: "Say which assumptions matter most, and what if they were others.")
  var sensitivity = false

  @Option(help: "A comparison that made headlines: v3-llama, r1-o1, left-out, clusters or r1.")
  var compare: HeadlineComparison?

  @Flag(
    help: "Hold the planner against published runs; ends with 1 where a row is off unexplained."
  )
  var check = false

  @Flag(help: "With --check: print the page Documentation/PlanCheck.md.")
  var markdown = false

  @Flag(help: "Show the planner in a browser: sliders, bars and curves, on this machine alone.")
  var page = false

  // LIMIT: beside the server's usual 8080.
  @Option(help: "The page's port; 0 takes a free one.")
  var port = 8090

  @Flag(help: "Name the models and the hardware that are known.")
  var list = false

  @Flag(help: "Print one JSON object a line.")
  var json = false

  func validate() throws {
    // LIMIT: about ten times the largest cluster that was announced.
    if let count, !(1...1 << 20).contains(count) {
      throw ValidationError("--count is \(count), but must be 1…1048576")
    }
    if let price, !(price.isFinite && price >= 0 && price <= 1e6) {
      throw ValidationError("--price is \(price), but must be 0…1000000")
    }
    guard (0...65_535).contains(port) else {
      throw ValidationError("--port is \(port), but must be 0…65535")
    }
    guard !markdown || check else { throw ValidationError("--markdown goes with --check") }
    guard model != nil || check || list || page || compare != nil else {
      throw ValidationError("a MODEL is missing, such as deepseek-v3; --list names all")
    }
  }

  func run() throws {
    let catalog = PlanCatalog.builtIn
    if list { return try PlanListing(catalog).show(json: json) }
    if check { return try PlanCheckOutput(catalog).show(json: json, markdown: markdown) }
    if let compare {
      return try PlanPages.show(compare.comparison(catalog), json: json)
    }
    if page { return try showPage(catalog) }
    guard let model else { return }
    let source = try PlanSource(model, catalog: catalog)
    switch task {
    case .train: try train(source)
    case .serve: try serve(source)
    }
  }

  private func showPage(_ catalog: ModelCatalog) throws {
    let source = try model.map { try PlanSource($0, catalog: catalog) }
    let recipeTokens = source?.tokenCount.map { "\(PlanNumber.whole($0))" }
    let run = PlanPageRun(
      source,
      catalog,
      state: [
        ("tokens", tokens ?? recipeTokens), ("sequence", sequence.map { "\($0)" }),
        ("batch", (batch ?? source?.batchRowCount).map { "\($0)" }), ("hardware", hardware),
        ("count", count.map { "\($0)" }), ("price", price.map { "\($0)" }),
        ("precision", precision?.rawValue), ("layout", layout),
        ("goodput", goodput == 1 ? nil : "\(goodput)"),
      ],
      port: port
    )
    try run.run(json: json)
  }

  private func train(_ source: PlanSource) throws {
    let question = try question(source)
    if search {
      let scenario = try question.scenario()
      let found = try LayoutSearch(scenario).ranked(limit: PlanPages.rankCount)
      return try PlanPages.show(ranked: found, scenario, json: json)
    }
    let estimate = try question.estimate()
    if sensitivity {
      return try PlanPages.show(Sensitivity(estimate).comparison, json: json)
    }
    try PlanPages.show(
      lines: estimate.lines,
      object: estimate.json,
      equations: explain ? estimate.equations : [],
      json: json
    )
  }

  private func serve(_ source: PlanSource) throws {
    let device = try source.device(hardware)
    let scenario = try serving.scenario(
      source.model,
      device: device,
      deviceCount: count,
      precision: precision ?? source.precision(on: device),
      price: price
    )
    let estimate = try ServingEstimate(scenario)
    try PlanPages.show(
      lines: estimate.lines,
      object: estimate.json,
      equations: explain ? estimate.equations : [],
      json: json
    )
  }

  private func question(_ source: PlanSource) throws -> TrainingQuestion {
    let device = try source.device(hardware)
    var question = TrainingQuestion(
      model: source.model,
      device: device,
      precision: precision ?? source.precision(on: device)
    )
    question.sequenceLength = sequence ?? source.sequenceLength
    question.batchRowCount = batch ?? source.batchRowCount
    question.tokenCount =
      try tokens.map { try PlanQuantity.parse($0, option: "--tokens") } ?? source.tokenCount
    question.deviceCount = count
    question.layout = layout
    question.dollarsPerHour = price
    question.goodput = goodput
    return question
  }
}
