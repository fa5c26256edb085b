// SPDX-License-Identifier: Apache-2.0

extension Recipe {
  /// How the learning rate goes on after its warm-up, by name.
  private enum NamedSchedule: String, CaseIterable {
    case deepseekV3 = "deepseek-v3"
    case fineTuning = "fine-tuning"
    case constant
    case cosine
    case linear

    var phases: [LearningRate.Phase] {
      switch self {
      case .deepseekV3: LearningRate.deepseekV3
      case .fineTuning: LearningRate.fineTuning
      case .constant: []
      case .cosine: [.init(.cosine, end: 1, share: 0.1)]
      case .linear: [.init(.linear, end: 1, share: 0)]
      }
    }
  }

  static func settings(
    _ root: inout RecipeSection,
    _ stage: Stage
  ) throws(RecipeError) -> TrainerSettings {
    var settings = TrainerSettings(
      length: try length(&root),
      learningRate: try learningRate(&root, stage)
    )
    if var section = try root.section("optimizer") {
      let positive = Double.leastNormalMagnitude...Double.greatestFiniteMagnitude
      var optimizer = AdamWSettings()
      optimizer.beta1 = try section.number("beta1", in: 0...0.999999) ?? optimizer.beta1
      optimizer.beta2 = try section.number("beta2", in: 0...0.999999) ?? optimizer.beta2
      optimizer.epsilon = try section.number("epsilon", in: positive) ?? optimizer.epsilon
      optimizer.weightDecay =
        try section.number("weight_decay", in: 0...10) ?? optimizer.weightDecay
      optimizer.clip = try section.number("clip", in: positive) ?? optimizer.clip
      try section.finish()
      settings.optimizer = optimizer
    }
    settings.slotCount = try slotCount(&root)
    if var section = try root.section("mtp") {
      settings.prediction = try scheduled(&section, "weight", "later", settings.prediction)
      try section.finish()
    }
    if var section = try root.section("balance") {
      settings.biasSpeed = try scheduled(&section, "speed", "speed_later", settings.biasSpeed)
      settings.balanceWeight = try section.number("loss", in: 0...10) ?? settings.balanceWeight
      settings.balanceCountsChosen = try section.flag("counts_chosen") ?? false
      try section.finish()
    }
    if var section = try root.section("spike") {
      settings.spikeFactor = try section.number("factor", in: 1...1000) ?? 3
      settings.onSpike = try section.choice("action", of: TrainerSettings.Response.self) ?? .stop
      try section.finish()
    }
    settings.onNonFinite =
      try root.choice("not_finite", of: TrainerSettings.Response.self) ?? .stop
    return settings
  }

  private static func length(_ root: inout RecipeSection) throws(RecipeError) -> RunLength {
    guard let sequence = try root.integer("sequence", in: 2...1_048_576) else {
      throw root.missing("sequence", example: "sequence: 512")
    }
    guard let rows = try root.integer("batch", in: 1...1_000_000) else {
      throw root.missing("batch", example: "batch: 8, in rows of 'sequence' tokens")
    }
    let first = try root.integer("batch_start", in: 1...rows)
    let ramp = try root.number("batch_ramp", in: 0...1) ?? (first == nil ? 0 : 0.032)
    if root.has("tokens"), root.has("steps") { throw root.together("tokens", "steps") }
    if first != nil, root.has("steps") { throw root.together("batch_start", "steps") }
    let steps = try root.integer("steps", in: 1...1_000_000_000)
    let tokens = try root.integer("tokens", in: 1...Int.max) ?? steps.map { $0 * rows * sequence }
    guard let tokens else {
      throw root.missing("tokens", example: "tokens: 10_000_000, or steps: 1000")
    }
    return RunLength(
      sequenceLength: sequence,
      firstRowCount: first ?? rows,
      rowCount: rows,
      rampShare: first == nil ? 0 : ramp,
      tokenBudget: tokens
    )
  }

  private static func learningRate(
    _ root: inout RecipeSection,
    _ stage: Stage
  ) throws(RecipeError) -> LearningRate {
    guard var section = try root.section("learning_rate") else {
      throw root.missing("learning_rate", example: "learning_rate: {peak: 4e-4, warm_up: 100}")
    }
    guard let peak = try section.number("peak", in: 0...10) else {
      throw section.missing("peak", example: "peak: 4e-4")
    }
    let warmUp = try section.integer("warm_up") ?? (stage == .sft ? 0 : 2000)
    let named = try section.choice("schedule", of: NamedSchedule.self)
    var phases =
      named?.phases ?? (stage == .sft ? LearningRate.fineTuning : LearningRate.deepseekV3)
    if var list = try section.sections("phases") {
      phases = []
      for index in list.indices {
        let course = try list[index].choice("course", of: LearningRate.Course.self) ?? .constant
        guard let end = try list[index].number("end", in: (phases.last?.end ?? 0)...1) else {
          throw list[index].missing("end", example: "end: 0.9, a share of the tokens")
        }
        let share = try list[index].number("share", in: 0...1) ?? 1
        try list[index].finish()
        phases.append(.init(course, end: end, share: share))
      }
    }
    try section.finish()
    return LearningRate(peak: peak, warmUpSteps: warmUp, phases: phases)
  }

  private static func slotCount(_ root: inout RecipeSection) throws(RecipeError) -> Int {
    let place = root
    let count = try root.integer("slots", in: 1...4096) ?? 1
    guard count & (count - 1) == 0 else {
      throw place.powerOfTwo("slots", found: count)
    }
    return count
  }

  private static func scheduled(
    _ section: inout RecipeSection,
    _ first: String,
    _ last: String,
    _ standard: ScheduledValue
  ) throws(RecipeError) -> ScheduledValue {
    let bounds = 0...1000.0
    let own = try section.number(first, in: bounds)
    let later = try section.number(last, in: bounds)
    let change = try section.number("change", in: 0...1)
    // Who sets a value and says nothing of a change means it for the whole run.
    return ScheduledValue(
      first: own ?? standard.first,
      last: later ?? (own == nil ? standard.last : own ?? 0),
      changeShare: change ?? standard.changeShare
    )
  }
}
