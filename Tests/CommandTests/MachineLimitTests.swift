// SPDX-License-Identifier: Apache-2.0

import Compute
import Foundation
import JSON
import TestSupport
import Testing

/// The program on machines that are smaller than it would like: the text is the same everywhere.
@Suite struct MachineLimitTests {
  private let stories = (Oracles.folder ?? "") + "/checkpoints/real-stories260K"

  private func story(_ arguments: [String], kernels: String = "") throws -> HadalProcess.Outcome {
    try HadalProcess.run(
      ["run", "-m", stories, "Once upon a time", "--max-tokens", "252"] + arguments,
      environment: ["HADAL_KERNELS": kernels]
    )
  }

  private func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start) / .seconds(1)
  }

  // Method: the same run with as many threads as cores and with 64, in turns, the quickest of three
  // each. The run has some 6,000 operations of a few microseconds, in each of which 63 threads may be
  // woken: on two cores that took 6 to 8 times as long. Where an operation has to wait until a thread
  // that spins has used up its slice of time, 3 ms, it took 40 times as long.
  @Test func `more threads than cores tell the same story and take a bounded time`() throws {
    let cores = String(ThreadPool.coreCount)
    let expected = try story(["--threads", cores])
    #expect(expected.exitCode == 0)
    var (few, many) = (Double.infinity, Double.infinity)
    for _ in 0..<3 {
      few = min(few, try seconds { _ = try story(["--threads", cores]) })
      let time = try seconds {
        let crowded = try story(["--threads", "64"])
        #expect(crowded.exitCode == 0)
        #expect(crowded.output == expected.output)
      }
      many = min(many, time)
    }
    #expect(many < 20 * few, "64 threads: \(many) s, \(cores): \(few) s")
  }

  @Test func `on one core there is one thread, and the same story`() throws {
    let onOne =
      "taskset -c \"$(grep -m 1 Cpus_allowed_list /proc/self/status | grep -o '[0-9]*' | head -n 1)\""
    let doctor = try HadalProcess.shell("\(onOne) \"$HADAL\" doctor --json")
    #expect(doctor.exitCode == 0, "\(doctor.errors)")
    let report = try JSONDocument(Array(doctor.output.utf8)).root
    #expect(report["threads"]?.integer == 1)
    let run = try HadalProcess.shell(
      "\(onOne) \"$HADAL\" run -m '\(stories)' 'Once upon a time' --max-tokens 252"
    )
    #expect(run.exitCode == 0)
    #expect(run.output == (try story([]).output))
  }

  // The scalar path is what a processor without AVX2 takes.
  @Test(arguments: KernelPath.available.dropLast())
  func `a narrower kernel path tells the same story`(path: KernelPath) throws {
    let widest = try story(["--json", "--logprobs", "2"])
    let narrow = try story(["--json", "--logprobs", "2"], kernels: path.rawValue)
    #expect(narrow.exitCode == 0)
    #expect(untimed(narrow) == untimed(widest))
    #expect(untimed(widest).contains(#""logprobs":[{"#))
    let version = try HadalProcess.run(
      ["--version"],
      environment: ["HADAL_KERNELS": path.rawValue]
    )
    #expect(version.output.hasSuffix("kernels \(path.rawValue)\n"))
  }

  /// The answer up to the seed and the timings, which come last.
  private func untimed(_ outcome: HadalProcess.Outcome) -> String {
    outcome.output.components(separatedBy: #""seed""#)[0]
  }
}

/// A machine with less memory than the weights.
@Suite struct SmallMemoryTests {
  // Method: a checkpoint of four times the machine's memory, without a byte of it on the disk. The
  // program must be through before it could have read a part of it: in well under 10 s, however busy
  // the machine is.
  @Test func `weights that pass the memory are refused at once, and the message says how much`()
    throws
  {
    let total = try #require(SystemMemory.totalByteCount)
    let checkpoint = try HollowCheckpoint(leastByteCount: 4 * total)
    defer { SystemFolder.remove(checkpoint.folder) }
    let start = ContinuousClock.now
    let run = try HadalProcess.run(
      ["run", "-m", checkpoint.folder, "--prompt-ids", "1", "--max-tokens", "1"]
    )
    #expect(ContinuousClock.now - start < .seconds(10))
    #expect(run.exitCode == 69)
    #expect(run.output.isEmpty)
    let lines = run.errors.split(separator: "\n")
    let needed = (Double(checkpoint.weightByteCount) / 1e8).rounded() / 10
    #expect(lines.first?.hasPrefix("hadal: weights need \(needed) GB and 64 cached tokens") == true)
    #expect(lines.first?.hasSuffix(" are free (\(checkpoint.folder))") == true)
    #expect(lines.last == "  try: a smaller model, or a machine with more memory")
    #expect(lines.count == 2, "\(run.errors)")
  }
}
