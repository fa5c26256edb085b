// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Diagnostics
import JSON
import TestSupport
import Testing

@Suite struct GenerationDefaultsTests {
  private func defaults(
    _ generation: String?,
    _ configuration: String? = nil
  ) throws -> GenerationDefaults {
    try GenerationDefaults(
      generation: try generation.map { try JSONDocument(Array($0.utf8)).root },
      configuration: try configuration.map { try JSONDocument(Array($0.utf8)).root }
    )
  }

  @Test func `end-of-sequence ids are the union of both files`() throws {
    let both = try defaults(#"{"eos_token_id": [9, 2]}"#, #"{"eos_token_id": 7}"#)
    #expect(both.endOfSequenceIDs == [2, 7, 9])
    #expect(try defaults(nil, #"{"eos_token_id": null}"#).endOfSequenceIDs == [])
    #expect(try defaults(#"{"eos_token_id": -1}"#).endOfSequenceIDs == [])
  }

  @Test func `sampling fields are read, null says nothing`() throws {
    let text = #"{"do_sample": true, "temperature": 0.6, "top_p": 0.95, "top_k": null}"#
    let read = try defaults(text)
    #expect(read.samples == true)
    #expect(read.temperature == 0.6)
    #expect(read.topP == 0.95)
    #expect(read.topK == nil)
  }

  @Test(
    arguments: [
      #"{"temperature": -1}"#, #"{"top_p": "x"}"#, #"{"top_k": 1.5}"#, #"{"do_sample": 1}"#,
      #"{"eos_token_id": "</s>"}"#, #"{"eos_token_id": [1, 4294967296]}"#,
    ]
  )
  func `a value that a field cannot have is refused`(_ text: String) throws {
    let error = try #require(#expect(throws: CheckpointError.self) { try defaults(text) })
    #expect(HostileCase.code(of: error.reason) == "badValue")
    #expect(error.description.contains("generation_config.json, field"))
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `a folder's files are read`() throws {
    let folder = (Oracles.folder ?? "") + "/checkpoints/"
    let read = try GenerationDefaults(folder: folder + "llama-headdim-llama3-bf16")
    #expect(read.endOfSequenceIDs == [2, 7, 9])
    #expect(try GenerationDefaults(folder: folder + "hostile/v04-inv-freq").endOfSequenceIDs == [2])
  }
}
