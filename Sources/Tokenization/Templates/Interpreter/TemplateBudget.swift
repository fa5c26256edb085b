// SPDX-License-Identifier: Apache-2.0

/// What one render may cost, so that no template can keep a process busy or fill its memory.
///
/// It is spent at every step: a value inside the run would each time be checked at run time for another
/// access to it; counters of an object of their own need no such check.
final class TemplateBudget {
  // LIMIT: about a second of evaluation; a conversation of a thousand messages takes a fiftieth.
  static let stepLimit = 10_000_000
  // LIMIT: 64 MB of text (a scalar takes four bytes), and what the conversation's own length allows.
  static let scalarLimit = 1 << 24
  // LIMIT: room for every text of the conversation to be built this many times over.
  static let scalarsPerInputScalar = 64
  // LIMIT: calls, loops and expressions inside one another. A thousand of them took under 2 MB of the
  // call stack, optimized; a thread has 8 MB, and sanitizers take several times as much.
  static let depthLimit = 500

  private var stepsLeft: Int
  private var scalarsLeft: Int
  private var depth = 0

  /// Creates the budget for a conversation.
  init(inputScalars: Int) {
    stepsLeft = Self.stepLimit
    scalarsLeft = Self.scalarLimit + Self.scalarsPerInputScalar * inputScalars
  }

  @inline(__always)
  func spend(steps: Int) throws(TemplateError) {
    stepsLeft -= steps
    if stepsLeft < 0 { throw Self.tooManySteps }
  }

  @inline(__always)
  func spend(scalars: Int) throws(TemplateError) {
    let (left, isOverflow) = scalarsLeft.subtractingReportingOverflow(scalars)
    if isOverflow || left < 0 { throw Self.tooMuchText }
    scalarsLeft = left
  }

  @inline(__always)
  func enter() throws(TemplateError) {
    depth += 1
    if depth > Self.depthLimit { throw Self.tooDeep }
  }

  @inline(__always)
  func leave() { depth -= 1 }

  private static var tooManySteps: TemplateError {
    TemplateError(.limit, "the template takes more than \(stepLimit) steps")
  }

  private static var tooMuchText: TemplateError {
    TemplateError(
      .limit,
      "the template builds more than \(scalarLimit) characters beside its input"
    )
  }

  private static var tooDeep: TemplateError {
    TemplateError(.limit, "the template calls itself, or nests, more than \(depthLimit) deep")
  }
}
