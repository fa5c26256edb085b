// SPDX-License-Identifier: Apache-2.0

import Inference

/// What engines do, as Prometheus reads it (text format 0.0.4), by the names that vLLM has for it.
struct MetricsPage {
  /// How Prometheus names the format.
  static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

  /// The page.
  private(set) var text = ""
  private let engines: [(name: String, statistics: Engine.Statistics)]

  /// Writes the page of some models.
  init(_ engines: [(name: String, statistics: Engine.Statistics)]) {
    self.engines = engines
    add("num_requests_running", "gauge", "Requests that are worked on.") { $0.runningCount }
    add("num_requests_waiting", "gauge", "Requests that wait.") { $0.waitingCount }
    add("num_preemptions_total", "counter", "Sequences that gave their cache back.") {
      $0.preemptionCount
    }
    add("prompt_tokens_total", "counter", "Tokens of prompts.") { $0.promptCount }
    add("generation_tokens_total", "counter", "Tokens of answers.") { $0.generatedCount }
    add("prefix_cache_queries_total", "counter", "Tokens that the prefix cache was asked for.") {
      $0.promptCount
    }
    add("prefix_cache_hits_total", "counter", "Tokens that it held.") { $0.cachedCount }
    addFinishes()
    add("requests_failed_total", "counter", "Requests that failed.", of: "hadal") {
      $0.failedCount
    }
    add("passes_total", "counter", "Passes over the weights.", of: "hadal") { $0.passCount }
    add("pass_sequences_total", "counter", "Sequences in passes, added up.", of: "hadal") {
      $0.sequenceCount
    }
    add("sequence_cache_bytes", "gauge", "Bytes of caches of requests.", of: "hadal") {
      $0.sequenceByteCount
    }
    add("prefix_cache_bytes", "gauge", "Bytes of the prefix cache.", of: "hadal") {
      $0.prefixByteCount
    }
  }

  private mutating func add(
    _ name: String,
    _ kind: String,
    _ help: String,
    of group: String = "vllm",
    _ value: (Engine.Statistics) -> Int
  ) {
    head("\(group):\(name)", kind, help)
    for engine in engines {
      text += "\(group):\(name){\(label(engine.name))} \(value(engine.statistics))\n"
    }
  }

  private mutating func addFinishes() {
    let name = "vllm:request_success_total"
    head(name, "counter", "Requests that ended, by why.")
    for engine in engines {
      let counts = engine.statistics.finishCounts
      let reasons = [
        ("stop", counts[.stop, default: 0] + counts[.loop, default: 0]),
        ("length", counts[.length, default: 0]), ("abort", counts[.cancelled, default: 0]),
      ]
      for (reason, count) in reasons {
        text += "\(name){\(label(engine.name)),finished_reason=\"\(reason)\"} \(count)\n"
      }
    }
  }

  private mutating func head(_ name: String, _ kind: String, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
  }

  private func label(_ name: String) -> String {
    var escaped = ""
    for character in name.unicodeScalars {
      switch character {
      case "\\", "\"": escaped += "\\\(character)"
      case "\n": escaped += "\\n"
      default: escaped.unicodeScalars.append(character)
      }
    }
    return "model_name=\"\(escaped)\""
  }
}
