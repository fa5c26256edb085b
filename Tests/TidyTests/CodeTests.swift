// SPDX-License-Identifier: Apache-2.0

import Testing

/// Rules about code, from the design and the house style, each over the whole tree.
@Suite struct CodeTests {
  @Test func `a target imports only what stands below it`() {
    let layout = PackageLayout.own
    #expect(layout.targets.prefix(4) == ["CKernels", "Diagnostics", "JSON", "Hashing"])
    #expect(
      Set(SourceTree.code.compactMap(\.target)).subtracting(["CKernelsTests"])
        .isSubset(of: layout.targets)
    )
    let offenders = SourceTree.code.flatMap { Rules.importsFromAbove($0, layout) }
    #expect(offenders.isEmpty, "\(offenders.list)")
  }

  @Test func `what the arithmetic needs imports no Foundation`() {
    let offenders = SourceTree.code.flatMap(Rules.foundationImports)
    #expect(offenders.isEmpty, "\(offenders.list)")
  }

  @Test func `only Compute sees pointers and kernels`() {
    let offenders = SourceTree.code.flatMap(Rules.pointers)
    #expect(offenders.isEmpty, "\(offenders.list)")
  }

  @Test func `another package is imported in one target alone`() {
    let offenders = Rules.sharedPackages(SourceTree.code, PackageLayout.own)
    #expect(offenders.isEmpty, "\(offenders.list)")
  }

  @Test func `nothing is called that crashes, prints in passing or blocks`() {
    let offenders = SourceTree.code.flatMap(Rules.bannedCalls)
    #expect(offenders.isEmpty, "\(offenders.list)")
  }

  @Test func `no flag removes checks or changes results`() {
    let offenders = SourceTree.files.flatMap(Rules.bannedFlags)
    #expect(offenders.isEmpty, "\(offenders.list)")
  }

  @Test func `one idea has one word, the glossary's`() {
    let offenders = SourceTree.code.flatMap(Rules.foreignWords)
    #expect(offenders.isEmpty, "\(offenders.list)")
  }
}
