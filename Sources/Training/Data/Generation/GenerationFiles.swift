// SPDX-License-Identifier: Apache-2.0

import Compute

extension GenerationPlan {
  /// Reads a plan's file.
  ///
  /// - Throws: `RecipeError` with the line and the nearest key, or `YAMLError`.
  public init(path: String) throws {
    try self.init(Recipe.bytes(ofFile: path), file: path)
  }
}

extension PhraseBook {
  /// Reads the `.phrases` files of a folder.
  ///
  /// - Throws: `PhraseError` with the file and the line.
  public init(folder: String) throws(PhraseError) {
    var files: [File] = []
    do throws(ComputeError) {
      for name in try FileKind.names(inFolder: folder).sorted() where name.hasSuffix(".phrases") {
        let region = try MemoryRegion(mapping: "\(folder)/\(name)")
        files.append(File(name: "\(folder)/\(name)", bytes: region.copyBytes(0..<region.byteCount)))
      }
    } catch {
      throw PhraseError(.unreadable(error.what, error.exitCode), file: error.place ?? folder)
    }
    try self.init(files)
  }
}
