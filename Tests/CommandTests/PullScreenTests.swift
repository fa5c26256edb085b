// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// Pulls at a terminal: what a person sees, and what is asked.
@Suite(.enabled(if: TmuxWindow.isInstalled, "needs tmux"))
struct PullScreenTests {
  private static let model = LoopbackModel.sample(weightByteCount: 6_000_000)

  /// A storage that sends as fast as a slow line.
  private static let slowly: LoopbackHub.Fault = { request, hub in
    guard request.port == .storage, request.firstByte == nil else { return nil }
    var answer = hub.ownAnswer(to: request)
    answer.bytesPerSecond = 4_000_000
    return answer
  }

  @Test(arguments: [40, 120])
  func `the bar has rate and remaining time at any width, and stays in its row`(
    _ width: Int
  ) async throws {
    try await HubMachine.with([Self.model], fault: Self.slowly) { _, machine in
      try watchBar(machine, width)
    }
  }

  // Windows live in functions that do not wait: one that lives across a closure's suspensions ends
  // the compiler of Swift 6.3.1.
  private func watchBar(_ machine: HubMachine, _ width: Int) throws {
    let window = try machine.window(width: width, "\"$HADAL\" pull org/name")
    let figures = #/ +\d+ %  +[\d.]+ MB/s  \d s left/#
    let bar = #/ +[█▏▎▍▌▋▊▉░]{30}  +\d+ %  +[\d.]+ MB of 6\.0 MB  +[\d.]+ MB/s  \d s left/#
    let expected = width == 120 ? bar : figures
    let during = try window.waitForLines { $0.last?.wholeMatch(of: expected) != nil }
    #expect(during.last?.wholeMatch(of: expected) != nil, "\(during)")
    #expect(during.count == 2 && during[0] == "org/name: 3 files, 6.0 MB to fetch")
    let folder = machine.models + "/org/name"
    let after = try window.waitForLines { $0.joined().contains(folder) }.joined()
    #expect(after.contains(#/org/name: 6\.0 MB in \d s, [\d.]+ MB/s, verified/#), "\(after)")
    #expect(after.contains(folder) && !after.contains("%"), "\(after)")
  }

  @Test(arguments: [("y", true), ("n", false), ("", false)])
  func `what is missing is offered`(_ answer: String, _ pulls: Bool) async throws {
    try await HubMachine.with([Self.model]) { hub, machine in
      let lines = try reply(machine, answer, "Enter", isOver: { $0.hasPrefix("  try: ") }) {
        hub.requests.isEmpty
      }
      // The sample's tokenizer is none, which the command says once it has it.
      #expect(lines.contains("  try: hadal pull org/name") == !pulls, "\(lines)")
      #expect(SystemFolder.exists(machine.models + "/org/name") == pulls)
      #expect(hub.requests.isEmpty == !pulls)
    }
  }

  @Test func `a question that is interrupted asks nobody`() async throws {
    try await HubMachine.with([Self.model]) { hub, machine in
      let lines = try reply(machine, "y", "C-c", isOver: { $0.contains("code") }) {
        hub.requests.isEmpty
      }
      #expect(lines.last == "code 130", "\(lines)")
      #expect(hub.requests.isEmpty)
    }
  }

  @Test func `a conversation offers what is missing too, and goes on after a no`() async throws {
    try await HubMachine.with([Self.model]) { hub, machine in
      let lines = try refuseInConversation(machine)
      // The answer was seen as it was typed.
      #expect(lines.contains("org/name is not here. Pull it? (y/n) no"), "\(lines)")
      #expect(lines.contains { $0.contains("neither a folder nor pulled") }, "\(lines)")
      #expect(hub.requests.isEmpty)
    }
  }

  private func refuseInConversation(_ machine: HubMachine) throws -> [String] {
    let folder = machine.root + "/scripted"
    try ScriptedModel([.init("Still here.")]).write(to: folder)
    let window = try machine.window(width: 120, "\"$HADAL\" chat -m '\(folder)'")
    _ = try window.waitForLines { $0.last?.hasPrefix("> ") == true }
    try window.type("/model org/name")
    try window.press("Enter")
    _ = try window.waitForLines { $0.last?.hasSuffix("(y/n)") == true }
    try window.type("no")
    try window.press("Enter")
    _ = try window.waitForLines { $0.last?.hasPrefix("> ") == true }
    try window.type("hello")
    try window.press("Enter")
    return try window.waitForLines { $0.contains("Still here.") }
  }

  // The shell stays when the program is interrupted, and the window when it is done.
  private static let asking = "trap : INT; \"$HADAL\" tokenize -m org/name x; echo code $?; cat"

  /// Waits for the question, answers it, and returns what the window shows in the end.
  private func reply(
    _ machine: HubMachine,
    _ text: String,
    _ key: String,
    isOver: (String) -> Bool,
    isSilent: () -> Bool
  ) throws -> [String] {
    let question = "org/name is not here. Pull it? (y/n)"
    let window = try machine.window(width: 120, Self.asking)
    #expect(try window.waitForLines { $0.last == question } == [question])
    #expect(isSilent())
    try window.type(text)
    try window.press(key)
    return try window.waitForLines { lines in lines.contains(where: isOver) }
  }
}
