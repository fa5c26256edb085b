// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics

/// Which hub, whose token, and which folders: what the environment says.
///
/// The variables are those of huggingface_hub, so that both programs see one cache and one login.
public struct HubSettings: Sendable {
  /// The hub's address.
  package let endpoint: HTTPAddress
  /// The token of an account, nil for none.
  package let token: String?
  /// Whether nothing may be fetched.
  public let isOffline: Bool
  /// Where this program keeps models.
  public let modelFolder: String
  /// Where other programs may have put models.
  public let cacheFolders: [String]
  /// A file of certificates to trust in the place of the system's.
  let certificateFile: String?
  /// How often and how long to wait.
  package var patience = Patience()

  /// Reads the settings.
  ///
  /// - Parameter environment: The process's variables.
  /// - Throws: `HubError` with `badSetting`.
  public init(environment: [String: String]) throws(HubError) {
    func value(_ name: String) -> String? {
      environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
    let home = value("HOME") ?? ""
    let cache = value("XDG_CACHE_HOME") ?? home + "/.cache"
    let hubHome = value("HF_HOME") ?? cache + "/huggingface"
    endpoint = try Self.endpoint(value("HF_ENDPOINT") ?? "https://huggingface.co")
    token = try Self.token(
      value("HF_TOKEN") ?? value("HUGGING_FACE_HUB_TOKEN")
        ?? SystemFile.text(value("HF_TOKEN_PATH") ?? hubHome + "/token")
    )
    isOffline = ["1", "on", "yes", "true"].contains(value("HF_HUB_OFFLINE")?.lowercased())
    modelFolder = (value("XDG_DATA_HOME") ?? home + "/.local/share") + "/hadal/models"
    cacheFolders = Self.distinct(
      [value("HF_HUB_CACHE") ?? value("HUGGINGFACE_HUB_CACHE") ?? hubHome + "/hub"]
        + [hubHome + "/hub", home + "/.cache/huggingface/hub"]
    )
    certificateFile = value("SSL_CERT_FILE")
    if let seconds = value("HF_HUB_DOWNLOAD_TIMEOUT") {
      guard let seconds = Int(seconds), (1...3600).contains(seconds) else {
        throw HubError(.badSetting(name: "HF_HUB_DOWNLOAD_TIMEOUT", expected: "1…3600 seconds"))
      }
      patience.stallLimit = .seconds(seconds)
    }
  }

  private static func endpoint(_ text: String) throws(HubError) -> HTTPAddress {
    guard let address = HTTPAddress(text), !address.target.contains("?") else {
      throw HubError(
        .badSetting(name: "HF_ENDPOINT", expected: "an address like https://huggingface.co"),
        place: RepositoryPath.shown(text)
      )
    }
    return address
  }

  private static func token(_ text: String?) throws(HubError) -> String? {
    guard let text else { return nil }
    let trimmed = String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace))
    guard !trimmed.isEmpty else { return nil }
    // It becomes a line of a request. The message must not show it.
    guard trimmed.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), trimmed.utf8.count <= 4096 else {
      throw HubError(.badSetting(name: "HF_TOKEN", expected: "one word of ASCII characters"))
    }
    return String(trimmed.reversed())
  }

  private static func distinct(_ folders: [String]) -> [String] {
    var seen: Set<String> = []
    return folders.filter { seen.insert($0).inserted }
  }
}

/// How often a request is made again, and how long anything may take.
package struct Patience: Sendable {
  /// The longest wait for the next bytes.
  package var stallLimit = Duration.seconds(30)
  /// The longest wait for a connection.
  package var connectLimit = Duration.seconds(10)
  // LIMIT: some 15 s in all. A file that gets on between two failures starts counting again, so
  // that a line that drops every minute still brings 700 GB.
  /// Failures in a row, without progress between them, until a pull gives up.
  package var attemptCount = 5
  /// The wait after the first failure; it doubles with each.
  package var firstDelay = Duration.milliseconds(500)
  /// The longest wait that a hub may ask for.
  package var longestDelay = Duration.seconds(120)
  /// How many bytes count as progress.
  package var progressByteCount = 1 << 20

  /// The patience of a program that nobody watches.
  package init() {}

  /// The wait after a failure, nil where it is better to give up.
  ///
  /// - Parameters:
  ///   - error: What failed.
  ///   - count: How many failures came in a row, this one included.
  /// - Returns: The wait.
  package func delay(after error: HubError, count: Int) -> Duration? {
    guard error.isTransient, count < attemptCount else { return nil }
    let own = min(firstDelay * (1 << min(count - 1, 16)), longestDelay)
    guard let seconds = error.retryAfter else { return own }
    let asked = Duration.seconds(seconds)
    return asked <= longestDelay ? max(own, asked) : nil
  }
}
