// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics
import JSON

/// The small model within the program, which answers where no other is named.
enum BuiltInModel {
  /// Its name on the command line.
  ///
  /// A folder of that name is reached as `./nano`.
  static let name = "nano"

  /// Its folder, nil where the program was built without it.
  static let folder: String? =
    EmbeddedFile.named("\(name)/config.json") == nil ? nil : EmbeddedFile.path(ofFolder: name)

  /// Whether a path is that of its folder.
  static func isFolder(_ path: String) -> Bool { path == folder }

  /// Its files.
  private static var files: [EmbeddedFile] {
    EmbeddedFile.all.filter { $0.name.hasPrefix(name + "/") }
  }

  /// What its files take.
  static var byteCount: Int { files.reduce(0) { $0 + $1.byteCount } }

  /// The model as `list` shows others.
  static var json: JSONText {
    .object([
      ("model", .string(name)), ("revision", .null), ("commit", .null),
      ("files", .integer(files.count)), ("bytes", .integer(byteCount)),
      ("origin", .string("built in")), ("path", .null),
    ])
  }

  /// Why it cannot be pulled or removed.
  static var staysFault: Input.Failure {
    Input.Failure(
      what: "'\(name)' is part of the program, and neither pulled nor removed",
      exitCode: .notPermitted
    )
  }
}

/// The program's own model is asked for, and the program was built without it.
struct MissingModel: DiagnosableError {
  /// Whether it was asked for by its name.
  var isNamed = false

  var what: String {
    isNamed ? "this program was built without '\(BuiltInModel.name)'" : "no model is named"
  }
  var place: String? { "-m MODEL" }
  var remedy: String? { "-m FOLDER, a checkpoint with config.json and safetensors; or -m org/name" }
  var exitCode: Diagnostics.ExitCode { .noInput }
}
