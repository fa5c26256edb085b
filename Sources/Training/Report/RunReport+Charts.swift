// SPDX-License-Identifier: Apache-2.0

extension RunReport {
  /// The charts of the run; those of experts only where there are some.
  var charts: String {
    var charts = [lossChart, learningRateChart, gradientChart, throughputChart, peakChart]
    if !history.balanceLoss.isEmpty { charts.append(balanceChart) }
    var html = "<section class=\"charts\" aria-label=\"charts\">"
    html += charts.map(\.html).joined()
    if !history.worstViolation.isEmpty {
      html += LoadHeatMap(loads: history.recentLoad, stepCount: history.recentLoadStepCount).html
      html += violationChart.html
      if !history.worstBiasDrift.isEmpty { html += biasChart.html }
    }
    return html + "</section>\n"
  }

  private var lossChart: LineChart {
    let series =
      lines("train", history.loss, .first)
      + lines("multi-token", history.predictionLoss, .third, showsNoise: false)
      + [LineChart.Series(name: "validation", stroke: .points, curve: history.validationLoss)]
    return LineChart(
      title: "Loss",
      unit: "nats/token",
      series: series,
      passesOverBeginning: true,
      tokens: history.tokens
    )
  }

  private var learningRateChart: LineChart {
    let curve = history.learningRate
    return LineChart(
      title: "Learning rate",
      series: [LineChart.Series(name: "learning rate", stroke: .first, curve: curve)],
      startsAtZero: true,
      tokens: history.tokens
    )
  }

  private var gradientChart: LineChart {
    var chart = chart("Gradient norm", "", lines("", history.gradientNorm, .first))
    chart.prefersLogarithm = true
    return chart
  }

  private var throughputChart: LineChart {
    chart("Throughput", "tokens/s", lines("", history.tokensPerSecond, .first))
  }

  private var peakChart: LineChart {
    let percents = history.shareOfPeak.scaled(by: 100)
    return chart("Share of peak", "%", lines("", percents, .first))
  }

  private var balanceChart: LineChart {
    chart("Balance loss", "", lines("", history.balanceLoss, .first))
  }

  private var violationChart: LineChart {
    chart(
      "Load violation (MaxVio)",
      "",
      lines("worst layer", history.worstViolation, .first)
        + lines("average layer", history.meanViolation, .second, showsNoise: false)
    )
  }

  private var biasChart: LineChart {
    chart(
      "Bias drift",
      "",
      lines("worst layer", history.worstBiasDrift, .first)
        + lines("average layer", history.meanBiasDrift, .second, showsNoise: false)
    )
  }

  private func chart(_ title: String, _ unit: String, _ series: [LineChart.Series]) -> LineChart {
    LineChart(
      title: title,
      unit: unit,
      series: series,
      startsAtZero: true,
      tokens: history.tokens
    )
  }

  /// A curve; of many steps also its running mean, since single steps are noise.
  ///
  /// - Parameters:
  ///   - name: What the curve is called.
  ///   - curve: The curve.
  ///   - stroke: How it is drawn; the noise is pale behind it.
  ///   - showsNoise: Whether single steps are drawn beside the mean.
  /// - Returns: One curve, or two.
  private func lines(
    _ name: String,
    _ curve: Curve,
    _ stroke: LineChart.Stroke,
    showsNoise: Bool = true
  ) -> [LineChart.Series] {
    guard curve.count >= 50 else {
      return [LineChart.Series(name: name, stroke: stroke, curve: curve)]
    }
    let prefix = name.isEmpty ? "" : "\(name), "
    let noise = LineChart.Series(name: prefix + "each step", stroke: .faint, curve: curve)
    let mean = LineChart.Series(name: prefix + "mean", stroke: stroke, curve: curve.smoothed())
    return showsNoise ? [noise, mean] : [mean]
  }
}
