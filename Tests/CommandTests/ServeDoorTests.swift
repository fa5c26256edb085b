// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

/// Whom `serve` lets in: keys, what they may use, other addresses, TLS and sockets.
///
/// `start OPTIONS` starts a server with nano, `stop` ends it; `ask KEY PATH [BODY]` prints an answer's body
/// and behind it the status, as a client with a key, or with none for an empty one.
@Suite struct ServeDoorTests {
  private func run(_ lines: String) throws -> HadalProcess.Outcome {
    try HadalProcess.shell(
      """
      set -m
      folder=$(mktemp -d)
      export XDG_DATA_HOME=$folder XDG_CACHE_HOME=$folder/cache
      start() {
        "$HADAL" serve --port 0 --json "$@" >"$folder/out" &
        server=$!
        for i in $(seq 400); do [[ -s $folder/out ]] && break; sleep 0.05; done
        url=$(grep -o '"url":"[^"]*"' "$folder/out" | cut -d '"' -f 4)
      }
      stop() { kill -${1:-TERM} $server; wait $server 2>/dev/null; }
      ask() {
        local key=() body=()
        [[ -n $1 ]] && key=(-H "Authorization: Bearer $1")
        [[ -n ${3:-} ]] && body=(-d "$3")
        curl -s -m 60 -w ' %{http_code}\\n' "${key[@]}" "${body[@]}" "$url$2"
      }
      key() { "$HADAL" keys create "$@" 2>/dev/null; }
      \(lines)
      kill -9 $server 2>/dev/null
      wait 2>/dev/null
      rm -r "$folder"
      """
    )
  }

  private static let sum =
    #"{"model":"nano","temperature":0,"messages":[{"role":"user","content":"What is 17 + 25?"}]"#

  @Test func `elsewhere than on this machine nothing is served without a key`() throws {
    let scene = try LedgerScene()
    for arguments in [["--host", "0.0.0.0"], ["--require-key"], ["--host", "::"]] {
      let run = try scene.hadal(["serve", "--port", "0"] + arguments)
      #expect(run.exitCode == 78 && run.errors.contains("try: hadal keys create"), "\(run.errors)")
    }
    // A revoked one lets nobody in.
    let key = try scene.hadal(["keys", "create", "a", "--json"])
    let id = try #require(try LedgerScene.objects(key.output).first?["id"]?.string)
    _ = try scene.hadal(["keys", "revoke", id])
    #expect(try scene.hadal(["serve", "--host", "0.0.0.0", "--port", "0"]).exitCode == 78)
    let elsewhere = try scene.hadal(["serve", "--host", "nowhere.invalid", "--port", "0"])
    #expect(elsewhere.exitCode == 78)
  }

  @Test func `a right key is let in, by either header, until it is revoked`() throws {
    let outcome = try run(
      """
      secret=$(key anna)
      start --host 0.0.0.0
      url=${url/0.0.0.0/127.0.0.1}
      ask "" /health
      for path in /v1/models /metrics /user/balance /nothing; do ask "" $path | tail -c 4; done
      ask wrong /v1/models
      ask "$secret" /v1/models | tail -c 4
      curl -s -o /dev/null -w '%{http_code}\\n' -H "x-api-key: $secret" "$url/metrics"
      curl -s -o /dev/null -w '%{http_code}\\n' -H "Host: example.org" -H "x-api-key: $secret" "$url/models"
      curl -s -D - -o /dev/null "$url/models" | tr -d '\\r' | grep -i '^www-authenticate'
      ask "$secret" /user/balance
      "$HADAL" keys revoke $("$HADAL" keys list --json | grep -o '"id":"[a-z2-7]*"' | cut -d '"' -f 4)
      ask "$secret" /v1/models | tail -c 4
      stop
      """
    )
    let lines = outcome.lines
    try #require(lines.count > 12, "\(outcome.output) \(outcome.errors)")
    #expect(lines[0] == #"{"status":"ok"} 200"#)
    #expect(lines[1..<5].allSatisfy { $0 == "401" }, "\(outcome.output)")
    let error = try JSONDocument(Array(lines[5].dropLast(4).utf8)).root["error"]
    #expect(lines[5].hasSuffix(" 401") && error?["type"]?.string == "authentication_error")
    #expect(error?["message"]?.string?.hasPrefix("Authentication Fails") == true)
    #expect(lines[6..<9] == ["200", "200", "200"], "\(outcome.output)")
    #expect(lines[9].lowercased() == "www-authenticate: bearer")
    #expect(lines[10] == #"{"is_available":true,"balance_infos":[]} 200"#)
    #expect(lines[11].hasPrefix("revoked ") && lines[12] == "401")
  }

