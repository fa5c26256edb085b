// SPDX-License-Identifier: Apache-2.0

/// The formats in which weights are published.
enum WeightFormat: String {
  case safetensors
  /// `torch.save`'s archives under the names that checkpoints have.
  case pickle = "pytorch_model.bin"
  /// Others of its files, which may hold anything.
  case otherPickle = "PyTorch pickle"
  case gguf = "GGUF"

  /// How files of weights end that no checkpoint here is read from: TensorFlow's, Flax's, Rust's and
  /// ONNX's copies of the same numbers.
  static let foreignEndings = [".h5", ".msgpack", ".ot", ".onnx", ".onnx_data"]

  /// Tells the format by the end of a file's name; nil where it names no weights.
  init?(fileName: String) {
    let last = fileName.split(separator: "/").last.map { $0.lowercased() } ?? ""
    if last.hasSuffix(".safetensors") {
      self = .safetensors
    } else if last.hasSuffix(".gguf") {
      self = .gguf
    } else if last.hasSuffix(".pt") || last.hasSuffix(".pth") || last.hasSuffix(".ckpt") {
      self = .otherPickle
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
