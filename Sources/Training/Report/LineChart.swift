// SPDX-License-Identifier: Apache-2.0

/// Curves over the steps of a run as one figure: an SVG drawing with axes, and a legend.
struct LineChart {
  // LIMIT: four points a pixel at the widest; the page stays small however long the run.
  static let mostPoints = 2000
  // LIMIT: as many places under the pointer say their values.
  private static let hoverCount = 100

  /// How a curve is drawn.
  enum Stroke: String {
    /// Pale, behind the others.
    case faint
    /// The main curve.
    case first
    /// A second one, dashed, so that it is told apart without color.
    case second
    /// A third one, dotted.
    case third
    /// A point at each value, joined.
    case points
  }

  /// One curve of a chart.
  struct Series {
    let name: String
    let stroke: Stroke
    let curve: Curve
  }

  /// What the chart is called.
  let title: String
  /// The unit of its values, or nothing.
  var unit = ""
  /// The curves, drawn in this order; those without a point are left out.
  let series: [Series]
  var startsAtZero = false
  var prefersLogarithm = false
  /// Whether the first steps, which fall from far above, may lie outside the chart.
  var passesOverBeginning = false
  /// The tokens at each step, for what the pointer says.
  var tokens = Curve()

  // The drawing's own units, which are about a pixel each; the page fits it to its column.
  private static let width = 400.0
  private static let height = 230.0
  private static let left = 50.0
  private static let right = 382.0
  private static let top = 8.0
  private static let bottom = 192.0

  private var drawn: [Series] { series.filter { !$0.curve.isEmpty } }

  /// The figure; one that has no values says so.
  var html: String {
    let drawn = drawn
    let caption = "<figcaption><b>\(ReportText.escaped(title))</b>\(legend(drawn))"
    guard !drawn.isEmpty else {
      return "<figure>\(caption)</figcaption><p class=\"none\">no values yet</p></figure>\n"
    }
    let points = drawn.map { $0.curve.thinned(to: Self.mostPoints) }
    let steps = points.flatMap { $0.map { Double($0.step) } }
    // A run from its first step on begins at the corner, one that is short has room for its points.
    let isLong = (steps.min() ?? 0) * 10 < (steps.max() ?? 0)
    let horizontal = ChartAxis(steps, tickCount: 6, startsAtZero: isLong, hasRoom: false)
    let vertical = ChartAxis(
      points.flatMap { seen($0) },
      tickCount: 5,
      startsAtZero: startsAtZero,
      prefersLogarithm: prefersLogarithm
    )
    let size = "\(ReportText.coordinate(Self.width)) \(ReportText.coordinate(Self.height))"
    var svg = "<svg viewBox=\"0 0 \(size)\" role=\"img\" "
    svg += "aria-label=\"\(ReportText.escaped(summary))\">"
    svg += grid(horizontal, vertical)
    for (series, points) in zip(drawn, points) {
      svg += path(points, series.stroke, horizontal, vertical)
    }
    svg += breaks(horizontal) + hovers(drawn, horizontal)
    return "<figure>\(caption)\(note(vertical))</figcaption>\(svg)</svg></figure>\n"
  }

  /// The values that the chart must have room for.
  private func seen(_ points: [Curve.Point]) -> [Double] {
    // LIMIT: of a run of some length, the first fiftieth falls as far as all the rest.
    guard passesOverBeginning, let last = points.last?.step, last >= 500 else {
      return points.map(\.value)
    }
    return points.filter { $0.step * 50 > last }.map(\.value)
  }

  /// Says that the first steps lie above the chart, where they do.
  private func note(_ vertical: ChartAxis) -> String {
    guard passesOverBeginning, let first = drawn.first?.curve.values.first(where: \.isFinite),
      first > vertical.range.upperBound
    else { return "" }
    return "<small>from \(ReportText.number(first)) at the beginning, above the chart</small>"
  }

  /// What is heard in place of the drawing.
  private var summary: String {
    let parts = drawn.map { series in
      let values = series.curve.values.filter(\.isFinite)
      guard let first = values.first, let last = values.last, let least = values.min(),
        let most = values.max()
      else { return "\(series.name): no finite value" }
      return "\(series.name) from \(ReportText.number(first)) to \(ReportText.number(last)), "
        + "lowest \(ReportText.number(least)), highest \(ReportText.number(most))"
    }
    let steps = drawn.compactMap(\.curve.steps.last).max() ?? 0
    return "\(title)\(unit.isEmpty ? "" : " in \(unit)") up to step \(steps). "
      + parts.joined(separator: "; ")
  }

  private func legend(_ drawn: [Series]) -> String {
    let unitText = unit.isEmpty ? "" : " <i>\(ReportText.escaped(unit))</i>"
    guard drawn.count > 1 else { return unitText }
    let entries = drawn.map { series in
      "<span class=\"key\"><svg viewBox=\"0 0 22 8\" aria-hidden=\"true\">"
        + "<path class=\"\(series.stroke.rawValue)\" d=\"M1 4H21\"/>"
        + (series.stroke == .points ? "<circle class=\"dot\" cx=\"11\" cy=\"4\" r=\"3\"/>" : "")
        + "</svg>\(ReportText.escaped(series.name))</span>"
    }
    return unitText + " " + entries.joined(separator: " ")
  }

  private func x(_ step: Double, _ axis: ChartAxis) -> Double {
    Self.left + (axis.position(of: step) ?? 0) * (Self.right - Self.left)
  }

