// SPDX-License-Identifier: Apache-2.0

import Terminal
import TestSupport
import Testing

/// Progress as text.
@Suite struct ProgressBarTests {
  private static let pull = ProgressBar(
    label: "model-00001-of-00004.safetensors",
    total: 5_368_709_120,
    done: 1_288_490_188,
    perSecond: 54_321_000
  )

  @Test(arguments: [
    (
      120,
      "model-00001-of-00004.safetensors  ███████▏░░░░░░░░░░░░░░░░░░░░░░   23 %  1.3 GB of 5.4 GB  54.3 MB/s  1 min 16 s left"
    ),
    (80, "model-00001-of…  █▉░░░░░░   23 %  1.3 GB of 5.4 GB  54.3 MB/s  1 min 16 s left"),
    (40, "model-00001-o…   23 %  1.3 GB of 5.4 GB"),
    (20, "model-00001…   23 %"),
    (8, " 23 %"),
  ])
  func `the row says as much as there is room for`(_ width: Int, _ text: String) {
    #expect(Self.pull.text(width: width) == text)
  }

  @Test func `a narrow window without a label has the time left rather than the amount`() {
    var bar = Self.pull
    bar.label = ""
    #expect(bar.text(width: 40) == " 23 %  54.3 MB/s  1 min 16 s left")
    #expect(bar.text(width: 30) == " 23 %  1.3 GB of 5.4 GB")
  }

  @Test func `no row is wider than it may be, whatever the figures`() {
    var generator = SplitMix64(seed: 3)
    for _ in 0..<3000 {
      let total =
        Bool.random(using: &generator) ? Int.random(in: 0...(1 << 50), using: &generator) : nil
      let bar = ProgressBar(
        label: ["", "a", "模型-00001.safetensors", "e\u{301}\u{1B}"].randomElement(using: &generator)
          ?? "",
        unit: Bool.random(using: &generator) ? .bytes : .items("steps"),
        total: total,
        done: Int.random(in: 0...(1 << 50), using: &generator),
        perSecond: [nil, 0, 1e-9, 5, 1e12, .infinity, .nan].randomElement(using: &generator) ?? nil
      )
      let width = Int.random(in: 1...140, using: &generator)
      #expect(bar.row(width: width, labelColumns: width % 30).columns <= max(width - 1, 1))
    }
  }

  @Test func `a bar without block characters is ASCII`() {
    let bar = ProgressBar(
      label: "step",
      unit: .items("steps"),
      total: 200,
      done: 50,
      perSecond: 2.5
    )
    let text = bar.text(width: 100, hasBlockCharacters: false)
    #expect(
      text
        == "step  #######-----------------------   25 %   50 of 200 steps    2.5/s  1 min 00 s left"
    )
  }

  @Test func `a bar keeps its place while the figures change`() {
    var bar = ProgressBar(label: "file", total: 5_000_000_000)
    let starts = (0...50).map { step in
      bar.done = step * 100_000_000
      bar.perSecond = step == 0 ? nil : Double(step) * 3_000_000
      let text = bar.text(width: 100)
      return text.filter { "█▏▎▍▌▋▊▉░".contains($0) }.count
    }
    #expect(Set(starts) == [30])
  }

  @Test func `an unknown total shows what is done`() {
    let bar = ProgressBar(label: "data", total: nil, done: 999_600, perSecond: 1200)
    #expect(bar.text(width: 80) == "data  1.0 MB  1.2 kB/s")
    #expect(bar.secondsLeft == nil)
  }

  @Test func `what is done is a hundred percent, and nothing else`() {
    #expect(ProgressBar(label: "a", total: 1000, done: 1000).text(width: 40).contains("100 %"))
    #expect(ProgressBar(label: "a", total: 1000, done: 999).text(width: 40).contains("99 %"))
    #expect(ProgressBar(label: "a", total: 0, done: 0).text(width: 40).contains("100 %"))
  }

  @Test func `a rate looks back over its window`() {
    var meter = RateMeter(window: .seconds(10))
    #expect(meter.perSecond == nil)
    meter.note(0, at: .zero)
    #expect(meter.perSecond == nil)
    // A slow beginning, then 100 a second.
    meter.note(10, at: .seconds(10))
    for second in 11...40 { meter.note(10 + (second - 10) * 100, at: .seconds(second)) }
    let rate = meter.perSecond ?? 0
    #expect(abs(rate - 100) < 1)
    var fine = RateMeter(window: .seconds(10))
    for step in 0...100_000 { fine.note(step, at: .milliseconds(step)) }
    #expect(abs((fine.perSecond ?? 0) - 1000) < 20)
  }
}