  // Method: what a client was told is compared with what the program has after kill -9: the use of its key,
  // and the rows of the ledger, which name the key.
  @Test func `no use that a client was told of is lost by kill -9`() throws {
    let outcome = try run(
      """
      secret=$(key anna --prices 1,2,3 --balance 1)
      start
      for n in 1 2 3; do ask "$secret" /v1/chat/completions '\(Self.sum)}'; done
      stop KILL
      "$HADAL" keys list --json
      cat "$folder/hadal/ledger/serve.jsonl"
      "$HADAL" ledger verify "$folder/hadal/ledger/serve.jsonl" | head -n 1
      start
      ask "$secret" /user/balance
      stop
      """
    )
    let objects = try outcome.lines.prefix(7).map { line in
      try JSONDocument(Array((line.hasSuffix(" 200") ? String(line.dropLast(4)) : line).utf8)).root
    }
    try #require(objects.count == 7, "\(outcome.output) \(outcome.errors)")
    func sum(_ name: String) -> Int {
      objects[..<3].reduce(0) { $0 + ($1["usage"]?[name]?.integer ?? 0) }
    }
    let (hits, misses, outputs) = (
      sum("prompt_cache_hit_tokens"), sum("prompt_cache_miss_tokens"), sum("completion_tokens")
    )
    let key = objects[3]
    #expect(hits > 0 && outputs > 0 && key["answers"]?.integer == 3)
    #expect(key["tokens"]?["cache_hit"]?.integer == hits)
    #expect(key["tokens"]?["cache_miss"]?.integer == misses)
    #expect(key["tokens"]?["output"]?.integer == outputs)
    let micros = hits + 2 * misses + 3 * outputs
    let balance = "0." + String(1_000_000 - micros)
    let digits = String(balance.reversed().drop { $0 == "0" }.reversed())
    #expect(key["balance"]?.string == digits, "\(outcome.output)")
    let name = "key:" + (key["id"]?.string ?? "")
    #expect(objects[4...6].allSatisfy { $0["run"]?.string == name })
    #expect(outcome.output.contains("3 rows, whole"))
    #expect(outcome.output.contains(#""total_balance":"\#(digits)""#), "\(outcome.output)")
  }

