// SPDX-License-Identifier: Apache-2.0

/// The loads of all experts of all MoE layers as one drawing: a row a layer, a column an expert.
///
/// Blue experts have fewer tokens than the mean of their layer, orange ones more; the deeper, the
/// further.
struct LoadHeatMap {
  // LIMIT: more columns than these are no cells any more; neighbors then share one.
  private static let mostColumns = 64
  // LIMIT: the most cells of a page.
  private static let mostCells = 4096

  let loads: [ExpertLoad]
  /// Over how many of the last steps the loads are added up.
  let stepCount: Int

  private static let left = 50.0
  private static let width = 340.0

  /// The figure; dense models have none.
  var html: String {
    guard let expertCount = loads.map(\.counts.count).max(), expertCount > 0 else { return "" }
    let rowLimit = max(1, Self.mostCells / min(expertCount, Self.mostColumns))
    let shown = loads.prefix(rowLimit)
    let perCell = (expertCount + Self.mostColumns - 1) / Self.mostColumns
    let columnCount = (expertCount + perCell - 1) / perCell
    let rowHeight = max(7, min(34, 182 / Double(shown.count)))
    let cellWidth = Self.width / Double(columnCount)
    let bottom = 8 + rowHeight * Double(shown.count)
    let height = ReportText.coordinate(bottom + 38)
    var svg =
      "<svg viewBox=\"0 0 400 \(height)\" role=\"img\" aria-label=\"\(ReportText.escaped(summary))\">"
    for (row, load) in shown.enumerated() {
      let y = 8 + rowHeight * Double(row)
      svg += rowLabel(load.layer, row, shown.count, y + rowHeight / 2, rowHeight)
      for column in 0..<columnCount {
        let experts = column * perCell..<min((column + 1) * perCell, load.counts.count)
        guard !experts.isEmpty else { continue }
        let x = Self.left + cellWidth * Double(column)
        svg += cell(load, experts, x: x, y: y, width: cellWidth, height: rowHeight)
      }
    }
    svg += columnLabels(columnCount, perCell, cellWidth, bottom)
    return "<figure><figcaption><b>Expert load</b> <i>× mean of the layer</i>"
      + "\(legend)\(notes(shown.count, perCell))</figcaption>\(svg)</svg></figure>\n"
  }

  private var summary: String {
    let worst = loads.max { $0.maxViolation < $1.maxViolation }
    let text = worst.map {
      ": the fullest expert is in layer \($0.layer), "
        + "\(ReportText.number($0.maxViolation + 1)) times its layer's mean"
    }
    return "Expert load of \(loads.count) layers" + (text ?? "")
  }

  private func notes(_ rowCount: Int, _ perCell: Int) -> String {
    var notes = [stepCount == 1 ? "the last step" : "the last \(stepCount) steps"]
    if perCell > 1 { notes.append("a cell is the fullest of \(perCell) experts") }
    if rowCount < loads.count { notes.append("the first \(rowCount) of \(loads.count) layers") }
    return "<small>\(notes.joined(separator: "; "))</small>"
  }

  private var legend: String {
    let stops = [
      ("under", 1.0, "0"), ("under", 0.5, "½"), ("", 0, "1"), ("over", 0.5, "1½"),
      ("over", 1.0, "2+"),
    ]
    return stops.map { kind, depth, name in
      "<span class=\"key\"><svg viewBox=\"0 0 12 12\" class=\"swatch\" aria-hidden=\"true\">"
        + Self.rectangle(kind, depth, "x=\"0\" y=\"0\" width=\"12\" height=\"12\"")
        + "</rect></svg>"
        + "\(name)</span>"
    }.joined(separator: " ")
  }

  private func cell(
    _ load: ExpertLoad,
    _ experts: Range<Int>,
    x: Double,
    y: Double,
    width: Double,
    height: Double
  ) -> String {
    let mean = Double(load.counts.reduce(0, +)) / Double(load.counts.count)
    let most = experts.max { load.counts[$0] < load.counts[$1] } ?? experts.lowerBound
    let count = load.counts[most]
    let ratio = mean > 0 ? Double(count) / mean : 1
    let depth = min((ratio - 1).magnitude, 1)
    let gap = width > 6 ? 1.0 : 0
    let place =
      "x=\"\(ReportText.coordinate(x))\" y=\"\(ReportText.coordinate(y))\" "
      + "width=\"\(ReportText.coordinate(width - gap))\" "
      + "height=\"\(ReportText.coordinate(height - 1))\""
    return Self.rectangle(ratio < 1 ? "under" : "over", depth, place)
      + "<title>layer \(load.layer), expert \(most): \(ReportText.number(ratio)) × mean, "
      + "\(ReportText.grouped(count)) tokens</title></rect>"
  }

  /// The beginning of a cell; cells at the mean show the ground.
  private static func rectangle(_ kind: String, _ depth: Double, _ place: String) -> String {
    let opacity = ReportText.trimmed(depth, places: 2)
    return "<rect class=\"cell \(kind)\" fill-opacity=\"\(opacity)\" \(place)>"
  }

  private func rowLabel(
    _ layer: Int,
    _ row: Int,
    _ rowCount: Int,
    _ y: Double,
    _ rowHeight: Double
  ) -> String {
    // Labels need 13 units each.
    let every = max(1, Int((13 / rowHeight).rounded(.up)))
    guard row % every == 0 else { return "" }
    return "<text x=\"44\" y=\"\(ReportText.coordinate(y))\" dy=\".35em\" text-anchor=\"end\">"
      + "\(rowCount <= 16 ? "layer " : "")\(layer)</text>"
  }

  private func columnLabels(
    _ columnCount: Int,
    _ perCell: Int,
    _ cellWidth: Double,
    _ bottom: Double
  ) -> String {
    let every = max(1, Int((30 / cellWidth).rounded(.up)))
    var svg = ""
    for column in stride(from: 0, to: columnCount, by: every) {
      let x = ReportText.coordinate(Self.left + (Double(column) + 0.5) * cellWidth)
      svg += "<text x=\"\(x)\" y=\"\(ReportText.coordinate(bottom + 15))\" "
      svg += "text-anchor=\"middle\">\(column * perCell)</text>"
    }
    let middle = ReportText.coordinate(Self.left + Self.width / 2)
    return svg + "<text x=\"\(middle)\" y=\"\(ReportText.coordinate(bottom + 33))\" "
      + "text-anchor=\"middle\">expert</text>"
  }
}
