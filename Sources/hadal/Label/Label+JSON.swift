// SPDX-License-Identifier: Apache-2.0

import JSON
import Ledger
import Models

extension Label {
  /// The label as one object, which `label.json` holds where it is published with a model.
  var json: JSONText {
    let identity = evaluations.first(where: \.isOfIdentity)
    return .object([
      ("model", .string(model)),
      ("weights", weights.map(JSONText.string) ?? .null),
      ("architecture", .string(architecture)),
      (
        "parameters",
        .object([
          ("total", .integer(parameters.total)), ("active", .integer(parameters.active)),
        ])
      ),
      ("stages", .array(stages.map(\.json))),
      (
        "totals",
        .object(cost.members + [("rows", .array(stages.flatMap(\.rows).map(\.json)))])
      ),
      ("evaluation", .array(evaluations.map(\.json))),
      ("evaluation_stated", .boolean(evaluationsAreStated)),
      ("identity", identity?.json ?? .null),
      ("lineage", .array(lineage.map(JSONText.string))),
      ("unknown", .array(unknown.map(JSONText.string))),
    ])
  }
}
