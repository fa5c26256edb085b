// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

/// `plan --page`, asked over the loopback interface.
@Suite struct PlanPageCommandTests {
  /// Starts the page on a free port, runs lines of shell that have `$port` and `get PATH [HOST]`, and
  /// ends it.
  private func served(
    _ arguments: String,
    _ lines: String
  ) throws -> HadalProcess.Outcome {
    try HadalProcess.shell(
      """
      set -m
      out=$(mktemp)
      "$HADAL" plan \(arguments) --page --port 0 --json >"$out" &
      page=$!
      for i in $(seq 400); do [[ -s $out ]] && break; sleep 0.05; done
      port=$(grep -o '127.0.0.1:[0-9]*' "$out" | cut -d : -f 2)
      get() {
        exec 3<>"/dev/tcp/127.0.0.1/$port"
        printf '%s %s HTTP/1.1\\r\\nHost: %s\\r\\nConnection: close\\r\\n\\r\\n' \\
          "${3:-GET}" "$1" "${2:-127.0.0.1:$port}" >&3
        timeout 20 cat <&3 | tr -d '\\r'
        exec 3>&-
        echo
      }
      \(lines)
      kill -INT $page
      wait $page
      echo "ended with $?"
      """
    )
  }

  @Test func `the page is served, with guards, and a plan is what the command prints`() throws {
    let run = try served(
      "llama-3.1-8b --hardware h100 --count 8",
      """
      cat "$out"
      get /
      get '/api/plan?model=llama-3.1-8b&hardware=h100&count=8' | tail -n 1
      """
    )
    let lines = run.lines
    #expect(lines.first?.contains("#model=llama-3.1-8b&hardware=h100&count=8") == true)
    #expect(run.output.contains("HTTP/1.1 200 OK"))
    #expect(run.output.contains("What does a model cost?"))
    #expect(run.output.contains("Content-Security-Policy: default-src 'none'"))
    #expect(run.output.hasSuffix("ended with 130\n"), "\(run.output.suffix(200)) \(run.errors)")
    let answer = try #require(lines.first { $0.hasPrefix("{\"plan\"") })
    let plan = try JSONDocument(Array(answer.utf8)).root["plan"]
    let printed = try HadalProcess.run([
      "plan", "llama-3.1-8b", "--hardware", "h100", "--count", "8", "--json",
    ])
    let expected = try JSONDocument(Array(printed.output.utf8)).root
    #expect(plan?["step_s"]?.double == expected["step_s"]?.double)
    #expect(plan?["layout"]?.string == expected["layout"]?.string)
  }

  @Test func `only this machine's names are answered, and only what reads`() throws {
    let run = try served(
      "",
      """
      get / example.org | head -n 1
      get / '' POST | head -n 1
      get /nothing | head -n 1
      echo "bodies $(get / '' HEAD | grep -c doctype)"
      get "/$(head -c 40000 /dev/zero | tr '\\0' a)" | head -n 1
      """
    )
    let statuses = run.lines.filter { $0.hasPrefix("HTTP/1.1") }.map { $0.dropFirst(9).prefix(3) }
    #expect(statuses.prefix(3) == ["403", "405", "404"], "\(run.output) \(run.errors)")
    #expect(run.lines.contains("bodies 0"))
    // A header that is too long is refused, and the server goes on: it ends when it is told to.
    #expect(statuses.count <= 4 && statuses.last != "200")
    #expect(run.output.hasSuffix("ended with 130\n"))
  }

  @Test func `a port that is taken is named`() throws {
    let run = try served("", "\"$HADAL\" plan --page --port $port; echo code $?")
    #expect(run.output.contains("code 69"))
    #expect(run.errors.contains("the port is taken by another program (port "), "\(run.errors)")
  }
}
