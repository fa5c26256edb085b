// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// Runs the built `hadal` the way a person does.
public struct HadalProcess {
  /// What a run left.
  public struct Outcome: Sendable {
    /// How it ended; a signal's number is negative.
    public var exitCode: Int32
    /// Standard output.
    public var output: String
    /// Standard error.
    public var errors: String

    /// The lines of standard output.
    public var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  /// Runs a command to its end.
  ///
  /// - Parameters:
  ///   - arguments: After `hadal`.
  ///   - input: What standard input holds.
  ///   - environment: Added to the test's own.
  /// - Returns: What it left.
  /// - Throws: An error if the program cannot be started.
  public static func run(
    _ arguments: [String],
    input: [UInt8] = [],
    environment: [String: String] = [:]
  ) throws -> Outcome {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let inputFile = folder.appendingPathComponent("in")
    let outputFile = folder.appendingPathComponent("out")
    let errorFile = folder.appendingPathComponent("err")
    try Data(input).write(to: inputFile)
    for file in [outputFile, errorFile] {
      _ = FileManager.default.createFile(atPath: file.path, contents: nil)
    }
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.environment = ownEnvironment.merging(environment) { $1 }
    process.standardInput = try FileHandle(forReadingFrom: inputFile)
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try process.run()
    process.waitUntilExit()
    let signal = process.terminationReason == .uncaughtSignal
    return Outcome(
      exitCode: signal ? -process.terminationStatus : process.terminationStatus,
      output: try String(decoding: Data(contentsOf: outputFile), as: UTF8.self),
      errors: try String(decoding: Data(contentsOf: errorFile), as: UTF8.self)
    )
  }

  /// Runs a line of shell in which `"$HADAL"` is the program.
  public static func shell(_ line: String) throws -> Outcome {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let outputFile = folder.appendingPathComponent("out")
    let errorFile = folder.appendingPathComponent("err")
    for file in [outputFile, errorFile] {
      _ = FileManager.default.createFile(atPath: file.path, contents: nil)
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", line]
    process.environment = ownEnvironment.merging(["HADAL": executable.path]) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try process.run()
    process.waitUntilExit()
    return Outcome(
      exitCode: process.terminationStatus,
      output: try String(decoding: Data(contentsOf: outputFile), as: UTF8.self),
      errors: try String(decoding: Data(contentsOf: errorFile), as: UTF8.self)
    )
  }

  /// The program that was built with the tests, beside their bundle.
  public static var executable: URL {
    Bundle.allBundles.lazy
      .map { $0.bundleURL.deletingLastPathComponent().appendingPathComponent("hadal") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
      ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("hadal")
  }

  /// The test's own, without the configuration file and the ledger of the person who runs it.
  private static var ownEnvironment: [String: String] {
    let data = FileManager.default.temporaryDirectory.path + "/hadal-test-data"
    return ProcessInfo.processInfo.environment
      .merging(["HADAL_CONFIG": "", "XDG_DATA_HOME": data, "XDG_CACHE_HOME": data]) { $1 }
  }

  private static func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("hadal-process-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }
}
