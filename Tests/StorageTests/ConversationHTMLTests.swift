// SPDX-License-Identifier: Apache-2.0

import Storage
import Testing

@Suite struct `A conversation as HTML` {
  private let folder: TemporaryFolder
  private let store: ConversationStore

  init() throws {
    folder = try TemporaryFolder()
    store = try folder.store()
  }

  @Test func `shows the active path, with the reasoning folded away`() throws {
    let id = try store.create(model: "org/m", system: "Be brief.", title: "Tea & time").id
    let question = try store.add(.user, "Why?\n  Because?", to: id, after: nil)
    let superseded = try store.beginAnswer(in: id, after: question.id)
    try superseded.append(content: "an older answer")
    try superseded.finish(.stop)
    let answer = try store.beginAnswer(in: id, after: question.id)
    try answer.append(content: "So.", reasoning: "Hm.")
    try answer.finish(.length, figures: AnswerFigures(reasoningSeconds: 12.345))
    let html = try store.load(id).html
    #expect(html.hasPrefix("<!DOCTYPE html>") && html.hasSuffix("</html>\n"))
    let parts = [
      "<title>Tea &amp; time</title>", "Be brief.", ">Why?\n  Because?</div>",
      "<summary>Reasoning, 12.3 s</summary><div class=\"text\" dir=\"auto\">Hm.</div></details>",
      ">So.</div>", "(length)",
    ]
    var rest = html[...]
    for part in parts {
      let range = try #require(rest.firstRange(of: part), "no \(part)")
      rest = rest[range.upperBound...]
    }
    #expect(!html.contains("an older answer"))
  }

  @Test func `takes every text as text, also where it names tags, scripts and attributes`() throws {
    let hostile = "</div><script>alert('x')</script>\" onload=\"&amp;"
    let id = try store.create(model: hostile, system: hostile, title: hostile).id
    _ = try store.add(.assistant, hostile, reasoning: hostile, to: id, after: nil)
    let html = try store.load(id).html
    #expect(!html.contains("<script") && !html.contains("onload=\""))
    let escaped =
      "&lt;/div&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot; onload=&quot;&amp;amp;"
    #expect(html.ranges(of: escaped).count == 6)
  }

  @Test func `asks for nothing from anywhere`() throws {
    let id = try store.create(model: "m").id
    let html = try store.load(id).html
    #expect(html.contains("default-src 'none'"))
    #expect(!html.contains("src=") && !html.contains("href=") && !html.contains("url("))
  }
}
