// SPDX-License-Identifier: Apache-2.0

extension Conversation {
  /// The active path as one page of HTML that asks for nothing else: no script, no picture, no link.
  ///
  /// Texts stand as they were written, each in its own direction; reasoning is folded away.
  public var html: String {
    let name = HTMLText.escaped(title.isEmpty ? id.description : title)
    var parts = [
      """
      <!DOCTYPE html>
      <html>
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(name)</title>
      <style>\(HTMLText.style)</style>
      </head>
      <body>
      <h1 dir="auto">\(name)</h1>
      <p>\(HTMLText.escaped(model)), \(created), conversation \(id)</p>
      """
    ]
    if let system { parts.append(HTMLText.section("system", [HTMLText.block(system)])) }
    for message in path { parts.append(message.html) }
    return parts.joined(separator: "\n") + "\n</body>\n</html>\n"
  }
}

extension Message {
  fileprivate var html: String {
    var blocks: [String] = []
    if let reasoning {
      let seconds = figures.reasoningSeconds.map { ", \(($0 * 10).rounded() / 10) s" } ?? ""
      blocks.append(
        "<details><summary>Reasoning\(seconds)</summary>\(HTMLText.block(reasoning))</details>"
      )
    }
    if !content.isEmpty { blocks.append(HTMLText.block(content)) }
    if isBeingWritten {
      blocks.append("<p>(unfinished)</p>")
    } else if let finish, finish != .stop {
      blocks.append("<p>(\(HTMLText.escaped(finish.rawValue)))</p>")
    }
    return HTMLText.section(role.rawValue, blocks)
  }
}

private enum HTMLText {
  static let style = """
    body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif;\
    color-scheme:light dark}
    h2{font-size:1rem;margin:1.5rem 0 .25rem}
    .text{white-space:pre-wrap;overflow-wrap:anywhere}
    .user{border-inline-start:3px solid;padding-inline-start:1rem}
    details{opacity:.75}
    """

  /// A text of others between tags of ours.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  static func block(_ text: String) -> String {
    "<div class=\"text\" dir=\"auto\">\(escaped(text))</div>"
  }

  static func section(_ role: String, _ blocks: [String]) -> String {
    let name = role.prefix(1).uppercased() + role.dropFirst()
    return "<section class=\"\(escaped(role))\">\n<h2>\(escaped(name))</h2>\n"
      + blocks.joined(separator: "\n") + "\n</section>"
  }
}
