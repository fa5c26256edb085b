// SPDX-License-Identifier: Apache-2.0

import Foundation
import FoundationXML

/// Reads a page as XML, which our pages are but for empty elements of the head.
final class PageReader: NSObject, XMLParserDelegate {
  /// How often each element is there.
  private var counts: [String: Int] = [:]
  /// All text, of titles in drawings too.
  private(set) var text = ""
  /// What drawings are called.
  private(set) var labels: [String] = []

  struct Fault: Error {
    let line: Int
    let detail: String
  }

  init(_ html: String) throws {
    super.init()
    let body = html.replacing("<!DOCTYPE html>", with: "")
      .replacing(#/<meta ([^>]*)>/#) { "<meta \($0.1)/>" }
    let parser = XMLParser(data: Data(body.utf8))
    parser.delegate = self
    guard parser.parse() else {
      throw Fault(line: parser.lineNumber, detail: "\(String(describing: parser.parserError))")
    }
  }

  func count(_ element: String) -> Int { counts[element] ?? 0 }

  func parser(
    _ parser: XMLParser,
    didStartElement element: String,
    namespaceURI: String?,
    qualifiedName: String?,
    attributes: [String: String]
  ) {
    counts[element, default: 0] += 1
    if attributes["role"] == "img" { labels.append(attributes["aria-label"] ?? "") }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}
