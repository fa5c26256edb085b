// SPDX-License-Identifier: Apache-2.0

/// The rules about code.
extension Rules {
  static func importsFromAbove(_ file: SourceFile, _ layout: PackageLayout) -> [String] {
    guard let target = file.target else { return [] }
    return PackageLayout.imports(of: file)
      .filter { !layout.allows($0.module, in: target) }
      .map { file.place($0.line, "\(target) imports \($0.module)") }
  }

  // All that Models imports, so that none of it brings Foundation in by the back door.
  private static let withoutFoundation: Set<Substring> = [
    "Diagnostics", "JSON", "Compute", "Checkpoints", "Tokenization", "Models",
  ]

  static func foundationImports(_ file: SourceFile) -> [String] {
    guard file.isSource, let target = file.target, withoutFoundation.contains(target) else {
      return []
    }
    return PackageLayout.imports(of: file)
      .filter { $0.module.hasPrefix("Foundation") }
      .map { file.place($0.line, "\(target) imports \($0.module)") }
  }

  static func pointers(_ file: SourceFile) -> [String] {
    guard file.isSource, file.kind == .swift, let target = file.target, target != "Compute" else {
      return []
    }
    return file.offenses(file.bareCode) { line in
      line.words.contains { word in
        // Standard input and output need `read` and `write`, which take a buffer's address.
        let isSystemCall = target == "hadal" && word.hasPrefix("withUnsafe")
        let isOfPointers = ["CKernels", "CAssets", "OpaquePointer", "Unmanaged"].contains(word)
        return isOfPointers || word.hasPrefix("Unsafe")
          || word.hasPrefix("withUnsafe") && !isSystemCall
      }
    }
  }

  // What every Swift toolchain on Linux brings along.
  private static let toolchainModules: Set<Substring> = [
    "Swift", "Foundation", "FoundationEssentials", "Glibc", "Musl", "Darwin",
    "Synchronization", "Testing",
  ]

  // Hub asks over the network, and Serving answers: both hold its buffers, addresses and errors, and both
  // speak TLS.
  private static let networkModules: Set<Substring> = ["NIOCore", "NIOSSL"]

  static func sharedPackages(_ files: [SourceFile], _ layout: PackageLayout) -> [String] {
    var importers: [Substring: Set<Substring>] = [:]
    for file in files where file.isSource {
      guard let target = file.target else { continue }
      for (_, module) in PackageLayout.imports(of: file)
      where !toolchainModules.contains(module) && !networkModules.contains(module)
        && !layout.targets.contains(module)
      {
        importers[module, default: []].insert(target)
      }
    }
    return importers.filter { $0.value.count > 1 }
      .map { "\($0.key) is imported in \($0.value.sorted().joined(separator: ", "))" }
  }

  static func bannedCalls(_ file: SourceFile) -> [String] {
    guard file.kind == .swift else { return [] }
    return file.offenses(file.bareCode) { line in
      if line.contains("try!") { return true }
      guard file.isSource else { return false }
      let banned: Set<Substring> = ["fputs", "DispatchQueue", "DispatchSemaphore", "NSLock"]
      if line.words.contains(where: banned.contains) { return true }
      return file.target != "hadal" && callsPrint(line)
    }
  }

  private static func callsPrint(_ line: Substring) -> Bool {
    line.ranges(of: "print(").contains { range in
      guard range.lowerBound > line.startIndex else { return true }
      let before = line[..<range.lowerBound]
      let last = before.last ?? " "
      return !(last.isLetter || last.isNumber || "_.".contains(last))
        && !before.hasSuffix("func ")
    }
  }

  static func bannedFlags(_ file: SourceFile) -> [String] {
    guard file.kind != .document else { return [] }
    // In pieces, so that this file does not name what it looks for.
    let flags = ["-O" + "unchecked", "-O" + "fast", "-ffast-" + "math", "unsafe" + "Flags"]
    return file.offenses(file.code) { line in flags.contains { line.contains($0) } }
  }

  // Only words that have one meaning; the glossary of the house style has many more.
  private static let foreign: [Substring: String] = [
    "dtype": "elementType", "hparams": "configuration", "dims": "shape", "seqLen": "tokenCount",
    "ctxLen": "contextLength", "maxPos": "contextLength", "vocabSize": "vocabularySize",
    "hiddenDim": "hiddenSize", "dModel": "hiddenSize", "nLayers": "layerCount",
    "nHeads": "headCount", "layerNorm": "norm", "invFreq": "inverseFrequencies",
  ]

  static func foreignWords(_ file: SourceFile) -> [String] {
    guard file.kind == .swift else { return [] }
    return file.bareCode.indices.flatMap { index in
      file.bareCode[index].words.compactMap { word in
        // Safetensors call it so, and Checkpoints is where their names end.
        if word == "dtype", file.target == "Checkpoints" { return nil }
        if let say = foreign[word] { return file.place(index, "\(word): say \(say)") }
        let isCount = word.hasPrefix("num") && word.dropFirst(3).first?.isUppercase == true
        return isCount ? file.place(index, "\(word): say …Count") : nil
      }
    }
  }
}
