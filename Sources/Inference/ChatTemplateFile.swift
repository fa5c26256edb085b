// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import JSON

/// Where a checkpoint keeps its chat template.
enum ChatTemplateFile {
  /// Whether the folder has one: a file of its own, or a field of tokenizer_config.json.
  static func exists(in folder: String) -> Bool {
    let file = try? FileKind.of("\(folder)/chat_template.jinja")
    if file != nil { return true }
    let document = try? ConfigurationFile.read(
      "\(folder)/tokenizer_config.json",
      label: "tokenizer_config.json"
    )
    return document?.root["chat_template"].map { !$0.isNull } ?? false
  }
}
