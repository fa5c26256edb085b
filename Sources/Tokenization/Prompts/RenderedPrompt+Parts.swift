// SPDX-License-Identifier: Apache-2.0

extension RenderedPrompt {
  /// How many scalars the text has.
  public var count: Int { marked.count }

  /// The first scalars of the prompt, with their origins.
  ///
  /// - Parameter count: 0 to the number of scalars.
  /// - Returns: The part.
  public func prefix(_ count: Int) -> RenderedPrompt { RenderedPrompt(marked[0..<count]) }

  /// How many scalars two prompts have in common from their beginnings.
  public func commonPrefixCount(with other: RenderedPrompt) -> Int {
    let (own, others) = (marked.scalars, other.marked.scalars)
    let end = min(own.count, others.count)
    return (0..<end).first { own[$0] != others[$0] } ?? end
  }
}
