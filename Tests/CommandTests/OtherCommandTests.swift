// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import JSON
import TestSupport
import Testing

/// `score`, `tokenize`, `detokenize`, `inspect`, `bench` and `doctor` from outside.
@Suite struct OtherCommandTests {
  private let checkpoints = (Oracles.folder ?? "") + "/checkpoints/"
  private let tokenizers = (Oracles.folder ?? "") + "/tokenizers/"

  private func object(_ line: String) throws -> JSONValue {
    try JSONDocument(Array(line.utf8)).root
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `score writes logits that do not vary and agree with the reference`() throws {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    let oracle = try #require(CheckpointOracle.all.first { $0.name == "deepseek-v3-mtp-bf16" })
    let prompt = try #require(try oracle.prompts().first { $0.ids.count == 17 })
    let ids = prompt.ids.map(String.init).joined(separator: ",")
    let common = ["score", "-m", oracle.path, "--ids", ids, "--compute", "f32", "--json"]
    let first = try HadalProcess.run(
      common + ["--logits", folder + "/a", "--trace", folder + "/t"]
    )
    #expect(first.exitCode == 0, "\(first.errors)")
    let second = try HadalProcess.run(
      common + ["--logits", folder + "/b", "--threads", "1", "--prefill-chunk", "5"]
    )
    #expect(second.exitCode == 0)
    #expect(first.output == second.output)
    #expect(
      try Oracles.bytes(at: folder + "/a") == Oracles.bytes(at: folder + "/b")
    )
    let written = try SafetensorsFile(path: folder + "/a")
    let outputs = try oracle.outputs()
    for (name, stored) in [("logits", "logits"), ("mtp_logits", "mtp_logits")] {
      let got = try #require(written.tensor(name))
      let wanted = try #require(outputs.tensor("\(prompt.name).\(stored)"))
      #expect(got.shape == wanted.shape)
      let difference = zip(got.floats, wanted.floats).map { abs($0 - $1) }.max() ?? .infinity
      #expect(difference <= 2e-4)
    }
    let trace = try SafetensorsFile(path: folder + "/t")
    #expect(trace.tensor("states")?.shape == outputs.tensor("\(prompt.name).states")?.shape)
  }

  @Test func `tokenize and detokenize give the reference's ids and text back`() throws {
    let folder = checkpoints + "real-stories260K"
    let run = try HadalProcess.run(["tokenize", "-m", folder, "Once upon a time", "--json"])
    #expect(run.exitCode == 0)
    let answer = try object(run.lines[0])
    #expect(answer["ids"]?.array?.compactMap(\.integer) == [1, 403, 407, 261, 378])
    let plain = try HadalProcess.run(["tokenize", "-m", folder, "Once upon a time", "--no-special"])
    #expect(plain.output == "403 407 261 378\n")
    let back = try HadalProcess.run(["detokenize", "-m", folder, "--ids", "403,407,261,378"])
    #expect(back.output == "Once upon a time\n")
    let pieces = try HadalProcess.run(
      ["detokenize", "-m", folder, "--ids", "403,407", "--pieces", "--json"]
    )
    let streamed = try object(pieces.lines[0])
    #expect(streamed["pieces"]?.array?.count == 2)
    #expect(streamed["tail"]?.string == "")
  }

  @Test func `text forms control tokens only with --control`() throws {
    let folder = checkpoints + "real-stories260K"
    let text = try HadalProcess.run(["tokenize", "-m", folder, "a</s>", "--no-special"])
    let control = try HadalProcess.run(
      ["tokenize", "-m", folder, "a</s>", "--no-special", "--control"]
    )
    #expect(text.output != control.output)
    #expect(control.output.hasSuffix(" 2\n"))
  }

  @Test func `tokenize refuses bytes that are no text, unless it may replace them`() throws {
    let folder = checkpoints + "real-stories260K"
    let refused = try HadalProcess.run(["tokenize", "-m", folder, "-"], input: [0x61, 0xC3])
    #expect(refused.exitCode == 65)
    let lossy = try HadalProcess.run(
      ["tokenize", "-m", folder, "-", "--lossy"],
      input: [0x61, 0xC3]
    )
    #expect(lossy.exitCode == 0)
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `inspect names what a folder holds`() throws {
    let run = try HadalProcess.run(["inspect", checkpoints + "deepseek-v3-fp8", "--json"])
    #expect(run.exitCode == 0)
    let answer = try object(run.lines[0])
    #expect(answer["architecture"]?.string == "DeepseekV3ForCausalLM")
    let first = answer["tensors"]?.array?.first { $0["dtype"]?.string == "F8_E4M3" }
    #expect(first != nil)
    #expect((answer["parameters"]?["total"]?.integer ?? 0) > 0)
    let checked = try HadalProcess.run(["inspect", checkpoints + "deepseek-v3-fp8", "--check"])
    #expect(checked.exitCode == 0)
  }

  @Test(arguments: HostileCase.all("cfgv").filter { SystemFolder.exists($0.folder) })
  func `a broken checkpoint ends with one clear line`(_ hostile: HostileCase) throws {
    let run = try HadalProcess.run(["inspect", hostile.folder, "--check"])
    if hostile.isValid {
      #expect(run.exitCode == 0, "\(run.errors)")
      return
    }
    #expect([1, 65, 66, 78].contains(run.exitCode), "\(run.exitCode): \(run.errors)")
    let line = run.errors.split(separator: "\n").first ?? ""
    #expect(line.hasPrefix("hadal: ") && line.hasSuffix(")"), "\(run.errors)")
  }

  @Test(arguments: ["c06-nan-weight", "c07-inf-weight"])
  func `a broken weight fails the run and names the layer`(_ name: String) throws {
    let path = checkpoints + "hostile/" + name
    let run = try HadalProcess.run(["run", "-m", path, "--prompt-ids", "1,2,3"])
    #expect(run.exitCode == 65, "\(run.errors)")
    #expect(run.errors.contains(name == "c06-nan-weight" ? "layer 0" : "the head"))
  }

  @Test func `bench ends with one line of JSON`() throws {
    let run = try HadalProcess.run(
      ["bench", "-m", checkpoints + "real-stories260K", "--prompt", "16", "--tokens", "4"]
    )
    #expect(run.exitCode == 0, "\(run.errors)")
    let answer = try object(run.lines.last ?? "")
    #expect(answer["decode_tok_s"]?.array?.count == 5)
    #expect((answer["tokens_per_s"]?.double ?? 0) > 0)
  }

  @Test(
    arguments: ["deepseek-v2-lite-bf16", "deepseek-v3-f32"].filter { name in
      CheckpointOracle.all.contains { $0.name == name }
    }
  )
  func `doctor finds a sound model sound`(_ name: String) throws {
    let run = try HadalProcess.run(["doctor", "-m", checkpoints + name, "--json"])
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(try object(run.lines[0])["healthy"]?.boolean == true)
  }
}
