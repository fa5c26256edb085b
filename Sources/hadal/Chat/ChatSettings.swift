// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Inference
import JSON

/// What a person can set in a conversation; what is not set comes from the command and the model.
struct ChatSettings {
  /// What happens when a conversation no longer fits into the context.
  enum Overflow: String, CaseIterable, ExpressibleByArgument {
    /// It is said, and nothing is answered.
    case stop
    /// The oldest exchanges are left out of the prompt; how many is said.
    case drop
  }

  /// What happens to an answer that only repeats itself.
  enum LoopReaction: String, CaseIterable, ExpressibleByArgument {
    /// It ends, and it is said in what it went round.
    case stop
    /// It goes on.
    case ignore
  }

  var options: SamplingOptions
  var thinks: Bool?
  var overflow = Overflow.stop
  var loops = LoopReaction.stop

  /// One setting: its name, what it does, how it is read and shown.
  struct Entry: Sendable {
    var name: String
    var help: String
    /// What it shows where nothing is set; nil where the model decides.
    var standard: String?
    var show: @Sendable (ChatSettings) -> String?
    var set: @Sendable (inout ChatSettings, String) throws -> Void
    var reset: @Sendable (inout ChatSettings) -> Void
  }

  /// Every setting, in the order in which they are listed.
  static let entries: [Entry] =
    [
      number("temperature", "0 takes the likeliest token", \.options.temperature),
      number("top_p", "keep the likeliest tokens that reach this probability", \.options.topP),
      integer("top_k", "keep this many of the likeliest tokens; 0 keeps all", \.options.topK),
      number("min_p", "keep tokens with this share of the likeliest one", \.options.minP),
      number(
        "repetition_penalty",
        "above 1: tokens that came before get less likely",
        \.options.repetitionPenalty
      ),
      number(
        "presence_penalty",
        "above 0: tokens of the answer get less likely, once",
        \.options.presencePenalty
      ),
      number(
        "frequency_penalty",
        "above 0: the same, each time that they come",
        \.options.frequencyPenalty
      ),
      biasEntry,
      integer("max_tokens", "the most tokens of an answer", \.options.maxTokens),
      seedEntry, stopEntry, thinkEntry,
      choice("overflow", "when the context is full: stop, or drop the oldest", \.overflow),
      choice("loops", "when an answer only repeats itself: stop, or ignore", \.loops),
    ]

  /// The names, for completion and for what is typed wrong.
  static var names: [String] { entries.map(\.name) }

  /// Sets a value that a person typed; `default` takes the model's own.
  mutating func set(_ name: String, to text: String) throws {
    guard let entry = Self.entries.first(where: { $0.name == name }) else {
      throw ChatFault.unknownSetting(name)
    }
    guard text != "default" else { return entry.reset(&self) }
    var changed = self
    try entry.set(&changed, text)
    if let fault = changed.options.fault {
      throw ChatFault.badValue("'\(name)' \(fault.problem)")
    }
    self = changed
  }

  // MARK: On file

  /// What is set, as a conversation keeps it.
  var json: String {
    JSONText.object(
      Self.entries.compactMap { entry in entry.show(self).map { (entry.name, .string($0)) } }
    ).text
  }

  /// Takes what a conversation was kept with where nothing else is set; a setting that is not known any
  /// more is passed over.
  mutating func take(json: String) {
    guard let root = (try? JSONDocument(Array(json.utf8)))?.root else { return }
    for entry in Self.entries where entry.show(self) == entry.standard {
      if let text = root[entry.name]?.string { try? set(entry.name, to: text) }
    }
  }

  /// Leaves everything to the model again.
  mutating func resetAll() {
    for entry in Self.entries { entry.reset(&self) }
  }
}

extension ChatSettings {
  private typealias Path<Value> = any WritableKeyPath<ChatSettings, Value> & Sendable

  private static func number(_ name: String, _ help: String, _ path: Path<Double?>) -> Entry {
    Entry(
      name: name,
      help: help,
      show: { $0[keyPath: path].map { "\($0)" } },
      set: { settings, text in
        guard let value = Double(text), value.isFinite else {
          throw ChatFault.badValue("'\(name)' must be a number")
        }
        settings[keyPath: path] = value
      },
      reset: { $0[keyPath: path] = nil }
    )
  }

  private static func integer(_ name: String, _ help: String, _ path: Path<Int?>) -> Entry {
    Entry(
      name: name,
      help: help,
      show: { $0[keyPath: path].map { "\($0)" } },
      set: { settings, text in
        guard let value = Int(text) else {
          throw ChatFault.badValue("'\(name)' must be a whole number")
        }
        settings[keyPath: path] = value
      },
      reset: { $0[keyPath: path] = nil }
    )
  }

  private static func choice<Value: RawRepresentable & CaseIterable & Sendable>(
    _ name: String,
    _ help: String,
    _ path: Path<Value>
  ) -> Entry where Value.RawValue == String {
    let names = Value.allCases.map(\.rawValue)
    let standard = Array(Value.allCases)[0]
    return Entry(
      name: name,
      help: help,
      standard: standard.rawValue,
      show: { $0[keyPath: path].rawValue },
      set: { settings, text in
        guard let value = Value(rawValue: text) else {
          throw ChatFault.badValue("'\(name)' must be \(names.joined(separator: " or "))")
        }
        settings[keyPath: path] = value
      },
      reset: { $0[keyPath: path] = standard }
    )
  }

  private static let seedEntry = Entry(
    name: "seed",
    help: "the number that replays an answer; by default each draws its own",
    show: { $0.options.seed.map { "\($0)" } },
    set: { settings, text in
      guard let value = UInt64(text) else {
        throw ChatFault.badValue("'seed' must be a whole number of 0 or more")
      }
      settings.options.seed = value
    },
    reset: { $0.options.seed = nil }
  )

  private static let stopEntry = Entry(
    name: "stop",
    help: "a text that ends an answer, or a JSON array of them",
    show: {
      $0.options.stop.count > 1
        ? JSONText.array($0.options.stop.map(JSONText.string)).text : $0.options.stop.first
    },
    set: { settings, text in
      let list = (try? JSONDocument(Array(text.utf8)))?.root.array?.compactMap(\.string)
      settings.options.stop = list ?? [text]
    },
    reset: { $0.options.stop = [] }
  )

  private static let biasEntry = Entry(
    name: "logit_bias",
    help: "ID:BIAS, what is added to a token's logit; several with commas",
    show: {
      $0.options.logitBias.isEmpty ? nil : $0.options.logitBias.map(\.text).joined(separator: ",")
    },
    set: { settings, text in
      settings.options.logitBias = try text.split(separator: ",").map { part in
        guard let bias = TokenBias(argument: String(part)) else {
          throw ChatFault.badValue("'logit_bias' must be like 42:-5 or 42:-5,7:1.5")
        }
        return bias
      }
    },
    reset: { $0.options.logitBias = [] }
  )

  private static let thinkEntry = Entry(
    name: "think",
    help: "on or off, where the model's template has a switch for thinking",
    show: { $0.thinks.map { $0 ? "on" : "off" } },
    set: { settings, text in
      guard text == "on" || text == "off" else {
        throw ChatFault.badValue("'think' must be on or off")
      }
      settings.thinks = text == "on"
    },
    reset: { $0.thinks = nil }
  )
}
