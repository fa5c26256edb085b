// SPDX-License-Identifier: Apache-2.0

import Storage
import Testing

@Suite struct `A conversation as Markdown` {
  private let folder: TemporaryFolder
  private let store: ConversationStore

  init() throws {
    folder = try TemporaryFolder()
    store = try folder.store()
  }

  @Test func `shows the active path, with the reasoning folded away`() throws {
    let id = try store.create(model: "org/my_model", system: "Be brief.", title: "A *test*").id
    let question = try store.add(.user, "What is 1+1?", to: id, after: nil)
    let superseded = try store.beginAnswer(in: id, after: question.id)
    try superseded.append(content: "3")
    try superseded.finish(.stop)
    let answer = try store.beginAnswer(in: id, after: question.id)
    try answer.append(content: "**2**", reasoning: "One and one.\n\nTwo.")
    try answer.finish(.length, figures: AnswerFigures(reasoningSeconds: 12.345))
    _ = try store.add(.user, "Thanks", to: id, after: answer.message)
    let expected = """
      # A \\*test\\*

      *org/my\\_model, 2026-11-21T22:30:17.000Z, conversation \(id)*

      ## System

      Be brief.

      ## User

      What is 1+1?

      ## Assistant

      <details>
      <summary>Reasoning, 12.3 s</summary>

      One and one.

      Two.

      </details>

      **2**

      *(length)*

      ## User

      Thanks

      """
    #expect(try store.load(id).markdown == expected)
  }

  @Test func `of an unfinished answer says so`() throws {
    let id = try store.create(model: "m").id
    let writer = try store.beginAnswer(in: id, after: nil)
    try writer.append(content: "So far")
    #expect(try store.load(id).markdown.hasSuffix("## Assistant\n\nSo far\n\n*(unfinished)*\n"))
  }

  @Test func `without a title has its id`() throws {
    let id = try store.create(model: "m").id
    #expect(try store.load(id).markdown.hasPrefix("# \(id)\n"))
  }

  // What an answer leaves open must not swallow what follows it.
  @Test(
    arguments: [
      ("```swift\nlet a", "```swift\nlet a\n```"), ("~~~~\na\n~~~\n", "~~~~\na\n~~~\n~~~~"),
      ("```\na\n```", "```\na\n```"), ("```\na\n``` b", "```\na\n``` b\n```"),
      ("```\na\n````  ", "```\na\n````  "), ("``` a`b", "``` a`b"), ("    ```", "    ```"),
      ("a\r\n  ```\r\nb", "a\r\n  ```\r\nb\n```"), ("```\n~~~", "```\n~~~\n```"), ("``", "``"),
    ] as [(String, String)]
  )
  func `closes a block of code that was cut`(_ text: String, _ closed: String) throws {
    let id = try store.create(model: "m").id
    _ = try store.add(.user, text, to: id, after: nil)
    #expect(try store.load(id).markdown.hasSuffix("## User\n\n\(closed)\n"))
  }

  @Test func `keeps the reasoning within its block`() throws {
    let id = try store.create(model: "m").id
    let text = "a </details> b"
    _ = try store.add(.assistant, "c", reasoning: text, to: id, after: nil)
    let markdown = try store.load(id).markdown
    #expect(markdown.contains("a &lt;/details> b\n\n</details>\n\nc\n"))
    #expect(markdown.ranges(of: "</details>").count == 1)
  }
}
