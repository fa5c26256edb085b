// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import FoundationEssentials
import Hub
import Testing

/// Addresses, and what the environment and a hub's headers say.
@Suite struct AddressTests {
  @Test(arguments: [
    ("https://huggingface.co", "huggingface.co", 443, "/"),
    ("HTTP://Example.ORG:8080/a/b?c=d#e", "example.org", 8080, "/a/b?c=d"),
    ("http://[::1]:5/x", "::1", 5, "/x"), ("https://h?x=y", "h", 443, "/?x=y"),
    ("http://h/ä b", "h", 80, "/%C3%A4%20b"),
  ])
  func `an address is taken apart`(
    _ text: String,
    _ host: String,
    _ port: Int,
    _ target: String
  ) throws {
    let address = try #require(HTTPAddress(text))
    #expect(address.host == host)
    #expect(address.port == port)
    #expect(address.target == target)
  }

  @Test(arguments: [
    "", "huggingface.co", "ftp://h", "http://", "https://:80/", "http://h:0", "http://h:99999",
    "http://h:x", "http://a@h", "http://h\u{0}", "http://h/\n", "http://[::1", "http://h h/",
    "file:///etc/passwd",
  ])
  func `what is no address is none`(_ text: String) { #expect(HTTPAddress(text) == nil) }

  @Test(
    arguments: [
      ("https://cdn.example/x?y", "https://cdn.example/x?y"), ("//other/x", "http://other/x"),
      ("/x/y?z", "http://h:1/x/y?z"), ("c", "http://h:1/a/c"), ("?q=1", "http://h:1/a/b?q=1"),
      ("x?u=http://v", "http://h:1/a/x?u=http://v"), ("ftp://x", nil), ("javascript:x", nil),
      ("/x\r\nevil: 1", nil),
    ] as [(String, String?)]
  )
  func `a redirect is resolved`(_ location: String, _ expected: String?) throws {
    let base = try #require(HTTPAddress("http://h:1/a/b?old"))
    let address = base.resolving(location)
    #expect(address.map { $0.origin + $0.target } == expected)
  }

  @Test func `an address is shown without its signature`() {
    #expect(HTTPAddress("https://h/x?signature=secret")?.description == "https://h/x")
  }

  @Test func `the environment is huggingface_hub's`() throws {
    let plain = try HubSettings(environment: ["HOME": "/home/a"])
    #expect(plain.endpoint.description == "https://huggingface.co/")
    #expect(plain.modelFolder == "/home/a/.local/share/hadal/models")
    #expect(plain.cacheFolders == ["/home/a/.cache/huggingface/hub"])
    #expect(!plain.isOffline && plain.token == nil)
    let full = try HubSettings(environment: [
      "HOME": "/home/a", "XDG_DATA_HOME": "/data", "HF_HOME": "/hf", "HF_HUB_CACHE": "/cache",
      "HF_ENDPOINT": "http://mirror:8080/hf/", "HF_TOKEN": " hf_x\n", "HF_HUB_OFFLINE": "YES",
    ])
    #expect(full.endpoint.appending("/api").description == "http://mirror:8080/hf/api")
    #expect(full.modelFolder == "/data/hadal/models")
    #expect(full.cacheFolders == ["/cache", "/hf/hub", "/home/a/.cache/huggingface/hub"])
    #expect(full.token == "hf_x" && full.isOffline)
  }

  @Test(arguments: [
    ["HF_ENDPOINT": "mirror"], ["HF_ENDPOINT": "https://h/?a=b"], ["HF_TOKEN": "a\r\nx-evil: 1"],
    ["HF_TOKEN": "tökén"], ["HF_HUB_DOWNLOAD_TIMEOUT": "soon"], ["HF_HUB_DOWNLOAD_TIMEOUT": "0"],
  ])
  func `a setting that cannot be is named, and a token never shown`(
    _ environment: [String: String]
  ) throws {
    let error = try #require(throws: HubError.self) {
      try HubSettings(environment: environment)
    }
    let name = try #require(environment.keys.first)
    #expect(error.exitCode == .configuration)
    #expect(error.what.hasPrefix(name))
    #expect(!error.description.contains("evil") && !error.description.contains("kén"))
  }

  @Test func `a date in Retry-After is as good as seconds`() {
    let now = Date(timeIntervalSince1970: 1_445_412_400)
    #expect(HTTPDate.secondsFromNow("Wed, 21 Oct 2015 07:28:00 GMT", now: now) == 80)
    #expect(HTTPDate.secondsFromNow("Wed, 21 Oct 2014 07:28:00 GMT", now: now) == 0)
    #expect(HTTPDate.secondsFromNow("tomorrow", now: now) == nil)
  }

  @Test func `waits double, follow the hub, and end`() {
    let patience = Patience()
    let cut = HubError(.cut(received: 1, promised: 2))
    #expect(patience.delay(after: cut, count: 1) == .milliseconds(500))
    #expect(patience.delay(after: cut, count: 4) == .seconds(4))
    #expect(patience.delay(after: cut, count: 5) == nil)
    let busy = HubError(.tooManyRequests(seconds: 7))
    #expect(patience.delay(after: busy, count: 1) == .seconds(7))
    #expect(patience.delay(after: HubError(.tooManyRequests(seconds: 3600)), count: 1) == nil)
    #expect(patience.delay(after: HubError(.webPage), count: 1) == nil)
  }
}
