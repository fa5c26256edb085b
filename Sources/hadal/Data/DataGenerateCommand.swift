// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Compute
import Diagnostics
import JSON
import Terminal
import Training

/// `hadal data generate`.
struct DataGenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Make conversations of phrases, and questions to judge a model by.",
    discussion: """
      PLAN is a YAML file that says how many conversations of which kinds are made; the phrases are
      the .phrases files of the folder beside it. DIR gets conversations.jsonl, which data tokenizer
      and data shards read, and tasks/NAME.jsonl, which eval reads. What a task's questions hold out
      is in no conversation. Equal seeds give equal bytes.

        hadal data generate plan.yaml --out generated
        hadal eval MODEL --task generated/tasks/addition.jsonl
      """
  )

  @Argument(help: ArgumentHelp("The plan.", valueName: "plan"))
  var plan: String

  @Option(help: ArgumentHelp("The folder to write, which must not exist.", valueName: "dir"))
  var out: String

  @Option(
    help: ArgumentHelp(
      "A folder of .phrases files, else 'phrases' beside the plan.",
      valueName: "dir"
    )
  )
  var phrases: String?

  @Option(help: "The seed, in place of the plan's.")
  var seed: UInt64?

  @Option(help: "How many conversations, in place of the plan's number.")
  var count: Int?

  @Option(
    help: ArgumentHelp(
      "Exchanges of a conversation, in place of the plan's shares.",
      discussion: "Such as 8 for all, or 6-61 for each number of these equally often.",
      valueName: "number"
    )
  )
  var turns: String?

  @Flag(help: "Print a line of JSON on what was written.")
  var json = false

  // LIMIT: a longer conversation fits into no model's context.
  private static let mostExchanges = 10_000

  private var exchangeCounts: ClosedRange<Int>? {
    let ends = (turns ?? "").split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
      first >= 1, last <= Self.mostExchanges, first <= last
    else { return nil }
    return first...last
  }

  func validate() throws {
    if let turns, exchangeCounts == nil {
      let most = Self.mostExchanges
      throw ValidationError("--turns is '\(turns)', but must be as 8 or 6-61, from 1 to \(most)")
    }
    if let count, count < 1 {
      throw ValidationError("--count is \(count), but must be 1 or more")
    }
  }

  func run() throws {
    let start = ContinuousClock.now
    var plan = try GenerationPlan(path: plan)
    if let seed { plan.seed = seed }
    if let count { plan.count = count }
    if let exchangeCounts { plan.setExchangeCounts(exchangeCounts) }
    let folder = phrases ?? Self.folder(of: self.plan) + "phrases"
    let book = try PhraseBook(folder: folder)
    let generator = try ConversationGenerator(plan, book, planFile: self.plan)
    let writer = try FolderWriter(path: out)
    var progress = Progress("generating", unit: .items("conversations"))
    let byteCount = try writeConversations(of: generator, below: writer.asidePath) {
      progress.show($0, of: generator.count)
    }
    progress.clear()
    try writer.makeFolder("tasks")
    for name in generator.taskNames {
      try writeTask(name, of: generator, below: writer.asidePath)
    }
    try writer.commit()
    try report(generator, byteCount: byteCount, seconds: start.duration(to: .now) / .seconds(1))
  }

  private static func folder(of file: String) -> String {
    file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
  }

  private func writeConversations(
    of generator: ConversationGenerator,
    below folder: String,
    made: (Int) -> Void
  ) throws -> Int {
    let file = try FileWriter(path: "\(folder)/conversations.jsonl")
    var (bytes, byteCount): ([UInt8], Int) = ([], 0)
    for index in 0..<generator.count {
      generator.conversation(index).write(to: &bytes)
      bytes.append(UInt8(ascii: "\n"))
      // LIMIT: some thousand lines between two writes.
      guard bytes.count > 1 << 20 else { continue }
      try file.write(bytes)
      byteCount += bytes.count
      bytes.removeAll(keepingCapacity: true)
      made(index + 1)
      try Interruption.check()
    }
    try file.write(bytes)
    try file.commit()
    return byteCount + bytes.count
  }

  private func writeTask(
    _ name: String,
    of generator: ConversationGenerator,
    below folder: String
  ) throws {
    let questions = generator.task(name) ?? []
    let wanted = generator.wantedQuestionCount(ofTask: name)
    if questions.count < wanted {
      Output.errorLine(
        "hadal: warning: the task '\(name)' has \(questions.count) questions, not \(wanted): "
          + "its kinds make no more different ones"
      )
    }
    var bytes: [UInt8] = []
    for line in questions {
      line.write(to: &bytes)
      bytes.append(UInt8(ascii: "\n"))
    }
    let file = try FileWriter(path: "\(folder)/tasks/\(name).jsonl")
    try file.write(bytes)
    try file.commit()
  }

  private func report(
    _ generator: ConversationGenerator,
    byteCount: Int,
    seconds: Double
  ) throws {
    guard json else {
      try Output.line(
        "\(generator.count) conversations and \(generator.taskNames.count) tasks in \(out)"
      )
      return
    }
    let report: JSONText = .object([
      ("conversations", .integer(generator.count)),
      ("bytes", .integer(byteCount)),
      ("tasks", .array(generator.taskNames.map { .string($0) })),
      ("seconds", .double(seconds)),
    ])
    try Output.line(report.text)
  }
}
