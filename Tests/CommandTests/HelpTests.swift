// SPDX-License-Identifier: Apache-2.0

import Settings
import TestSupport
import Testing
import hadal

/// Help texts, tested as texts, for every command that the parser knows.
///
/// Method: the list of commands and options comes from the parser, the help from the program; nothing
/// here names a command, so that one that comes later is held to the same.
@Suite struct HelpTests {
  private static let catalog = Result { try ParserVerdict.catalog() }

  private static var commands: [CommandCatalog.Command] {
    get throws { try catalog.get().root.all.filter(\.isDisplayed) }
  }

  @Test func `the parser's commands are found`() throws {
    let names = try Self.commands.map(\.fullName)
    #expect(names.count > 8)
    #expect(names.first == "hadal" && names.contains("hadal run"))
    #expect(!names.contains("hadal help"))
  }

  @Test(arguments: [80, 100, 60, 40])
  func `help fits the width and names every option`(width: Int) throws {
    for command in try Self.commands {
      let run = try HadalProcess.run(
        command.line + ["--help"],
        environment: ["COLUMNS": "\(width)"]
      )
      #expect(run.exitCode == 0 && run.errors.isEmpty)
      let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
      // Examples are not broken; they are written for 80 columns.
      let examples = command.discussion.parts.flatMap { part in
        if case .lines(let lines) = part.block { lines } else { [String]() }
      }
      for example in examples {
        #expect(example.count <= 80 && lines.contains(example[...]), "\(example)")
      }
      let wide = lines.filter { $0.count > width && !examples.contains(String($0)) }
      #expect(wide.isEmpty, "\(command.fullName): \(wide)")
      let words = Set(run.output.split { " ,/[]\n".contains($0) })
      for option in command.options where option.isDisplayed {
        for name in option.names {
          #expect(words.contains(name.spelling[...]), "\(command.fullName) \(name.spelling)")
        }
      }
    }
  }

  @Test func `every command and option says what it does, in whole sentences`() throws {
    for command in try Self.commands {
      #expect(Self.isSentence(command.abstract), "\(command.fullName): \(command.abstract)")
      for part in command.discussion.parts {
        guard case .paragraph(let text) = part.block else { continue }
        #expect(text.last == "." || text.last == ":", "\(command.fullName): \(text)")
      }
      for option in command.options where option.isDisplayed {
        let name = option.mainName?.spelling ?? option.valueName
        #expect(Self.isSentence(option.abstract), "\(command.fullName) \(name): \(option.abstract)")
      }
    }
  }

  private static func isSentence(_ text: String) -> Bool {
    text.count > 4 && text.last == "." && !text.contains("\n") && !text.contains("  ")
  }

  @Test func `every command has an example of itself, and each example parses`() throws {
    for command in try Self.commands {
      let examples = command.discussion.indentedLines.flatMap { ExampleLine($0).programArguments }
      let own = examples.filter { $0.starts(with: command.line) }
      #expect(!own.isEmpty, "\(command.fullName) has no example")
      for example in examples {
        #expect(ParserVerdict.complaint(example) == nil, "hadal \(example.joined(separator: " "))")
      }
    }
  }

  @Test func `every option can have a default in a file`() throws {
    // An option that takes what follows it cannot stand before what was typed.
    for command in try Self.commands {
      for option in command.options where option.kind == .option {
        #expect(option.takesOneValue, "\(command.fullName) \(option.mainName?.spelling ?? "")")
      }
    }
  }

  @Test func `examples in documents parse`() throws {
    let documents = try Self.documents()
    #expect(documents.count > 8)
    var count = 0
    for path in documents {
      let text = String(
        decoding: try Oracles.bytes(at: Oracles.packageRoot + "/" + path),
        as: UTF8.self
      )
      for line in ExampleLine.codeLines(ofMarkdown: text) {
        for example in ExampleLine(line).programArguments {
          count += 1
          #expect(ParserVerdict.complaint(example) == nil, "\(path): \(line)")
        }
      }
    }
    #expect(count > 20)
  }

  private static func documents() throws -> [String] {
    let names = try SystemFolder.names(in: Oracles.packageRoot + "/Documentation")
    let pages = names.filter { $0.hasSuffix(".md") }.map { "Documentation/\($0)" }
    return ["README.md", "SECURITY.md"] + pages.sorted()
  }

  @Test func `a line is taken apart as a shell does it`() {
    #expect(
      ExampleLine("  hadal run 'a \"b' \"c\\\"d\" e\\ f").programArguments == [
        ["run", "a \"b", "c\"d", "e f"]
      ]
    )
    #expect(
      ExampleLine("$ echo 'x | y' | hadal run < a > b --json  # why").programArguments == [
        ["run", "--json"]
      ]
    )
    #expect(ExampleLine("A=1 hadal doctor      what it does").programArguments == [["doctor"]])
    #expect(ExampleLine("hadal doctor # why").programArguments == [["doctor"]])
    #expect(ExampleLine("scripts/start hadal").programArguments.isEmpty)
    #expect(ExampleLine.codeLines(ofMarkdown: "a\n```\nb \\\nc\n```\nd") == ["b c"])
  }
}
