// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The programs that the documentation shows are those that are built and run.
@Suite struct DocumentationTests {
  private static func text(_ path: String) throws -> String {
    try String(contentsOfFile: "\(Oracles.packageRoot)/\(path)", encoding: .utf8)
  }

  @Test(arguments: [
    ("Load", "load"), ("Stream", "stream"), ("Call tools", "tools"), ("Cancel", "cancel"),
  ])
  func `a program on the page is one of the examples`(_ heading: String, _ name: String) throws {
    let page = try Self.text("Documentation/HadalKit.md")
    let section = try #require(page.components(separatedBy: "\n## \(heading)\n").last)
    let program = try #require(section.components(separatedBy: "```").dropFirst().first)
    let lines = program.components(separatedBy: "\n").dropFirst().joined(separator: "\n")
    #expect(!lines.isEmpty)
    #expect(try Self.text("Examples/HadalKit/Sources/\(name)/main.swift").hasSuffix(lines))
  }

  @Test func `an example has about ten lines`() throws {
    for name in ["load", "stream", "tools", "cancel"] {
      let program = try Self.text("Examples/HadalKit/Sources/\(name)/main.swift")
      let lines = program.split(separator: "\n").filter { !$0.hasPrefix("//") }
      #expect(lines.count <= 15, "\(name)")
    }
  }
}
