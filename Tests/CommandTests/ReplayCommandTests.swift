// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

/// `hadal replay` as a person and a script see it.
@Suite struct ReplayCommandTests {
  /// Runs lines of shell in a folder of their own, where `answer.json` is the receipt of nano's sum.
  private func shell(_ lines: String) throws -> HadalProcess.Outcome {
    try HadalProcess.shell(
      """
      folder=$(mktemp -d)
      export XDG_DATA_HOME=$folder/data XDG_CACHE_HOME=$folder/cache
      cd "$folder"
      "$HADAL" run --receipt answer.json --temperature 0.9 --seed 5 "What is 17 + 25?" >/dev/null
      \(lines)
      rm -r "$folder"
      """
    )
  }

  @Test func `an answer of run is proved from its text, and by a body with its message`() throws {
    let run = try shell(
      """
      "$HADAL" replay answer.json --prompt "What is 17 + 25?" --text
      echo '{"messages":[{"role":"user","content":"What is 17 + 25?"}]}' |
        "$HADAL" replay answer.json - --json --threads 1 --prefill-chunk 3
      echo "code $?"
      "$HADAL" ledger verify --witness answer.json
      """
    )
    #expect(run.output.contains("42"), "\(run.output) \(run.errors)")
    #expect(run.output.contains("proved: the answer of nano, "), "\(run.output) \(run.errors)")
    #expect(run.output.contains(#"{"ok":true,"answers":1,"tokens":"#), "\(run.output)")
    #expect(run.output.contains("code 0"))
    #expect(run.output.contains("replay.jsonl: 2 rows, whole"), "\(run.output)")
    #expect(
      run.output.contains("run.jsonl: 1 row, whole, heads that were kept: 1"),
      "\(run.output)"
    )
  }

  @Test func `what differs is named, and the exit code says so`() throws {
    let run = try shell(
      """
      "$HADAL" replay answer.json --prompt "What is 17 + 26?"; echo "code $?"
      sed 's/"seed":5/"seed":6/;s/"temperature":0.9/"temperature":1.9/' answer.json >other.json
      "$HADAL" replay other.json --prompt "What is 17 + 25?"; echo "code $?"
      sed 's/"arithmetic":/"arithmetic":9/' answer.json >other.json
      "$HADAL" replay other.json --prompt "What is 17 + 25?" --json; echo "code $?"
      sed 's/"n":1,/"n":2,/' answer.json >other.json
      "$HADAL" replay other.json --prompt "What is 17 + 25?"; echo "code $?"
      """
    )
    let text = run.output
    #expect(text.contains("differs: prompt of answer 0: "), "\(text) \(run.errors)")
    #expect(text.contains("differs: token "), "\(text)")
    #expect(text.contains(#""what":"arithmetic""#), "\(text)")
    #expect(text.contains("differs: ledger: a signed head in the receipt, not its key's here"))
    #expect(text.count(of: "code 1") == 4, "\(text)")
  }

  @Test func `what is no receipt, and a model that is not here, have their codes`() throws {
    let run = try shell(
      """
      echo '{}' >none.json
      "$HADAL" replay none.json --prompt x; echo "code $?"
      echo '{' >none.json
      "$HADAL" replay none.json --prompt x; echo "code $?"
      sed 's/"model":"nano"/"model":"away"/' answer.json >away.json
      "$HADAL" replay away.json --prompt x; echo "code $?"
      "$HADAL" replay answer.json; echo "code $?"
      echo '{"messages":[]}' | "$HADAL" replay answer.json -; echo "code $?"
      """
    )
    let codes = run.lines.filter { $0.hasPrefix("code ") }
    #expect(codes == ["code 65", "code 65", "code 66", "code 64", "code 65"], "\(run.errors)")
    #expect(run.errors.contains("-m FOLDER"), "\(run.errors)")
  }
}

extension String {
  /// How often a text comes.
  fileprivate func count(of text: String) -> Int {
    ranges(of: text).count
  }
}
