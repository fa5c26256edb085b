// SPDX-License-Identifier: Apache-2.0

/// How far long work is, as one row of text.
public struct ProgressBar: Hashable, Sendable {
  /// What is counted.
  public enum Unit: Hashable, Sendable {
    /// Bytes, shown as kB, MB, GB.
    case bytes
    /// Things with a name, such as steps.
    case items(String)
  }

  /// What the work is, for example a file's name.
  public var label: String
  /// What is counted.
  public var unit: Unit
  /// How much there is; nil where that is not known.
  public var total: Int?
  /// How much is done.
  public var done: Int
  /// How much is done in a second; nil where that is not known yet.
  public var perSecond: Double?

  /// Creates a bar.
  public init(
    label: String,
    unit: Unit = .bytes,
    total: Int?,
    done: Int = 0,
    perSecond: Double? = nil
  ) {
    self.label = label
    self.unit = unit
    self.total = total
    self.done = done
    self.perSecond = perSecond
  }

  /// The seconds that the rest takes at this rate; nil where that cannot be told.
  public var secondsLeft: Double? {
    guard let total, let perSecond, perSecond > 0 else { return nil }
    return Double(max(total - done, 0)) / perSecond
  }

  /// Makes the row: label, bar, share, amount, rate and time left, as many as have room.
  ///
  /// - Parameters:
  ///   - width: How many columns it may take; the last one stays free, so that no terminal breaks it.
  ///   - labelColumns: How many columns the label takes at least, so that bars below each other begin
  ///     at one place.
  ///   - hasBlockCharacters: Whether the bar may use block characters rather than `#` and `-`.
  ///   - displayWidth: How characters stand on the screen.
  /// - Returns: The row, with its last column free.
  public func row(
    width: Int,
    labelColumns: Int = 0,
    hasBlockCharacters: Bool = true,
    displayWidth: DisplayWidth = DisplayWidth()
  ) -> ScreenRow {
    let limit = max(width - 1, 1)
    let labelColumns = max(displayWidth.columns(of: label), labelColumns)
    let parts = parts(columns: limit - 2 - min(labelColumns, Self.labelColumnsMin))
    let partColumns = parts.isEmpty ? 0 : Self.columns(of: parts) + 2
    let free = limit - partColumns - 2
    let hasBar =
      total != nil && free - min(labelColumns, Self.labelColumnsMin) >= Self.barColumns.lowerBound
    let barColumns =
      hasBar
      ? min(max(free - labelColumns, Self.barColumns.lowerBound), Self.barColumns.upperBound) : 0
    let labelLimit = max(hasBar ? free - barColumns : limit - partColumns, 0)
    var cells = displayWidth.cells(of: label, columnLimit: labelLimit)
    let used = cells.reduce(0) { $0 + $1.columns }
    cells += Self.ascii(String(repeating: " ", count: max(min(labelColumns, labelLimit) - used, 0)))
    if hasBar { cells += Self.ascii("  ") + bar(columns: barColumns, hasBlockCharacters) }
    for part in parts { cells += Self.ascii((cells.isEmpty ? "" : "  ") + part) }
    while cells.last?.text == " " { cells.removeLast() }
    return ScreenRow(displayWidth.cells(of: cells.map(\.text).joined(), columnLimit: limit))
  }

  /// Returns the row's text.
  public func text(width: Int, hasBlockCharacters: Bool = true) -> String {
    row(width: width, hasBlockCharacters: hasBlockCharacters).text
  }

  // LIMIT: a label that is shorter names nothing, a bar that is longer says no more.
  private static let labelColumnsMin = 14
  private static let barColumns = 8...30

  // MARK: Parts

  private var fraction: Double? {
    guard let total else { return nil }
    guard total > 0 else { return 1 }
    return min(max(Double(done) / Double(total), 0), 1)
  }

  /// As many parts as have room.
  ///
  /// The first ones say most, but the amount goes before the time left.
  private func parts(columns: Int) -> [String] {
    var parts = self.parts
    guard Self.columns(of: parts) > columns else { return parts }
    if parts.count == 4 {
      let withoutAmount = [parts[0], parts[2], parts[3]]
      if Self.columns(of: withoutAmount) <= columns { return withoutAmount }
    }
    while parts.count > 1, Self.columns(of: parts) > columns { parts.removeLast() }
    return parts
  }

