// SPDX-License-Identifier: Apache-2.0

/// What is one document in a file of plain text.
public enum DocumentUnit: String, Sendable, Hashable, CaseIterable {
  /// A file.
  case files
  /// A paragraph: what stands between empty lines.
  case paragraphs
}

/// Finds the documents of a file while its bytes go by.
struct ExtentFinder {
  enum Rule {
    case whole
    case paragraphs
    case lines
  }

  private let rule: Rule
  private var extents: [CorpusSource.Extent] = []
  /// Where the present document begins, and on which line; nil between two.
  private var start: (offset: Int, line: Int)?
  /// Where what is no white space ended last.
  private var inkEnd = 0
  private var line = 1
  private var lineHasInk = false

  init(_ rule: Rule) { self.rule = rule }

  /// Reads the bytes that begin at an offset.
  mutating func read(_ bytes: [UInt8], at offset: Int) {
    var position = offset
    if offset == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    for byte in bytes[(position - offset)...] {
      switch byte {
      case 0x0A: endLine(at: position)
      case 0x20, 0x09, 0x0D: break
      default:
        if start == nil { start = (offset: position, line: line) }
        lineHasInk = true
        inkEnd = position + 1
      }
      position += 1
    }
  }

  private mutating func endLine(at position: Int) {
    if rule == .lines || rule == .paragraphs && !lineHasInk { endDocument(at: inkEnd) }
    line += 1
    lineHasInk = false
  }

  private mutating func endDocument(at end: Int) {
    guard let begun = start else { return }
    extents.append(.init(offset: begun.offset, byteCount: end - begun.offset, line: begun.line))
    start = nil
  }

  /// The documents of a file that ends at an offset.
  mutating func finish(at end: Int) -> [CorpusSource.Extent] {
    endDocument(at: rule == .whole ? end : inkEnd)
    return extents
  }
}
