// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `hadal serve`.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Answer over HTTP, as OpenAI's and DeepSeek's clients ask.",
    discussion: """
      Their clients chat and complete texts after their base URL is changed to
      http://127.0.0.1:8080/v1, many at a time; each answer is what it would be alone. They may call
      tools, and ask for JSON of a schema, which the answer then keeps to. Prompts that begin
      alike are computed once: what they begin with is kept in memory and in
      $XDG_CACHE_HOME/hadal/prefix, tokens included, for its owner alone. The server listens for
      this machine alone unless it is told otherwise, and for other machines with keys alone, which
      hadal keys makes; it sends nothing anywhere, and ends with Ctrl-C after it has finished the
      answers that were begun. Each answer leaves a row in the ledger,
      $XDG_DATA_HOME/hadal/ledger/serve.jsonl: its cost, none of its words. Without -m it is nano
      that answers, the small model within the program.

        hadal serve
        hadal serve -m FOLDER -m org/name --port 9000
        hadal serve --host 0.0.0.0 --tls-certificate chain.pem --tls-key key.pem
        hadal serve --socket /run/user/1000/hadal
        curl 127.0.0.1:8080/v1/completions -d '{"model":"nano","prompt":"I am"}'
      """
  )

  @Option(
    name: [.customShort("m"), .customLong("model")],
    help: """
      A model to serve: a folder as Hugging Face publishes it, or org/name[@revision]; may be given \
      several times (default: nano, the small model within the program).
      """
  )
  var models: [String] = []

  @OptionGroup var door: ServeDoorOptions

  @Option(help: "The port; 0 takes a free one.")
  var port = 8080

  @Option(help: "The most answers that a model works on together. Changes no answer.")
  var maxBatch = 16

  @Option(help: "The most requests that wait for a model; more are refused with 503.")
  var queue = 256

  @Option(
    help: "Where prefixes are kept from run to run (default: $XDG_CACHE_HOME/hadal/prefix)."
  )
  var prefixFolder: String?

  @Option(help: "The most gigabytes in that folder; 0 keeps prefixes in memory alone.")
  var prefixDisk = 4.0

  @OptionGroup var computing: ComputingOptions
  @OptionGroup var accounting: LedgerOptions

  func validate() throws {
    guard (0...65_535).contains(port) else {
      throw ValidationError("--port is \(port), but must be 0…65535")
    }
    guard (0...1e6).contains(prefixDisk) else {
      throw ValidationError("--prefix-disk is \(prefixDisk), but must be 0…1000000")
    }
    guard (1...1024).contains(maxBatch) else {
      throw ValidationError("--max-batch is \(maxBatch), but must be 1…1024")
    }
    guard (0...100_000).contains(queue) else {
      throw ValidationError("--queue is \(queue), but must be 0…100000")
    }
  }

  func run() throws { try ServeRun(self).run() }
}
