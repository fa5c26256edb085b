// SPDX-License-Identifier: Apache-2.0

import Testing

/// Rules about files, from the house style.
///
/// Method: the tree is read, and what breaks a rule is listed as `file:line`; `RuleTests` shows that
/// each rule finds what it is for.
@Suite struct FileTests {
  @Test func `the tree is found`() {
    #expect(SourceTree.files.count > 100)
    #expect(SourceTree.files.contains { $0.path == "Sources/Compute/Device.swift" })
  }

  @Test func `every file names its license in its first lines`() {
    let offenders = SourceTree.files.filter(Rules.lacksLicense).map(\.path)
    #expect(offenders.isEmpty, "\(offenders.list)")
  }

  @Test func `no file is longer than 600 lines, but for generated tables that say so`() {
    let offenders = SourceTree.files.filter(Rules.isTooLong).map { "\($0.path): \($0.lines.count)" }
    #expect(offenders.isEmpty, "\(offenders.list)")
  }

  @Test func `a file is named after what it defines`() {
    let offenders = SourceTree.files.map(\.path).filter(Rules.hasVagueName)
    #expect(offenders.isEmpty, "\(offenders.list)")
  }

  @Test func `work that is left names its issue`() {
    let offenders = SourceTree.files.flatMap(Rules.leftWork)
    #expect(offenders.isEmpty, "\(offenders.list)")
  }

  @Test func `no path of one machine is named`() {
    let offenders = SourceTree.files.flatMap(Rules.machinePaths)
    #expect(offenders.isEmpty, "\(offenders.list)")
  }

  @Test func `links between documents lead somewhere`() {
    let offenders = SourceTree.files.flatMap { Rules.brokenLinks($0, exists: SourceTree.exists) }
    #expect(offenders.isEmpty, "\(offenders.list)")
  }

  @Test func `scripts can be run, are strict and explain themselves`() {
    let scripts = SourceTree.files.filter { $0.kind == .script }
    let offenders = scripts.flatMap(Rules.looseScript)
    #expect(scripts.count > 4)
    #expect(offenders.isEmpty, "\(offenders.list)")
    let locked = scripts.map(\.path).filter { !SourceTree.isExecutable($0) }
    #expect(locked.isEmpty, "not executable: \(locked.list)")
  }

  @Test func `build products are ignored and nothing large is kept`() {
    let ignored = SourceTree.text(".gitignore")?.split(separator: "\n") ?? []
    #expect(ignored.contains(".build/") && ignored.contains(".build-*/"))
    // The weights of the model within the program are the one large file.
    let weights = "Sources/CAssets/nano/model.safetensors"
    let large = SourceTree.allPaths.filter { $0 != weights && SourceTree.byteCount($0) > 4_000_000 }
    #expect(large.isEmpty, "over 4 MB: \(large.list)")
    let nano = SourceTree.allPaths.filter { $0.hasPrefix("Sources/CAssets/nano/") }
    #expect(nano.reduce(0) { $0 + SourceTree.byteCount($1) } <= 16_000_000)
    let fixtures = SourceTree.allPaths.filter { $0.hasPrefix("Tests/Fixtures/") }
    #expect(fixtures.reduce(0) { $0 + SourceTree.byteCount($1) } <= 3_300_000)
  }
}

extension [String] {
  /// One offender a line.
  var list: String { "\n" + joined(separator: "\n") }
}
