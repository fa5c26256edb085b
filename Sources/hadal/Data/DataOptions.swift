// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import Compute
public import Tokenization
public import Training

extension DocumentUnit: ExpressibleByArgument {}
extension SplitStyle: ExpressibleByArgument {}

/// What the commands take that work on many texts.
struct DataOptions: ParsableArguments {
  @Option(help: "Threads to work with (default: the machine's cores). Changes no result.")
  var threads: Int?

  @Flag(help: "Print one JSON object a line.")
  var json = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads is \(threads), but must be 1…1024")
    }
  }

  func pool() throws -> ThreadPool { try ThreadPool(threadCount: threads ?? ThreadPool.coreCount) }
}
