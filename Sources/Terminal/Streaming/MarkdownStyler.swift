// SPDX-License-Identifier: Apache-2.0

/// Gives Markdown that is being written a light look, and leaves every character in place.
///
/// Headings and bold text are bold, code has a color; the marks stay, so what is copied from the
/// screen is what was written. Of marks that the next character decides about (`**`, a fence) a few
/// characters wait for it.
public struct MarkdownStyler: Sendable {
  /// A part of the text and its look.
  public struct Piece: Hashable, Sendable {
    /// The text.
    public var text: String
    /// Its look.
    public var style: TextStyle
    /// Whether it stands in a code block, where spaces count.
    public var isCode: Bool
  }

  /// How code looks.
  public static let codeStyle = TextStyle(color: .cyan)

  private var isLineStart = true
  private var indentation = 0
  private var heading = false
  private var bold = false
  /// How many backticks began the code within a line; 0 outside.
  private var codeTicks = 0
  private var fence: Mark?
  /// Whether the rest of the line belongs to the fence that begins or ends the block.
  private var isFenceLine = false
  private var isClosing = false
  private var held: Mark?
  private var previous: UInt8 = 0x0A

  private struct Mark: Hashable, Sendable {
    var byte: UInt8
    var count: Int
  }

  // LIMIT: blocks in lists stand below their text; what is farther to the right is text itself.
  private static let indentationLimit = 8
  // LIMIT: longer runs are drawings, not marks.
  private static let markLimit = 32

  /// Creates a styler at the beginning of a text.
  public init() {}

  /// Takes text and gives it a look, as far as that is decided.
  ///
  /// - Parameters:
  ///   - text: The next piece, however small.
  ///   - base: How text without marks looks.
  /// - Complexity: O(n).
  /// - Returns: The parts whose look is decided.
  public mutating func append(_ text: String, base: TextStyle = .plain) -> [Piece] {
    var pieces: [Piece] = []
    var run: [UInt8] = []
    for byte in text.utf8 {
      if var mark = held {
        if byte == mark.byte, mark.count < Self.markLimit {
          mark.count += 1
          held = mark
          continue
        }
        decide(mark, next: byte, base, &run, &pieces)
      }
      if canBeMark(byte) {
        held = Mark(byte: byte, count: 1)
        continue
      }
      run.append(byte)
      advance(past: byte, base, &run, &pieces)
    }
    flush(&run, base, &pieces)
    return pieces
  }

  /// Ends the text and returns what was waiting.
  public mutating func finish(base: TextStyle = .plain) -> [Piece] {
    var pieces: [Piece] = []
    var run: [UInt8] = []
    if let mark = held { decide(mark, next: 0x0A, base, &run, &pieces) }
    flush(&run, base, &pieces)
    self = MarkdownStyler()
    return pieces
  }

  // MARK: Marks

  private func canBeMark(_ byte: UInt8) -> Bool {
    guard !isFenceLine else { return false }
    if let fence { return isLineStart && byte == fence.byte }
    switch byte {
    case UInt8(ascii: "`"): return true
    case UInt8(ascii: "#"), UInt8(ascii: "~"): return isLineStart && codeTicks == 0
    case UInt8(ascii: "*"): return codeTicks == 0
    default: return false
    }
  }

  /// Gives a run of marks its meaning, now that it is known what follows.
  private mutating func decide(
    _ mark: Mark,
    next: UInt8,
    _ base: TextStyle,
    _ run: inout [UInt8],
    _ pieces: inout [Piece]
  ) {
    held = nil
    let bytes = repeatElement(mark.byte, count: mark.count)
    let isBlank = next == 0x20 || next == 0x09 || next == 0x0A || next == 0x0D
    // What ends a block has nothing behind it.
    let isFence =
      mark.byte != UInt8(ascii: "#") && mark.byte != UInt8(ascii: "*") && isLineStart
      && mark.count >= (fence?.count ?? 3) && (fence == nil || isBlank)
    let wasBlank = previous == 0x20 || previous == 0x0A
    defer {
      isLineStart = false
      previous = mark.byte
    }
    if isFence {
      flush(&run, base, &pieces)
      isFenceLine = true
      isClosing = fence != nil
      fence = fence ?? mark
      run.append(contentsOf: bytes)
      return
    }
    guard fence == nil else {
      run.append(contentsOf: bytes)
      return
    }
    switch mark.byte {
    case UInt8(ascii: "#") where mark.count <= 6 && isBlank && next != 0x0A:
      flush(&run, base, &pieces)
      heading = true
      run.append(contentsOf: bytes)
    case UInt8(ascii: "*") where (2...3).contains(mark.count) && !bold && !isBlank:
      flush(&run, base, &pieces)
      bold = true
      run.append(contentsOf: bytes)
    case UInt8(ascii: "*") where (2...3).contains(mark.count) && bold && !wasBlank:
      run.append(contentsOf: bytes)
      flush(&run, base, &pieces)
      bold = false
    case UInt8(ascii: "`") where codeTicks == 0:
      flush(&run, base, &pieces)
      codeTicks = mark.count
      run.append(contentsOf: bytes)
    case UInt8(ascii: "`") where codeTicks == mark.count:
      run.append(contentsOf: bytes)
      flush(&run, base, &pieces)
      codeTicks = 0
    default: run.append(contentsOf: bytes)
    }
  }

  /// Notes what a character that is no mark means for the next ones.
  private mutating func advance(
    past byte: UInt8,
    _ base: TextStyle,
    _ run: inout [UInt8],
    _ pieces: inout [Piece]
  ) {
    previous = byte
    if byte == 0x0A {
      flush(&run, base, &pieces)
      // The look of a line ends with it, so that a mark without its other half spoils one line.
      (heading, bold, codeTicks, isLineStart, indentation) = (false, false, 0, true, 0)
      if isFenceLine, isClosing { fence = nil }
      (isFenceLine, isClosing) = (false, false)
    } else if isLineStart, byte == 0x20, indentation < Self.indentationLimit {
      indentation += 1
    } else {
      isLineStart = false
    }
  }

  private func flush(_ run: inout [UInt8], _ base: TextStyle, _ pieces: inout [Piece]) {
    guard !run.isEmpty else { return }
    defer { run.removeAll(keepingCapacity: true) }
    var style = base
    if fence != nil || codeTicks > 0 { style = style.adding(Self.codeStyle) }
    if isFenceLine { style = style.adding(.dim) }
    if heading || bold { style = style.adding(.bold) }
    pieces.append(
      Piece(text: String(decoding: run, as: UTF8.self), style: style, isCode: fence != nil)
    )
  }
}