  private func y(_ position: Double) -> Double {
    Self.bottom - position * (Self.bottom - Self.top)
  }

  private func grid(_ horizontal: ChartAxis, _ vertical: ChartAxis) -> String {
    let (left, right) = (ReportText.coordinate(Self.left), ReportText.coordinate(Self.right))
    let (top, bottom) = (ReportText.coordinate(Self.top), ReportText.coordinate(Self.bottom))
    var svg = "<g class=\"grid\">"
    for tick in vertical.ticks {
      guard let position = vertical.position(of: tick) else { continue }
      let place = ReportText.coordinate(y(position))
      svg += "<path d=\"M\(left) \(place)H\(right)\"/>"
      svg += "<text x=\"\(ReportText.coordinate(Self.left - 6))\" y=\"\(place)\" dy=\".35em\" "
      svg += "text-anchor=\"end\">\(vertical.label(tick))</text>"
    }
    // Steps are whole numbers.
    for tick in horizontal.ticks where tick.rounded() == tick {
      let place = ReportText.coordinate(x(tick, horizontal))
      svg += "<path d=\"M\(place) \(bottom)v5\"/>"
      svg += "<text x=\"\(place)\" y=\"\(ReportText.coordinate(Self.bottom + 18))\" "
      svg += "text-anchor=\"middle\">\(horizontal.label(tick))</text>"
    }
    let middle = ReportText.coordinate((Self.left + Self.right) / 2)
    svg += "<text x=\"\(middle)\" y=\"\(ReportText.coordinate(Self.bottom + 33))\" "
    svg += "text-anchor=\"middle\">step</text>"
    return svg + "<path class=\"axis\" d=\"M\(left) \(top)V\(bottom)H\(right)\"/></g>"
  }

  private func path(
    _ points: [Curve.Point],
    _ stroke: Stroke,
    _ horizontal: ChartAxis,
    _ vertical: ChartAxis
  ) -> String {
    var path = ""
    var dots = ""
    // What has no place ends a piece of the curve; a piece of one point is a dot.
    var pieceCount = 0
    var lastPlace = ("", "")
    func endPiece() {
      if pieceCount == 1, stroke != .points { dots += dot(lastPlace, radius: 2, stroke) }
      pieceCount = 0
    }
    for point in points {
      guard let position = vertical.position(of: point.value), position <= 1 else {
        endPiece()
        continue
      }
      lastPlace = (
        ReportText.coordinate(x(Double(point.step), horizontal)), ReportText.coordinate(y(position))
      )
      path += "\(pieceCount == 0 ? "M" : "L")\(lastPlace.0) \(lastPlace.1)"
      pieceCount += 1
      if stroke == .points, points.count <= 100 { dots += dot(lastPlace, radius: 3, stroke) }
    }
    endPiece()
    return "<path class=\"\(stroke.rawValue)\" d=\"\(path)\"/>" + dots
  }

  private func dot(_ place: (String, String), radius: Int, _ stroke: Stroke) -> String {
    let kind = stroke == .points ? "dot" : "dot \(stroke.rawValue)"
    return "<circle class=\"\(kind)\" cx=\"\(place.0)\" cy=\"\(place.1)\" r=\"\(radius)\"/>"
  }

  /// Marks below the curve where a value was no finite number.
  private func breaks(_ horizontal: ChartAxis) -> String {
    var svg = ""
    for series in drawn {
      // LIMIT: more marks than these cannot be told apart.
      for step in series.curve.nonFiniteSteps(limit: 50) {
        let place = ReportText.coordinate(x(Double(step), horizontal))
        svg += "<path class=\"broken\" d=\"M\(place) \(ReportText.coordinate(Self.top))"
        svg += "V\(ReportText.coordinate(Self.bottom))\">"
        svg +=
          "<title>\(ReportText.escaped(title)) is not finite at step \(step)</title></path>"
      }
    }
    return svg
  }

  /// Strips that say the values at their place to the pointer.
  private func hovers(_ drawn: [Series], _ horizontal: ChartAxis) -> String {
    guard let longest = drawn.max(by: { $0.curve.count < $1.curve.count })?.curve else { return "" }
    let count = min(longest.count, Self.hoverCount)
    var svg = "<g class=\"hover\">"
    var start = Self.left
    for index in 0..<count {
      let step = longest.steps[(index * 2 + 1) * longest.count / (count * 2)]
      let next = (index * 2 + 3) * longest.count / (count * 2)
      let place = x(Double(step), horizontal)
      let nextPlace = index + 1 < count ? x(Double(longest.steps[next]), horizontal) : 0
      let end = index + 1 < count ? (place + nextPlace) / 2 : Self.right
      let values = drawn.compactMap { series in
        series.curve.value(at: step).map { "\(series.name) \(ReportText.number($0))" }
      }
      let seen = tokens.value(at: step).map { " (\(ReportText.number($0)) tokens)" } ?? ""
      let text = "step \(ReportText.grouped(step))\(seen): \(values.joined(separator: ", "))"
      svg += "<rect x=\"\(ReportText.coordinate(start))\" y=\"\(ReportText.coordinate(Self.top))\" "
      svg += "width=\"\(ReportText.coordinate(max(end - start, 0)))\" "
      svg += "height=\"\(ReportText.coordinate(Self.bottom - Self.top))\">"
      svg += "<title>\(ReportText.escaped(text + (unit.isEmpty ? "" : " \(unit)")))</title></rect>"
      start = end
    }
    return svg + "</g>"
  }
}
