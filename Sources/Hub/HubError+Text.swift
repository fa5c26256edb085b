// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics

extension HubError {
  /// What is wrong: found and expected.
  public var what: String {
    switch reason {
    case .badSetting(let name, let expected): "\(name) must be \(expected)"
    case .offline: "HF_HUB_OFFLINE is set, so that nothing is fetched"
    case .notHere: "the model is neither a folder nor pulled"
    case .otherRevision(let revision): "the model is here in the revision '\(revision)' alone"
    case .notPulled: "a folder is in the model's place that was not pulled"
    case .ownedByOthers: "the model was not pulled, but put there by someone else"
    case .nothingToRemove: "no such model was pulled"
    case .busy: "another process pulls or removes the model"
    case .diskTooSmall(let needed, let free):
      "the model needs \(ByteCount.text(needed)) of disk, \(ByteCount.text(free)) are free"
    case .nothingMatches: "no file of the model matches the patterns"
    case .system(let error): error.what
    default: transferWhat
    }
  }

  private var transferWhat: String {
    switch reason {
    case .unreachable(let detail): "the hub cannot be reached: \(detail)"
    case .untrusted(let detail): "the hub's certificate is not trusted: \(detail)"
    case .cut(let received, let promised):
      "the connection ended after \(received) bytes"
        + (promised.map { " of \($0)" } ?? ", before the answer")
    case .stalled(let seconds): "the hub sent nothing for \(seconds) seconds"
    case .notPermitted(let status, let detail):
      status == 401
        ? "the hub shows the model to no one without a token, or has no such model (401)"
        : "the hub does not permit it (403)" + (detail.map { ": \($0)" } ?? "")
    case .notFound(let thing): "the hub has no such \(thing) (404)"
    case .tooManyRequests(let seconds):
      "the hub wants fewer requests (429)" + (seconds.map { ", and \($0) seconds of rest" } ?? "")
    case .failing(let status, _): "the hub answers \(status)"
    case .unexpectedStatus(let status): "the hub answers \(status), which means nothing here"
    case .badRedirect(let detail): "the hub redirects \(detail)"
    default: dataWhat
    }
  }

  private var dataWhat: String {
    switch reason {
    case .notHTTP: "what answers is no HTTP server"
    case .webPage: "the hub sent a web page instead of data"
    case .badListing(let detail): "the hub's list of files cannot be read: \(detail)"
    case .unsafePath(let path):
      "the hub names '\(RepositoryPath.shown(path))', which is no file of the model's folder"
    case .otherByteCount(let found, let promised):
      "the hub sends \(found) bytes and promised \(promised)"
    case .tooLong(let promised): "the hub sends more than the \(promised) bytes that it promised"
    case .otherRange(let detail): "the hub sends another part than was asked for: \(detail)"
    case .otherDigest(let found, let promised): "the bytes have the hash \(found), not \(promised)"
    default: "\(reason)"
    }
  }

  /// What the reader can do about it.
  public var remedy: String? {
    switch reason {
    case .offline: "unset HF_HUB_OFFLINE, or name a folder"
    case .notHere: "hadal pull \(place ?? "NAME")"
    case .otherRevision: "hadal pull \(place ?? "NAME")"
    case .notPulled: "move it away, or name the folder with -m"
    case .ownedByOthers: "remove the folder yourself"
    case .nothingToRemove: "hadal list"
    case .busy: "the same again when the other one is done"
    case .diskTooSmall: "a smaller model, or XDG_DATA_HOME on a larger disk"
    case .nothingMatches: "other patterns, or none for what a model needs"
    case .system(let error): error.remedy
    case .unreachable: "the network, or HF_ENDPOINT for another hub"
    case .untrusted: "ca-certificates, or SSL_CERT_FILE for a hub of your own"
    case .cut, .stalled: "the same again: it goes on where it stopped"
    case .notPermitted: "HF_TOKEN=… of an account that may see it, having agreed to its terms there"
    case .notFound: "look the name up, with --revision where it has one"
    case .tooManyRequests: "the same again later, or HF_TOKEN=… of an account"
    case .failing: "the same again later"
    case .unexpectedStatus, .badRedirect, .notHTTP, .webPage, .badListing, .otherRange:
      "HF_ENDPOINT, if it is not the hub that you meant"
    case .unsafePath: "a model of someone you trust"
    case .otherByteCount, .tooLong, .otherDigest: "the same again; if it stays so, tell its author"
    case .badSetting: nil
    }
  }
}