  /// Beside a bar each figure keeps its width, so that the bar stands still.
  private var parts: [String] {
    guard let fraction else { return [amount, rate].filter { !$0.isEmpty } }
    // 100 % is for what is done.
    let percent = done >= total ?? 0 ? 100 : min(Int(fraction * 100), 99)
    let rateColumns = unit == .bytes ? 9 : 7
    return [
      Self.padded("\(percent)", to: 3) + " %", amount, Self.padded(rate, to: rateColumns),
      remaining + String(repeating: " ", count: max(16 - remaining.count, 0)),
    ]
  }

  private var amount: String {
    switch unit {
    case .bytes:
      guard let total else { return Self.bytes(Double(done)) }
      let all = Self.bytes(Double(total))
      return "\(Self.padded(Self.bytes(Double(done)), to: max(all.count, 6))) of \(all)"
    case .items(let name):
      guard let total else { return "\(done) \(name)" }
      return "\(Self.padded("\(done)", to: "\(total)".count)) of \(total) \(name)"
    }
  }

  private var rate: String {
    guard let perSecond else { return "" }
    return (unit == .bytes ? Self.bytes(perSecond) : Self.rounded(perSecond)) + "/s"
  }

  private var remaining: String {
    guard let secondsLeft, done < total ?? 0 else { return "" }
    return Self.time(secondsLeft) + " left"
  }

  private func bar(columns: Int, _ hasBlockCharacters: Bool) -> [ScreenCell] {
    let fraction = fraction ?? 0
    guard hasBlockCharacters else {
      let filled = Int(fraction * Double(columns))
      return Self.ascii(
        String(repeating: "#", count: filled) + String(repeating: "-", count: columns - filled)
      )
    }
    // Eighths of a column.
    let eighths = Int(fraction * Double(columns) * 8)
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    var texts = [String](repeating: "█", count: eighths / 8)
    if texts.count < columns, !eighths.isMultiple(of: 8) { texts.append(parts[eighths % 8]) }
    texts += [String](repeating: "░", count: columns - texts.count)
    return texts.map { ScreenCell(text: $0, columns: 1) }
  }

  // MARK: Figures

  /// Returns a time as two of its largest units: `12 s`, `3 min 05 s`, `2 h 40 min`, `3 d 4 h`.
  package static func time(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 360_000_000 else { return "years" }
    let whole = Int(seconds.rounded(.up))
    let (minutes, hours, days) = (whole / 60, whole / 3600, whole / 86_400)
    if days > 0 { return "\(days) d \(hours % 24) h" }
    if hours > 0 { return "\(hours) h \(twoDigits(minutes % 60)) min" }
    if minutes > 0 { return "\(minutes) min \(twoDigits(whole % 60)) s" }
    return "\(whole) s"
  }

  /// Returns a count of bytes with three digits or so: `512 B`, `1.5 MB`, `31.4 GB`.
  static func bytes(_ count: Double) -> String {
    var value = max(count, 0)
    for unit in ["B", "kB", "MB", "GB", "TB"] {
      if value < 999.5 || unit == "TB" {
        return (unit == "B" ? "\(Int(value.rounded()))" : rounded(value)) + " \(unit)"
      }
      value /= 1000
    }
    return ""
  }

  /// Returns a number with one digit behind the point where it is small.
  static func rounded(_ value: Double) -> String {
    guard value.isFinite, value < 1e15 else { return "∞" }
    guard value < 99.95 else { return "\(Int(value.rounded()))" }
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

  private static func padded(_ text: String, to count: Int) -> String {
    String(repeating: " ", count: max(count - text.count, 0)) + text
  }

  private static func columns(of parts: [String]) -> Int {
    parts.reduce(0) { $0 + $1.count } + 2 * max(parts.count - 1, 0)
  }

  private static func ascii(_ text: String) -> [ScreenCell] {
    text.map { ScreenCell(text: String($0), columns: 1) }
  }
}
