// SPDX-License-Identifier: Apache-2.0

/// Collects an answer's parts, joining neighbors of one kind.
struct ToolCallOutput {
  private var done: [ToolCallStream.Part] = []
  private var bytes: [UInt8] = []
  /// The call that the bytes are arguments of, nil where they are content.
  private var index: Int?

  var parts: [ToolCallStream.Part] {
    var copy = self
    copy.flush()
    return copy.done
  }

  mutating func content(_ text: [UInt8]) { add(text, nil) }

  mutating func arguments(_ text: [UInt8], _ index: Int) { add(text, index) }

  mutating func began(_ index: Int, _ name: String) {
    flush()
    done.append(.began(index: index, name: name))
  }

  private mutating func add(_ text: [UInt8], _ index: Int?) {
    guard !text.isEmpty else { return }
    if self.index != index { flush() }
    self.index = index
    bytes += text
  }

  private mutating func flush() {
    guard !bytes.isEmpty else { return }
    let text = String(decoding: bytes, as: UTF8.self)
    done.append(index.map { .arguments(index: $0, text) } ?? .content(text))
    bytes = []
  }
}
