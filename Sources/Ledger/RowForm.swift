// SPDX-License-Identifier: Apache-2.0

/// What stands between the values of a row.
///
/// An object and no constants: each use of a constant asks first whether it is there.
final class RowForm: Sendable {
  let beginning = Array("{\"v\":\(ChainedRow.version),\"writer\":\"".utf8)
  let n = Array(",\"n\":".utf8)
  let time = Array(",\"time\":\"".utf8)
  let kind = Array(",\"kind\":".utf8)
  let kinds = LedgerRow.Kind.allCases.map { Array("\"\($0.rawValue)\"".utf8) }
  let run = Array(",\"run\":".utf8)
  let recipe = Array(",\"recipe\":".utf8)
  let code = Array(",\"code\":".utf8)
  let weights = Array(",\"weights\":".utf8)
  let device = Array(",\"device\":".utf8)
  let count = Array(",\"count\":".utf8)
  let seconds = Array(",\"seconds\":".utf8)
  let tokens = Array(",\"tokens\":{".utf8)
  let plannedTokens = Array(LedgerRow.Count.plannedTokens.rawValue.utf8)
  let operations = Array(",\"operations\":".utf8)
  let joules = Array(",\"joules\":".utf8)
  let source = Array(",\"joules_source\":".utf8)
  let sources = LedgerRow.EnergySource.allCases.map { Array("\"\($0.rawValue)\"".utf8) }
  let dollars = Array(",\"usd\":".utf8)
  let prices = Array(",\"prices\":".utf8)
  let previous = Array(",\"prev\":\"".utf8)
  let hash = Array(",\"hash\":\"".utf8)
  let ending = Array("\"}\n".utf8)
  let null = Array("null".utf8)
}
