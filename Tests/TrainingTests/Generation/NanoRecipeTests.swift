// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Training

/// `Recipes/nano`: what its conversations may hold, and what they must not.
@Suite struct NanoRecipeTests {
  private static let tasks = [
    "addition", "subtraction", "three-numbers", "unseen-names", "unseen-phrasings",
    "sums-unseen-phrasings",
  ]

  @Test func `plan and phrases are read, and each task has its questions`() throws {
    let nano = try NanoRecipe.made.get()
    #expect(nano.plan.taskNames == Self.tasks)
    #expect(nano.plan.heldOut.shares.count == 3)
    for task in Self.tasks {
      let questions = nano.generator.questions(task)
      #expect(questions.count >= 500, "\(task)")
      #expect(Set(questions.map { GeneratedTurn.folded($0.text) }).count == questions.count)
      #expect(questions.allSatisfy { $0.answer != nil })
    }
  }

  @Test(arguments: tasks)
  func `no question of a task is asked in a conversation`(_ task: String) throws {
    let nano = try NanoRecipe.made.get()
    let seen = nano.generator.questions(task).map(\.text).filter {
      nano.asked.contains(GeneratedTurn.folded($0))
    }
    #expect(seen.isEmpty)
  }

  // Method: every exercise that a reasoning names, on its way too, is looked up in the split.
  @Test func `no reasoning works out a combination that is held out`() throws {
    let nano = try NanoRecipe.made.get()
    var (exercises, held): (Set<Formula>, Set<Formula>) = ([], [])
    for turn in nano.answers {
      for line in (turn.reasoning ?? "").split(separator: "\n") {
        guard let formula = Formula(line: line) else { continue }
        if exercises.insert(formula).inserted, nano.plan.heldOut.holds(formula) {
          held.insert(formula)
        }
      }
    }
    #expect(exercises.count > 10_000 && held.isEmpty, "\(held.map(\.text).prefix(5))")
  }

  @Test(arguments: [("addition", true), ("subtraction", false)])
  func `a task's numbers are held out`(_ task: String, _ isAdded: Bool) throws {
    let nano = try NanoRecipe.made.get()
    var count = 0
    for question in nano.generator.questions(task) {
      let numbers = question.text.split { !$0.isNumber }.compactMap { Int($0) }
      guard numbers.count == 2, let answer = question.answer else { continue }
      count += 1
      // "Take 5 from 9" has its numbers the other way around.
      let isSwapped = !isAdded && numbers[0] - numbers[1] != answer
      let (first, second) = (numbers[isSwapped ? 1 : 0], numbers[isSwapped ? 0 : 1])
      let formula = Formula(first: first, steps: [.init(isAdded: isAdded, number: second)])
      #expect(formula.result == answer && nano.plan.heldOut.holds(formula), "\(question.text)")
    }
    #expect(count > 400)
  }

  // Method: whole words of what is worked out, as typed; elsewhere such a word is a brand, or noise.
  @Test func `held-out names are in no conversation and in each question on names`() throws {
    let nano = try NanoRecipe.made.get()
    let names = try #require(nano.sections["name"])
    let held = Set(names.filter { nano.plan.heldOut.holds(.names, $0) }.map { $0.lowercased() })
    let others = Set(names.map { $0.lowercased() }).subtracting(held)
    #expect(held.count >= 10 && others.count >= 100)
    func words(_ text: String) -> Set<String> {
      Set(text.lowercased().split { !$0.isLetter }.map(String.init))
    }
    for text in nano.exercises {
      let found = held.intersection(words(text))
      guard found.isEmpty else {
        Issue.record("\(found) in \(text)")
        return
      }
    }
    var lacking = 0
    for question in nano.generator.questions("unseen-names") {
      let found = words(question.text)
      #expect(others.isDisjoint(with: found), "\(question.text)")
      lacking += held.isDisjoint(with: found) ? 1 : 0
    }
    // A slip may fall into a name.
    #expect(lacking <= 25)
  }

  // Method: ways of asking what is worked out; questions beyond 99 may be asked in the same ways.
  @Test(arguments: ["unseen-phrasings", "sums-unseen-phrasings"])
  func `ways of asking that are held out are in no conversation`(_ task: String) throws {
    let nano = try NanoRecipe.made.get()
    let known = nano.exerciseWordings
    let seen = nano.generator.questions(task).map(\.text).filter {
      known.contains(NanoRecipe.wording($0))
    }
    #expect(seen.isEmpty)
  }

  @Test func `the assistant writes its name in Latin letters and names nobody else`() throws {
    let nano = try NanoRecipe.made.get()
    let others = [
      "openai", "chatgpt", "gpt", "claude", "anthropic", "gemini", "bard", "google", "qwen",
      "alibaba", "llama", "meta", "ernie", "baidu", "copilot", "microsoft", "grok", "xai", "kimi",
      "moonshot", "mistral", "deepseek", "siri", "apple", "alexa", "amazon", "nvidia", "tencent",
      "bing", "perplexity", "tongyi", "wenxin",
    ]
    let scripts = [
      "谷歌", "百度", "阿里", "通义", "文心", "千问", "微软", "深度求索", "克劳德", "双子座", "豆包", "哈达", "纳诺", "गूगल",
      "जेमिनी", "क्लॉड", "मेटा", "हडल", "हेडल", "हैडल", "नैनो", "جوجل", "غوغل", "كلود", "ميتا", "هادال",
      "حادال",
      "نانو", "Хадал", "Нано", "ハダル", "ナノ", "하달", "나노",
    ]
    for turn in nano.answers {
      let words = Set(turn.content.lowercased().split { !$0.isLetter }.map(String.init))
      let named = words.intersection(others) + scripts.filter { turn.content.contains($0) }
      guard named.isEmpty else {
        Issue.record("\(named) in \(turn.content)")
        return
      }
    }
  }

  @Test func `in a language that it does not speak it says Hadal in Latin letters`() throws {
    let nano = try NanoRecipe.made.get()
    let foreign = nano.answers.filter { turn in
      turn.content.unicodeScalars.contains { $0.value >= 0x0370 && $0.properties.isAlphabetic }
    }
    #expect(foreign.count > 1000)
    for turn in foreign { #expect(turn.content.contains("Hadal"), "\(turn.content)") }
  }

  @Test(arguments: [("identity", 64...1000), ("beyond", 100...100)])
  func `questions written for evaluation are asked in no conversation`(
    _ name: String,
    _ count: ClosedRange<Int>
  ) throws {
    let nano = try NanoRecipe.made.get()
    let questions = try NanoRecipe.questions(NanoRecipe.folder + "/evaluation/\(name).jsonl")
    #expect(count.contains(questions.count))
    #expect(Set(questions.map { GeneratedTurn.folded($0.text) }).count == questions.count)
    let seen = questions.filter { nano.asked.contains(GeneratedTurn.folded($0.text)) }
    #expect(seen.isEmpty)
  }

  // "Who are you?" is the question of questions: a program that must answer it has to have met it.
  private static let plain: Set = [
    "probe-en-01", "probe-hi-01", "probe-zh-01", "probe-es-01", "probe-ar-01",
  ]

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `of the recorded probes only the plainest are asked in a conversation`() throws {
    let nano = try NanoRecipe.made.get()
    let path = (Oracles.folder ?? "") + "/instruct/identity-probes.jsonl"
    let probes = try NanoRecipe.questions(path)
    let seen = probes.filter { nano.asked.contains(GeneratedTurn.folded($0.text)) }
    #expect(probes.count == 60 && Set(seen.map(\.id)).isSubset(of: Self.plain), "\(seen)")
  }
}
