// SPDX-License-Identifier: Apache-2.0

import Serving
import Testing

/// Who may ask the loopback server.
@Suite struct LoopbackServerTests {
  @Test(arguments: ["127.0.0.1", "127.0.0.1:8090", "localhost", "localhost:1", "LOCALHOST:65535"])
  func `names of this machine are answered`(_ authority: String) {
    #expect(LoopbackServer.isOwn(authority))
  }

  @Test(arguments: [
    nil, "", "example.org", "example.org:8090", "127.0.0.1.example.org", "localhost.example.org",
    "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:99999", "localhost:80:80", "127.0.0.2", "0.0.0.0",
  ])
  func `other names are not`(_ authority: String?) { #expect(!LoopbackServer.isOwn(authority)) }
}
