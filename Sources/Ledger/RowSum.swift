// SPDX-License-Identifier: Apache-2.0

/// Adds up the rows of a chain, those that were scanned without making texts of their bytes.
struct RowSum {
  private var figures = LedgerTotal()
  /// The counts of `tokens` by the bytes of their names.
  private var counts: [(purpose: [UInt8], count: Int)] = []

  /// What the rows come to.
  var total: LedgerTotal {
    var total = figures
    for (purpose, count) in counts {
      let purpose = String(decoding: purpose, as: UTF8.self)
      if LedgerRow.Count(rawValue: purpose) == nil { total.tokens[purpose] = count }
    }
    return total
  }

  mutating func add(_ row: LedgerRow) {
    guard !row.isPlan else { return }
    figures.add(row.figures)
    for (purpose, count) in row.tokens {
      let purpose = Array(purpose.utf8)
      add(count, at: counts.firstIndex { $0.purpose == purpose }, purpose)
    }
  }

  mutating func add(_ row: ScannedRow, in bytes: Span<UInt8>, _ form: RowForm) {
    guard !row.isPlan else { return }
    figures.add(row.figures)
    var scan = RowScan(bytes, from: row.tokens.lowerBound, form)
    while let (purpose, count) = scan.nextToken(before: row.tokens.upperBound) {
      // Few names are in use, so that looking at each is faster than a dictionary.
      let index = counts.firstIndex { scan.has(purpose, $0.purpose) }
      add(count, at: index, index == nil ? purpose.map { bytes[$0] } : [])
    }
  }

  private mutating func add(_ count: Int, at index: Int?, _ purpose: [UInt8]) {
    if let index {
      counts[index].count = LedgerTotal.sum(counts[index].count, count)
    } else {
      counts.append((purpose, count))
    }
  }
}
