// SPDX-License-Identifier: Apache-2.0

public import Compute
public import Ledger

/// A run of training as one page of HTML that asks for nothing else: no script, no file, no host.
///
/// All texts come from outside the page and are escaped; sizes are bounded, however long the run.
public struct RunReport: Sendable {
  /// What becomes of the run.
  public enum State: Sendable, Hashable {
    /// Steps are being done.
    case running
    /// The run was stopped and can go on.
    case stopped(step: Int)
    /// All steps are done.
    case finished
    /// The run ended with an error, which is said.
    case failed(String)
  }

  /// A text that the model wrote during the run.
  public struct Sample: Sendable, Hashable {
    /// The step after which it was written.
    public var step: Int
    /// What it goes on from.
    public var prompt: String
    /// What the model wrote.
    public var text: String

    /// Takes a sample.
    public init(step: Int, prompt: String, text: String) {
      self.step = step
      self.prompt = prompt
      self.text = text
    }
  }

  /// A source of the run's data.
  public struct Source: Sendable, Hashable {
    /// Its name in the recipe.
    public var name: String
    /// Where it came from.
    public var origin: String
    /// Its license.
    public var license: String
    /// The hash of its shards.
    public var hash: String
    /// How many documents it has.
    public var documentCount: Int?
    /// How many tokens it has.
    public var tokenCount: Int?
    /// Its share of the mixture, 0 to 1.
    public var share: Double?

    /// Takes what is known of a source.
    public init(
      name: String,
      origin: String,
      license: String,
      hash: String,
      documentCount: Int? = nil,
      tokenCount: Int? = nil,
      share: Double? = nil
    ) {
      self.name = name
      self.origin = origin
      self.license = license
      self.hash = hash
      self.documentCount = documentCount
      self.tokenCount = tokenCount
      self.share = share
    }
  }

  /// The run's name.
  public var name: String
  /// What becomes of the run.
  public var state: State
  /// When the page was written, as it is shown.
  public var time: String
  /// The recipe, as it was read.
  public var recipe: String
  /// The plan, a line a subject.
  public var plan: [String]
  /// What the run is done on, in words.
  public var device: String
  /// How many steps the run has in all, nil where that is not known.
  public var stepCount: Int?
  /// The metrics.
  public var history: RunHistory
  /// Samples in the order of their steps.
  public var samples: [Sample]
  /// Where the data came from.
  public var sources: [Source]
  /// The end of the run's chain in the ledger.
  public var ledgerHead: LedgerHead?
  /// After how many seconds a browser looks for a newer page, while the run goes on; nil for never.
  public var refreshSeconds: Int?

  /// Begins a report; what is left out is not shown.
  public init(
    name: String,
    state: State,
    time: String,
    recipe: String = "",
    plan: [String] = [],
    device: String = "",
    stepCount: Int? = nil,
    history: RunHistory = RunHistory(),
    samples: [Sample] = [],
    sources: [Source] = [],
    ledgerHead: LedgerHead? = nil,
    refreshSeconds: Int? = nil
  ) {
    self.name = name
    self.state = state
    self.time = time
    self.recipe = recipe
    self.plan = plan
    self.device = device
    self.stepCount = stepCount
    self.history = history
    self.samples = samples
    self.sources = sources
    self.ledgerHead = ledgerHead
    self.refreshSeconds = refreshSeconds
  }

  /// The page.
  ///
  /// - Complexity: O(steps) time; some 2 MB at most.
  public var html: String {
    let title = ReportText.escaped(ReportText.shortened(name, to: 200))
    // A finished run has no newer page.
    let refresh =
      state == .running
      ? refreshSeconds.map { "<meta http-equiv=\"refresh\" content=\"\(max($0, 1))\">\n" } : nil
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      \(refresh ?? "")<title>\(title)</title>
      <style>\(ReportStyle.text)</style>
      </head>
      <body>
      <header>
      <h1 dir="auto">\(title)</h1>
      \(status)
      </header>
      <main>
      \(facts)\(charts)\(sampleSection)\(sourceSection)\(textSections)</main>
      </body>
      </html>

      """
  }

  /// Writes the page aside and puts it in place, so that a reader finds the old one or the new one.
  ///
  /// - Throws: `ComputeError` where it cannot be written; the old page then stays.
  public func write(to path: String) throws(ComputeError) {
    let writer = try FileWriter(path: path)
    try writer.write(Array(html.utf8))
    // A page that a power cut costs is written again; waiting for the disk would cost training.
    try writer.commit(flushes: false)
  }
}
