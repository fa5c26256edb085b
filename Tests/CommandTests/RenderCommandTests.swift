// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

/// `hadal render`, and `run` on a model with a chat template, from outside.
@Suite struct RenderCommandTests {
  private let stories = (Oracles.folder ?? "") + "/checkpoints/real-stories260K"
  private let templates = (Oracles.folder ?? "") + "/templates/"
  private let now = ["--now", "2026-11-21T22:30:17"]

  private func object(_ line: String) throws -> JSONValue {
    try JSONDocument(Array(line.utf8)).root
  }

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    try body(folder)
  }

  /// A copy of the small model with a chat template.
  private func withTemplate(_ template: String, _ body: (String) throws -> Void) throws {
    try inFolder { folder throws in
      try SystemFolder.copy(stories, to: folder + "/model")
      try SystemFolder.write(Array(template.utf8), to: folder + "/model/chat_template.jinja")
      try body(folder + "/model")
    }
  }

  @Test func `every conversation of a published template is rendered by the command`() throws {
    let source = try Oracles.text("templates/templates/deepseek-v3.jinja")
    let scenarios = try Oracles.text("templates/scenarios.jsonl").split(separator: "\n")
    let vectors = try Oracles.text("templates/vectors/deepseek-v3.jsonl").split(separator: "\n")
    let tokens = try object(String(vectors[0]))["tokens"]
    var requests: [String] = []
    var wanted: [JSONValue] = []
    for vector in vectors.dropFirst() {
      let expected = try object(String(vector))
      let scenario = try #require(
        scenarios.first { $0.contains("\"id\":\"\(expected["id"]?.string ?? "")\"") }
      )
      let fields = try object(String(scenario))
      // Withheld tokens and further variables are the library's tests.
      guard fields["drop"] == nil, fields["kw"] == nil else { continue }
      var members: [(String, JSONText)] = [
        ("template", .string(source)),
        (
          "variables",
          .object((tokens?.object ?? nil)?.map { ($0.key, .string($0.value.string ?? "")) } ?? [])
        ),
        ("add_generation_prompt", .boolean(fields["gen"]?.boolean ?? false)),
        ("continue_final_message", .boolean(fields["cont"]?.boolean ?? false)),
      ]
      members.append(("id", .string(expected["id"]?.string ?? "")))
      var line = JSONText.object(members).text
      line.removeLast()
      let text = String(scenario)
      let start = try #require(text.firstRange(of: "\"messages\":"))
      requests.append(line + "," + text[start.lowerBound...])
      wanted.append(expected)
    }
    let run = try HadalProcess.run(
      ["render", "--batch", "-", "--json"] + now,
      input: Array(requests.joined(separator: "\n").utf8)
    )
    let answers = try run.lines.map(object)
    #expect(answers.count == wanted.count && wanted.count > 40)
    for (answer, expected) in zip(answers, wanted) {
      let id = expected["id"]?.string ?? ""
      #expect(answer["id"]?.string == id)
      #expect(answer["text"]?.string == expected["text"]?.string, "\(id)")
      if let line = expected["line"]?.integer {
        #expect(answer["error"]?["line"]?.integer == line, "\(id)")
        #expect(answer["error"]?["code"]?.integer == 65)
      }
    }
  }

  @Test func `options give what lines give`() throws {
    try inFolder { folder throws in
      try SystemFolder.write(
        Array(#"[{"role":"user","content":"hé\n"}]"#.utf8),
        to: folder + "/chat.json"
      )
      let template = """
        {{ bos }}{% for m in messages %}<{{ m.content }}>{% endfor %}{{ tools|length }}\
        {% if add_generation_prompt %}A{% endif %}{{ strftime_now('%d.%m.%Y') }}
        """
      try SystemFolder.write(Array(template.utf8), to: folder + "/t.jinja")
      try SystemFolder.write(Array("[1,2]".utf8), to: folder + "/tools.json")
      let common =
        [
          "render", "--template", folder + "/t.jinja", "--messages", folder + "/chat.json",
          "--tools", folder + "/tools.json", "--set", "bos=\"B\"",
        ] + now
      let plain = try HadalProcess.run(common)
      #expect(plain.exitCode == 0 && plain.errors.isEmpty)
      #expect(plain.output == "B<hé\n>2A21.11.2026")
      let without = try HadalProcess.run(common + ["--no-generation-prompt", "--json"])
      #expect(try object(without.lines[0])["text"]?.string == "B<hé\n>221.11.2026")
      #expect(try object(without.lines[0])["ids"] == nil)
      let final = try HadalProcess.run(common + ["--continue-final"])
      #expect(final.output == "B<hé\n")
      let bare = try HadalProcess.run(
        ["render", "--template", folder + "/t.jinja", "--set", "bos=1"] + now
      )
      #expect(bare.output == "1021.11.2026")
    }
  }

  @Test func `a failing template says its line, and others go on`() throws {
    let lines = [
      #"{"id":1,"template":"a\n{{ raise_exception('no ' ~ 5) }}"}"#,
      #"{"id":2,"template":"a\n\n {% foo %}"}"#, #"{"id":3,"template":"{{ x.y }}","variables":{}}"#,
      #"{"id":4,"template":"{{ x }}","variables":{"x":[1.0,null]}}"#, #"{"id":5}"#,
      #"{"id":6,"template":5}"#, #"{"id":7,"template":"x","messages":{}}"#,
    ]
    let run = try HadalProcess.run(
      ["render", "--batch", "-", "--json"],
      input: Array(lines.joined(separator: "\n").utf8)
    )
    #expect(run.exitCode == 65)
    let answers = try run.lines.map(object)
    #expect(answers[0]["error"]?["message"]?.string == "no 5")
    #expect(answers[0]["error"]?["line"]?.integer == 2)
    #expect(answers[1]["error"]?["line"]?.integer == 3)
    #expect(
      answers[1]["error"]?["where"]?.string
        == "standard input, line 2, field template, line 3, column 5"
    )
    #expect(answers[2]["error"]?["message"]?.string == "'x' is undefined")
    #expect(answers[3]["text"]?.string == "[1.0, None]")
    for answer in answers[4...] { #expect(answer["error"]?["code"]?.integer == 65) }
  }

  @Test func `bad calls end with the contract's codes and one line`() throws {
    try inFolder { folder throws in
      try SystemFolder.write(Array("{{ 1 }}".utf8), to: folder + "/t.jinja")
      try SystemFolder.write(Array("{".utf8), to: folder + "/broken.json")
      let template = ["--template", folder + "/t.jinja"]
      let cases: [(arguments: [String], code: Int32)] = [
        (["render"], 64), (["render", "--messages", folder + "/none.json"], 66),
        (["render", "--messages", folder + "/broken.json"] + template, 65),
        (["render"] + template + ["--set", "x"], 64),
        (["render"] + template + ["--set", "x=y"], 64),
        (["render"] + template + ["--now", "yesterday"], 64),
        (["render"] + template + ["--think"], 64),
        (["render"] + template + ["--think", "--no-think"], 64),
        (["render", "--template", folder + "/none.jinja"], 66),
        (["render", "--batch", "-", "--messages", "x"], 64),
      ]
      for (arguments, code) in cases {
        let run = try HadalProcess.run(arguments)
        #expect(run.exitCode == code, "\(arguments): \(run.errors)")
        #expect(run.errors.hasPrefix("hadal: "), "\(arguments): \(run.errors)")
        #expect(run.errors.split(separator: "\n").count <= 2)
      }
    }
  }

  @Test func `a model gives its own template, its tokens and ids`() throws {
    let template = "{{ bos_token }}{% for m in messages %}[{{ m.content }}]{% endfor %}"
    try withTemplate(template) { model throws in
      try SystemFolder.write(
        Array(#"[{"role":"user","content":"<s> Once"}]"#.utf8),
        to: model + "/chat.json"
      )
      let run = try HadalProcess.run(
        ["render", "-m", model, "--messages", model + "/chat.json", "--json"]
      )
      #expect(run.exitCode == 0, "\(run.errors)")
      let answer = try object(run.lines[0])
      #expect(answer["text"]?.string == "<s>[<s> Once]")
      let ids = answer["ids"]?.array?.compactMap(\.integer) ?? []
      #expect(ids.first == 1 && ids.filter { $0 == 1 }.count == 1)
    }
  }

  @Test func `run applies the model's template, and raw does not`() throws {
    let template =
      "{% for m in messages %}{{ m.content }}{% endfor %}{{ ' upon' if enable_thinking }}"
    try withTemplate(template) { model throws in
      func ids(_ arguments: [String]) throws -> [Int] {
        let run = try HadalProcess.run(
          ["run", "-m", model, "Once", "--max-tokens", "1", "--json"] + arguments
        )
        #expect(run.exitCode == 0, "\(run.errors)")
        return try object(run.lines[0])["prompt_ids"]?.array?.compactMap(\.integer) ?? []
      }
      #expect(try ids([]) == [1, 403])
      #expect(try ids(["--think"]) == [1, 403, 407])
      #expect(try ids(["--no-think"]) == [1, 403])
      #expect(try ids(["--raw"]) == [1, 403])
      let batch = #"{"messages":[{"role":"user","content":"Once upon"}],"max_tokens":1}"#
      let run = try HadalProcess.run(
        ["run", "-m", model, "--batch", "-"],
        input: Array(batch.utf8)
      )
      #expect(
        try object(run.lines[0])["prompt_ids"]?.array?.compactMap(\.integer) == [1, 403, 407]
      )
    }
  }

  @Test func `text forms control tokens with raw and control alone`() throws {
    func ids(_ arguments: [String]) throws -> [Int] {
      let run = try HadalProcess.run(
        ["run", "-m", stories, "<s>Once</s>", "--max-tokens", "1", "--json"] + arguments
      )
      #expect(run.exitCode == 0, "\(run.errors)")
      return try object(run.lines[0])["prompt_ids"]?.array?.compactMap(\.integer) ?? []
    }
    let plain = try ids(["--raw"])
    #expect(plain.first == 1 && plain.filter { $0 <= 2 }.count == 1)
    let control = try ids(["--raw", "--control"])
    #expect(control.first == 1 && control.last == 2 && control.filter { $0 == 1 }.count == 1)
    let refused = try HadalProcess.run(["run", "-m", stories, "x", "--control"])
    #expect(refused.exitCode == 64)
  }

  @Test func `a model without a template takes messages in a built-in form`() throws {
    let batch = #"{"messages":[{"role":"user","content":"Once"}],"max_tokens":1}"#
    let run = try HadalProcess.run(
      ["run", "-m", stories, "--batch", "-"],
      input: Array(batch.utf8)
    )
    #expect(run.exitCode == 0, "\(run.errors)")
    let ids = try object(run.lines[0])["prompt_ids"]?.array?.compactMap(\.integer) ?? []
    #expect(ids.first == 1 && ids.filter { $0 == 1 }.count == 1 && ids.count > 4)
  }

  @Test func `a template that does not compile is an error, but raw text needs none`() throws {
    try withTemplate("a\n{{ x|nofilter }}") { model throws in
      let run = try HadalProcess.run(["run", "-m", model, "Once", "--max-tokens", "1"])
      #expect(run.exitCode == 65)
      #expect(run.errors.contains("chat_template.jinja, line 2, column 6"))
      let raw = try HadalProcess.run(["run", "-m", model, "Once", "--max-tokens", "1", "--raw"])
      #expect(raw.exitCode == 0)
    }
  }
}
