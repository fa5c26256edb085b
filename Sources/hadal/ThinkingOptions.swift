// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Diagnostics
import Tokenization

/// Whether the model is to think before it answers, where its template has a switch for it.
struct ThinkingOptions: ParsableArguments {
  @Flag(help: "Ask the model to think before it answers, where its template can.")
  var think = false

  @Flag(help: "Ask it not to.")
  var noThink = false

  func validate() throws {
    if think, noThink { throw ValidationError("--think and --no-think exclude each other") }
  }

  /// The names under which templates read it.
  static let variableNames = ["enable_thinking", "thinking"]

  /// The template's variables that say so.
  func variables(_ names: [String]) throws -> [PromptValue.Member] {
    try Self.variables(names, thinks: think ? true : noThink ? false : nil)
  }

  /// The variables of a template that say whether to think; none where nothing is said.
  static func variables(_ names: [String], thinks: Bool?) throws -> [PromptValue.Member] {
    guard let thinks else { return [] }
    guard !names.isEmpty else {
      throw Input.Failure(
        what: "the model's template has no switch for thinking",
        place: thinks ? "--think" : "--no-think",
        remedy: "leave it out",
        exitCode: .usage
      )
    }
    return names.map { PromptValue.Member($0, .boolean(thinks)) }
  }
}
