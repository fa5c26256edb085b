// SPDX-License-Identifier: Apache-2.0

public import Compute
public import Diagnostics

/// What goes wrong between a hub's name and a folder, and where.
public struct HubError: DiagnosableError, Hashable {
  /// The kinds of fault.
  public enum Reason: Hashable, Sendable {
    /// An environment variable holds what it cannot hold.
    case badSetting(name: String, expected: String)
    /// HF_HUB_OFFLINE is set, and the network would be needed.
    case offline

    /// No folder has this model.
    case notHere
    /// The model is there in another revision.
    case otherRevision(String)
    /// A folder in the model's place was not pulled.
    case notPulled
    /// The model was put there by a person or another program.
    case ownedByOthers
    /// There is no such model to remove.
    case nothingToRemove
    /// Another process pulls or removes the model.
    case busy
    /// The disk has no room.
    case diskTooSmall(needed: Int, free: Int)
    /// No file of the repository matches the patterns.
    case nothingMatches
    /// The system refused.
    case system(ComputeError)

    /// The hub cannot be reached.
    case unreachable(String)
    /// The hub's certificate is not trusted.
    case untrusted(String)
    /// A connection ended before its answer did.
    case cut(received: Int, promised: Int?)
    /// Nothing came for too long.
    case stalled(seconds: Int)
    /// The hub answers 401 or 403.
    case notPermitted(status: Int, detail: String?)
    /// The hub has no such model, revision or file.
    case notFound(String)
    /// The hub asks for patience.
    case tooManyRequests(seconds: Int?)
    /// The hub answers with an error of its own.
    case failing(status: Int, retryAfter: Int?)
    /// The hub answers with a status that means nothing here.
    case unexpectedStatus(Int)
    /// A redirect leads nowhere, in a circle, or away from TLS.
    case badRedirect(String)

    /// What answers speaks another protocol.
    case notHTTP
    /// A web page came where data was expected.
    case webPage
    /// The hub's description of a model cannot be read.
    case badListing(String)
    /// The hub names a file that would lie outside the model's folder.
    case unsafePath(String)
    /// An answer has another length than the hub promised.
    case otherByteCount(found: Int, promised: Int)
    /// More bytes come than the hub promised.
    case tooLong(promised: Int)
    /// A part of a file was asked for, and another one came.
    case otherRange(String)
    /// The bytes are not those that the hub describes.
    case otherDigest(found: String, promised: String)
  }

  /// The kind of fault.
  public var reason: Reason
  /// The model, file or address.
  public var place: String?

  /// Creates an error.
  public init(_ reason: Reason, place: String? = nil) {
    self.reason = reason
    self.place = place
  }

  /// How a command ends.
  public var exitCode: ExitCode {
    switch reason {
    case .badSetting: .configuration
    case .notHere, .otherRevision, .nothingToRemove, .notFound, .nothingMatches: .noInput
    case .offline, .unreachable, .untrusted, .cut, .stalled, .failing, .unexpectedStatus:
      .unavailable
    case .notPermitted, .ownedByOthers: .notPermitted
    case .notPulled, .diskTooSmall: .cannotCreate
    case .busy, .tooManyRequests: .tryAgain
    case .system(let error): error.exitCode
    case .badRedirect, .notHTTP, .webPage, .badListing, .unsafePath, .otherByteCount, .tooLong,
      .otherRange,
      .otherDigest:
      .badData
    }
  }

  /// Whether the same request may succeed a moment later.
  var isTransient: Bool {
    switch reason {
    case .unreachable, .cut, .stalled, .tooManyRequests, .failing, .otherRange: true
    default: false
    }
  }

  /// Whether the bytes that came before are not to be trusted either.
  var spoilsBytes: Bool {
    switch reason {
    case .otherDigest, .tooLong: true
    default: false
    }
  }

  /// The seconds that the hub asks to wait.
  var retryAfter: Int? {
    switch reason {
    case .tooManyRequests(let seconds), .failing(_, let seconds): seconds
    default: nil
    }
  }
}
