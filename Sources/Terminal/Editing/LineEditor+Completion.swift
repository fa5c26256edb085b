// SPDX-License-Identifier: Apache-2.0

extension LineEditor {
  /// Completes what stands before the cursor as far as all candidates agree, and lists them.
  mutating func complete() -> Outcome {
    guard let completion = settings.complete?(buffer.textBeforeCursor),
      let first = completion.candidates.first
    else { return .refused }
    let count = min(max(completion.replacedCount, 0), buffer.cursor)
    let typed = String(buffer.characters[(buffer.cursor - count)..<buffer.cursor])
    if completion.candidates.count == 1 {
      return replaceTyped(count, by: first.text + suffix(first))
    }
    candidates = completion.candidates
    let prefix = completion.commonPrefix
    // Candidates that are not continuations of what was typed leave it.
    guard prefix.count > count || prefix.count == count && prefix != typed else { return .edited }
    return replaceTyped(count, by: prefix)
  }

  private func suffix(_ candidate: Completion.Candidate) -> String {
    // A space that is there already is not doubled.
    let next = buffer.cursor < buffer.characters.count ? buffer.characters[buffer.cursor] : nil
    return next.map { String($0) } == candidate.suffix ? "" : candidate.suffix
  }

  private mutating func replaceTyped(_ count: Int, by text: String) -> Outcome {
    change { buffer in
      buffer.remove((buffer.cursor - count)..<buffer.cursor)
      buffer.insert(text)
      return true
    }
  }
}
