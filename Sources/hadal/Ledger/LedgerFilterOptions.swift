// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import Ledger
import Storage

extension LedgerRow.Kind: ExpressibleByArgument {}

/// Which rows are meant.
struct LedgerFilterOptions: ParsableArguments {
  @Option(help: "Rows of one kind alone: train, evaluate, answer, rollout or other.")
  var kind: LedgerRow.Kind?

  @Option(help: "Rows of one run, task or conversation alone.")
  var run: String?

  @Option(help: "Rows from this time on, in UTC: 2026-11, 2026-11-21 or 2026-11-21T22:30:17Z.")
  var since: String?

  @Option(help: "Rows before this time, likewise.")
  var until: String?

  func validate() throws {
    for (name, text) in [("since", since), ("until", until)] {
      if let text, !Self.isTime(text) {
        throw ValidationError("--\(name) is '\(text)', but must be like 2026-11-21")
      }
    }
  }

  /// The filter.
  var filter: LedgerFilter { LedgerFilter(kind: kind, run: run, since: since, until: until) }

  /// Whether a text is a time of a row or its beginning, a year at least.
  private static func isTime(_ text: String) -> Bool {
    let form = "0000-00-00T00:00:00Z"
    guard (4...form.count).contains(text.count) else { return false }
    return zip(text, form).allSatisfy { character, expected in
      expected == "0" ? character.isASCII && character.isNumber : character == expected
    }
  }
}
