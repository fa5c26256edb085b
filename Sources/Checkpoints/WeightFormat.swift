// SPDX-License-Identifier: Apache-2.0

/// The formats in which weights are published.
enum WeightFormat: String {
  case safetensors
  case pickle = "PyTorch pickle"
  case gguf = "GGUF"

  /// Tells the format by the end of a file's name; nil where it names no weights.
  init?(fileName: String) {
    let last = fileName.split(separator: "/").last.map { $0.lowercased() } ?? ""
    if last.hasSuffix(".safetensors") {
      self = .safetensors
    } else if last.hasSuffix(".gguf") {
      self = .gguf
    } else if last.hasSuffix(".pt") || last.hasSuffix(".pth") || last.hasSuffix(".ckpt") {
      self = .pickle
    } else if last.hasPrefix("pytorch_model"),
      last.hasSuffix(".bin") || last.hasSuffix(".bin.index.json")
    {
      // Other .bin files may be anything, a tokenizer of llama2.c for example.
      self = .pickle
    } else {
      return nil
    }
  }
}
