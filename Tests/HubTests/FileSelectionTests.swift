// SPDX-License-Identifier: Apache-2.0

import Hub
import Testing

/// Which files of published repositories are pulled.
@Suite struct FileSelectionTests {
  private func chosen(_ paths: [String], _ selection: FileSelection = FileSelection()) -> [String] {
    let files = paths.map { path in
      HubFile(path: path, byteCount: 1, digest: .gitBlob(String(repeating: "0", count: 40)))
    }
    return selection.chosen(from: files).map(\.path)
  }

  // After the repositories of DeepSeek-V3, Llama-3.1 and DeepSeek-LLM.
  @Test(arguments: [
    (
      [
        ".gitattributes", "LICENSE-MODEL", "README.md", "config.json", "configuration_deepseek.py",
        "figures/benchmark.png", "inference/configs/config_671B.json", "inference/model.py",
        "model-00001-of-000163.safetensors", "model-00163-of-000163.safetensors",
        "model.safetensors.index.json", "modeling_deepseek.py", "tokenizer.json",
        "tokenizer_config.json",
      ],
      [
        "LICENSE-MODEL", "config.json", "model-00001-of-000163.safetensors",
        "model-00163-of-000163.safetensors", "model.safetensors.index.json", "tokenizer.json",
        "tokenizer_config.json",
      ]
    ),
    (
      [
        "config.json", "consolidated.safetensors", "model.safetensors", "original/params.json",
        "original/consolidated.00.pth", "original/tokenizer.model", "onnx/model.onnx",
        "pytorch_model.bin", "pytorch_model.bin.index.json", "flax_model.msgpack", "tf_model.h5",
        "model.gguf", "chat_template.jinja", "additional_chat_templates/tool_use.jinja",
      ],
      [
        "config.json", "model.safetensors", "chat_template.jinja",
        "additional_chat_templates/tool_use.jinja",
      ]
    ),
    (
      [
        "config.json", "generation_config.json", "merges.txt", "vocab.json",
        "pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin",
        "pytorch_model.bin.index.json", "training_args.bin", "optimizer.pt",
      ],
      [
        "config.json", "generation_config.json", "merges.txt", "vocab.json",
        "pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin",
        "pytorch_model.bin.index.json",
      ]
    ),
  ])
  func `without patterns a model's own files are chosen`(_ all: [String], _ wanted: [String]) {
    #expect(chosen(all) == wanted)
  }

  @Test func `patterns replace the choice, and exclusions narrow either`() {
    let all = ["a/config.json", "config.json", "model.safetensors", "x.py"]
    #expect(
      chosen(all, FileSelection(include: ["*.json", "*.py"])) == [
        "a/config.json", "config.json", "x.py",
      ]
    )
    #expect(
      chosen(all, FileSelection(include: ["*"], exclude: ["*.safetensors", "a/"])) == [
        "config.json", "x.py",
      ]
    )
    #expect(chosen(all, FileSelection(exclude: ["model*"])) == ["config.json"])
    #expect(chosen(all, FileSelection(include: ["nothing"])).isEmpty)
  }
}
