// SPDX-License-Identifier: Apache-2.0

import Foundation
import HadalKit

let conversation = Conversation(try await Model.nano())
for question in ["What is 12 + 30?", "What is 58 - 19?"] {
  for try await piece in conversation.send(question) {
    print(piece.text, terminator: piece.answer == nil ? "" : "\n")
    fflush(nil)
  }
}
