// SPDX-License-Identifier: Apache-2.0

/// A prompt's text, in stretches that the template wrote and stretches that came with the data.
///
/// Only what the template wrote may become a control token, whatever the data says.
public struct RenderedPrompt: Sendable, Hashable {
  let marked: OriginText

  init(_ text: OriginText) { marked = text }

  /// The text.
  public var text: String { marked.string }

  /// The stretches in order, none empty, neighbors of different origin.
  public var runs: [(text: String, isFromTemplate: Bool)] {
    marked.runs.map { run in
      (text: marked[run.range].string, isFromTemplate: run.origin == .template)
    }
  }
}