  @Test func `a key that is used up or busy is refused, and each refusal leaves a row`() throws {
    let outcome = try run(
      """
      secret=$(key few --token-budget 1)
      busy=$(key busy --concurrency 1)
      start --require-key
      ask "$secret" /v1/chat/completions '\(Self.sum)}' | tail -c 4
      ask "$secret" /v1/chat/completions/ '\(Self.sum)}'
      ask "$secret" /v1/models | tail -c 4
      curl -sN -H "x-api-key: $busy" -d '\(Self.sum),"stream":true,"ignore_eos":true}' \\
        "$url/chat/completions" >"$folder/long" &
      for i in $(seq 400); do grep -q data: "$folder/long" && break; sleep 0.01; done
      curl -s -D - -o /dev/null -H "x-api-key: $busy" -d '\(Self.sum)}' "$url/chat/completions" \\
        | tr -d '\\r' | grep -iE '^(HTTP|retry-after)'
      kill %2; wait %2 2>/dev/null
      for i in $(seq 100); do
        code=$(ask "$busy" /v1/chat/completions '\(Self.sum)}' | tail -c 4)
        [[ $code = 200 ]] && break
        sleep 0.05
      done
      echo "$code"
      ask "$busy" /v1/chat/completions '{"model":"nano"}' | tail -c 4
      ask "" /v1/chat/completions '\(Self.sum)}' | tail -c 4
      stop
      grep -o '"refused":[0-9]*' "$folder/hadal/ledger/serve.jsonl" | sort -u
      "$HADAL" ledger verify "$folder/hadal/ledger/serve.jsonl" | head -n 1
      "$HADAL" ledger report --by run | tail -n 1
      """
    )
    let lines = outcome.lines
    try #require(lines.count > 11, "\(outcome.output) \(outcome.errors)")
    #expect(lines[0] == "200" && lines[1].hasSuffix(" 402") && lines[2] == "200")
    #expect(lines[1].contains("Insufficient Balance: the key has used"))
    #expect(lines[3].hasPrefix("HTTP/1.1 429") && lines[4].lowercased() == "retry-after: 1")
    #expect(lines[5...7] == ["200", "400", "401"], "\(outcome.output)")
    #expect(lines[8...10] == [#""refused":400"#, #""refused":402"#, #""refused":429"#])
    #expect(lines[11].contains("whole"), "\(outcome.output)")
  }

  @Test func `a socket is its owner's alone, and what a dead server left is removed`() throws {
    let outcome = try run(
      """
      start --socket "$folder/s"
      stat -c %a "$folder/s"
      curl -s --unix-socket "$folder/s" http://localhost/health; echo
      "$HADAL" serve --socket "$folder/s"; echo "taken $?"
      stop KILL
      [[ -S $folder/s ]] && echo left
      start --socket "$folder/s"
      curl -s --unix-socket "$folder/s" http://anything/health; echo
      stop
      [[ -e $folder/s ]] || echo removed
      echo text >"$folder/file"
      "$HADAL" serve --socket "$folder/file"; echo "file $?"
      cat "$folder/file"
      "$HADAL" serve --socket "$folder/$(printf 'a%.0s' $(seq 200))"; echo "long $?"
      """
    )
    #expect(
      outcome.lines == [
        "600", #"{"status":"ok"}"#, "taken 69", "left", #"{"status":"ok"}"#, "removed", "file 73",
        "text", "long 73",
      ],
      "\(outcome.output) \(outcome.errors)"
    )
    #expect(outcome.errors.contains("another server listens at the socket"))
  }

  @Test func `TLS is spoken with a certificate, and a broken one is named`() throws {
    let outcome = try run(
      """
      cd "$folder"
      openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out chain.pem -days 2 \\
        -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
      start --tls-certificate chain.pem --tls-key key.pem
      echo "$url" | cut -d : -f 1
      curl -s --cacert chain.pem "${url/127.0.0.1/localhost}/health"; echo
      curl -s --cacert chain.pem -N "${url/127.0.0.1/localhost}/v1/chat/completions" \\
        -d '\(Self.sum),"stream":true}' | tail -n 2
      curl -s -m 5 "${url/https/http}/health" >/dev/null || echo plain refused
      stop
      "$HADAL" serve --tls-certificate key.pem --tls-key key.pem; echo $?
      "$HADAL" serve --tls-certificate chain.pem --tls-key chain.pem; echo $?
      "$HADAL" serve --tls-certificate nothing.pem --tls-key key.pem; echo $?
      "$HADAL" serve --tls-certificate chain.pem; echo $?
      """
    )
    #expect(
      outcome.lines == [
        "https", #"{"status":"ok"}"#, "data: [DONE]", "plain refused", "65", "65", "66", "64",
      ],
      "\(outcome.output) \(outcome.errors)"
    )
    #expect(outcome.errors.contains("the private key cannot be read (chain.pem)"))
  }
}
