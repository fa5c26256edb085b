// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// What a conversation costs beside the model's own work.
@Suite(.serialized, .enabled(if: TmuxWindow.isInstalled, "needs tmux"))
struct ChatSpeedTests {
  private static let tokenCount = 4000

  /// Processor seconds of a line of shell in a terminal.
  private func seconds(_ line: String, in folder: String) throws -> Double {
    let window = try TmuxWindow(
      width: 100,
      height: 30,
      command: "cd '\(folder)' && export HOME='\(folder)' XDG_DATA_HOME='\(folder)/data'; "
        + "TIMEFORMAT='%U %S'; { time \(line) 2>errors; } 2>times; echo ended; sleep 60"
    )
    let lines = try window.waitForLines { $0.contains("ended") }
    #expect(lines.contains("ended"))
    let times = try String(contentsOfFile: folder + "/times", encoding: .utf8)
    return times.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }.reduce(0, +)
  }

  @Test func `a streamed token costs less than 50 µs beside its decoding`() throws {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    let words = (0..<200).map { "word\($0)" }.joined(separator: " ")
    var model = ScriptedModel([.init(words, isEndless: true)])
    // Some 3,000 tokens a second, so that the screen is painted every few tens of tokens. With many more
    // layers the noise of their work, on a machine that others share, is larger than what is looked for.
    model.layerCount = 10
    try model.write(to: folder + "/model")
    try SystemFolder.write(Array("go\n".utf8), to: folder + "/go")
    let options = "-m model --threads 1 --max-tokens \(Self.tokenCount)"
    let program = HadalProcess.executable.path
    var rounds: [(cost: Double, decode: Double)] = []
    // The machine's speed changes from second to second: what follows at once is compared, and of all
    // rounds the middle one counts.
    for _ in 0..<9 {
      let chat = try seconds("'\(program)' chat \(options) --loops ignore <go", in: folder)
      let run = try seconds("'\(program)' run \(options) go >text", in: folder)
      let perToken = 1e6 / Double(Self.tokenCount)
      rounds.append(((chat - run) * perToken, run * perToken))
    }
    let (cost, decode) = rounds.sorted { $0.cost < $1.cost }[rounds.count / 2]
    print("chat: \(cost) µs a token beside \(decode) µs of decode")
    #expect(cost < 50)
  }
}
