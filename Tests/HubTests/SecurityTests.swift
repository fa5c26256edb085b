// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Hub
import TestSupport
import Testing

/// Hubs over TLS: who is trusted.
@Suite struct SecurityTests {
  private static let fixtures = Oracles.packageRoot + "/Tests/HubTests/Fixtures/"

  private func with<Result>(
    _ certificate: String,
    trusting trusted: String?,
    fault: @escaping LoopbackHub.Fault = { _, _ in nil },
    test: (PullSite) async throws -> Result
  ) async throws -> Result {
    let files = (
      chain: "\(Self.fixtures)\(certificate)-certificate.pem",
      key: "\(Self.fixtures)\(certificate)-key.pem"
    )
    return try await LoopbackHub.with([.sample()], certificate: files, fault: fault) { hub in
      let trust = trusted.map { ["SSL_CERT_FILE": "\(Self.fixtures)\($0)"] } ?? [:]
      let site = try PullSite(hub, trust)
      defer { site.remove() }
      return try await test(site)
    }
  }

  @Test func `a hub whose certificate is trusted is pulled from`() async throws {
    try await with("loopback", trusting: "loopback-certificate.pem") { site in
      _ = try await site.pull()
      let wanted = LoopbackModel.sample().bytes("model.safetensors")
      #expect(try site.bytes("model.safetensors") == wanted)
    }
  }

  @Test(
    arguments: [
      ("loopback", nil, "signed by no one"),
      ("loopback", "other-certificate.pem", "signed by no one"),
      ("other", "other-certificate.pem", "another host's"),
      ("loopback", "nowhere.pem", "no certificates"),
    ] as [(String, String?, String)]
  )
  func `a hub that is not trusted is told nothing`(
    _ certificate: String,
    _ trusted: String?,
    _ says: String
  ) async throws {
    try await with(certificate, trusting: trusted) { site in
      let error = try #require(await site.failure())
      #expect(error.exitCode == .unavailable, "\(error)")
      #expect(error.what.contains(says), "\(error)")
      #expect(site.files.isEmpty)
    }
  }

  @Test func `a redirect away from TLS is not followed`() async throws {
    try await with(
      "loopback",
      trusting: "loopback-certificate.pem"
    ) { request, _ in
      request.path.contains("/resolve/")
        ? LoopbackAnswer(302).adding("location", "http://127.0.0.1:9/x") : nil
    } test: { site in
      let error = try #require(await site.failure())
      #expect(error.what.contains("away from TLS"), "\(error)")
    }
  }

  @Test func `a line that is cut under TLS is gone on with`() async throws {
    try await with(
      "loopback",
      trusting: "loopback-certificate.pem"
    ) { request, hub in
      guard request.port == .storage, request.repetition == 0 else { return nil }
      return hub.ownAnswer(to: request).cut(after: 30_000)
    } test: { site in
      _ = try await site.pull()
      let wanted = LoopbackModel.sample().bytes("model.safetensors")
      #expect(try site.bytes("model.safetensors") == wanted)
    }
  }
}
