// SPDX-License-Identifier: Apache-2.0

import Foundation
import Serving
import Storage

/// Keys in a database of one test, and the door of a server that asks them.
final class KeyedDoor: Sendable {
  let store: KeyStore
  let door: ServerKeys
  private let folder: String

  init(isRequired: Bool = false) throws {
    folder = FileManager.default.temporaryDirectory.path + "/hadal-keys-\(UUID().uuidString)"
    store = try KeyStore(path: folder + "/hadal.sqlite")
    door = ServerKeys(
      reader: try KeyStore(path: folder + "/hadal.sqlite"),
      writer: try KeyStore(path: folder + "/hadal.sqlite", busyTimeout: .milliseconds(10)),
      isRequired: isRequired
    )
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// The status with which somebody is refused at the door; 200 for who is let in.
  func status(_ secret: String?) -> Int {
    do throws(APIError) {
      _ = try door.caller(secret: secret)
      return 200
    } catch {
      return error.status
    }
  }

  /// The status with which a key is refused that begins an answer; 200 where it may, and its place.
  func begin(_ secret: String) -> (status: Int, slot: RequestSlot?) {
    do throws(APIError) {
      return (200, try door.begin(door.caller(secret: secret)))
    } catch {
      return (error.status, nil)
    }
  }
}
