// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

/// `serve`, asked over the loopback interface as a client asks.
@Suite struct ServeCommandTests {
  /// Starts the server with nano on a free port, runs lines of shell that have `$port`, `$server` and
  /// `ask METHOD PATH [BODY [HEADER]]`, which prints head and body, and ends it.
  private func served(_ lines: String, signal: String = "TERM") throws -> HadalProcess.Outcome {
    try HadalProcess.shell(
      """
      set -m
      folder=$(mktemp -d)
      export XDG_DATA_HOME=$folder XDG_CACHE_HOME=$folder/cache
      "$HADAL" serve --port 0 --json >"$folder/out" &
      server=$!
      for i in $(seq 400); do [[ -s $folder/out ]] && break; sleep 0.05; done
      port=$(grep -o '127.0.0.1:[0-9]*' "$folder/out" | cut -d : -f 2)
      ask() {
        exec 3<>"/dev/tcp/127.0.0.1/$port"
        printf '%s %s HTTP/1.1\\r\\nHost: %s\\r\\nConnection: close\\r\\nContent-Length: %d\\r\\n%s\\r\\n%s' \\
          "$1" "$2" "${HOST:-127.0.0.1:$port}" "$(printf '%s' "$3" | wc -c)" "$4" "$3" >&3
        timeout 60 cat <&3 | tr -d '\\r'
        exec 3>&-
        echo
      }
      \(lines)
      kill -\(signal) $server
      wait $server
      echo "ended with $?"
      rm -r "$folder"
      """
    )
  }

  private static let sum =
    #"{"model":"nano","temperature":0,"messages":[{"role":"user","content":"What is 17 + 25?"}]"#

  @Test func `nano answers, leaves a row of the ledger, and the server ends with 0`() throws {
    let run = try served(
      """
      cat "$folder/out"
      ask POST /v1/chat/completions '\(Self.sum)}'
      ask POST /chat/completions '\(Self.sum),"stream":true}'
      "$HADAL" ledger verify "$folder/hadal/ledger/serve.jsonl"
      """
    )
    let first = try JSONDocument(Array((run.lines.first ?? "").utf8)).root
    #expect(first["url"]?.string?.hasPrefix("http://127.0.0.1:") == true)
    #expect(first["models"]?.array?.first { _ in true }?.string == "nano")
    #expect(run.output.contains(#""content":"17 + 25 = 42""#), "\(run.output) \(run.errors)")
    #expect(run.output.lowercased().contains("content-type: text/event-stream"))
    #expect(run.output.contains("data: [DONE]"))
    #expect(run.output.contains("2 rows, whole"))
    #expect(run.output.hasSuffix("ended with 0\n"), "\(run.output.suffix(300)) \(run.errors)")
  }

  @Test func `a prompt is found again by another server, unless nothing is to be kept`() throws {
    let run = try served(
      """
      again() { grep -o '"prompt_tokens":[0-9]*\\|"prompt_cache_miss_tokens":[0-9]*' | tr '\\n' ' '; echo; }
      ask POST /v1/chat/completions '\(Self.sum)}' | again
      kill $server; wait $server
      stat -c '%a' "$XDG_CACHE_HOME/hadal/prefix" "$XDG_CACHE_HOME"/hadal/prefix/*/*.prefix | sort -u
      for disk in 1 0; do
        "$HADAL" serve --port 0 --json --prefix-disk $disk >"$folder/out$disk" &
        server=$!
        for i in $(seq 400); do [[ -s $folder/out$disk ]] && break; sleep 0.05; done
        port=$(grep -o '127.0.0.1:[0-9]*' "$folder/out$disk" | cut -d : -f 2)
        ask POST /v1/chat/completions '\(Self.sum)}' | again
        [[ $disk = 0 ]] || { kill $server; wait $server; }
      done
      """
    )
    let cold = #""prompt_tokens":13 "prompt_cache_miss_tokens":13 "#
    let warm = #""prompt_tokens":13 "prompt_cache_miss_tokens":1 "#
    #expect(run.lines.prefix(5) == [cold, "600", "700", warm, cold], "\(run.output) \(run.errors)")
  }

  @Test func `an answer that was begun is finished before the server ends`() throws {
    let long = Self.sum + #","stream":true,"ignore_eos":true,"max_tokens":1500}"#
    let run = try served(
      """
      ask POST /v1/chat/completions '\(long)' >"$folder/long" &
      for i in $(seq 400); do grep -q data: "$folder/long" && break; sleep 0.01; done
      kill -TERM $server
      sleep 0.1
      ask POST /v1/chat/completions '\(Self.sum)}' | head -n 1
      wait %2
      grep '^data: .DONE' "$folder/long"
      """,
      signal: "CONT"
    )
    #expect(run.output.contains("data: [DONE]"), "\(run.output) \(run.errors)")
    #expect(!run.output.contains("HTTP/1.1 200"))
  }

  @Test func `a client that goes ends its answer`() throws {
    let long = #"{"model":"nano","prompt":"17 + 25","ignore_eos":true}"#
    let run = try served(
      """
      exec 3<>"/dev/tcp/127.0.0.1/$port"
      printf 'POST /v1/completions HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Length: %d\\r\\n\\r\\n%s' \
        \(long.utf8.count) '\(long)' >&3
      sleep 0.2
      exec 3>&-
      for i in $(seq 200); do
        [[ -s $folder/hadal/ledger/serve.jsonl ]] && break
        sleep 0.05
      done
      grep -o '"completion":[0-9]*' "$folder/hadal/ledger/serve.jsonl"
      """,
      signal: "INT"
    )
    let count = run.lines.lazy.compactMap { line in
      line.hasPrefix("\"completion\":") ? Int(line.dropFirst(13)) : nil
    }.first
    // The context has 4,096 positions.
    #expect((count ?? 5000) < 4000, "\(run.output) \(run.errors)")
    #expect(run.output.hasSuffix("ended with 130\n"))
  }

  @Test func `only this machine may ask, and no page of another site`() throws {
    let run = try served(
      """
      HOST=example.org ask GET /v1/models | head -n 1
      ask GET /v1/models '' $'Origin: http://example.org\\r\\n' | head -n 1
      ask GET /v1/models '' $'Origin: http://localhost:3000\\r\\n' | head -n 1
      head -c 9000000 /dev/zero | tr '\\0' a >"$folder/large"
      ask POST /v1/chat/completions "$(head -c 120000 "$folder/large")" | head -n 1
      ask GET /v1/models/n%61no | head -n 1
      ask GET /nothing | head -n 1
      ask GET "/$(head -c 40000 /dev/zero | tr '\\0' a)" | head -n 1
      ask GET /health | head -n 1
      """
    )
    let statuses = run.lines.filter { $0.hasPrefix("HTTP/1.1") }.map { $0.dropFirst(9).prefix(3) }
    #expect(
      statuses.prefix(6) == ["403", "403", "200", "400", "200", "404"],
      "\(run.output) \(run.errors)"
    )
    #expect(statuses.last == "200")
  }

  @Test func `other addresses, taken ports and impossible numbers are refused`() throws {
    for (arguments, code, words) in [
      (["--host", "0.0.0.0"], 78, "there is no key"),
      (["--port", "70000"], 64, "--port is 70000"), (["--max-batch", "0"], 64, "--max-batch is 0"),
      (["-m", "nano", "-m", "nano"], 64, "two models would be called 'nano'"),
      (["-m", "/nowhere"], 66, "/nowhere"),
    ] as [([String], Int32, String)] {
      let run = try HadalProcess.run(["serve"] + arguments)
      #expect(run.exitCode == code && run.errors.contains(words), "\(arguments): \(run.errors)")
    }
    let taken = try served("\"$HADAL\" serve --port $port; echo code $?")
    #expect(taken.output.contains("code 69"))
    #expect(taken.errors.contains("the port is taken by another program"), "\(taken.errors)")
  }
}
