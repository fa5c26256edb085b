// SPDX-License-Identifier: Apache-2.0

import HadalKit

let conversation = Conversation(try await Model.nano())
let answering = Task { try await conversation.answer("What is 12 + 30?") }
answering.cancel()
do { print(try await answering.value.text) } catch is CancellationError { print("cancelled") }

// Whoever leaves the loop ends the answer, too.
for try await piece in conversation.send("What is 12 + 30?") where !piece.reasoning.isEmpty {
  break
}
print("\(conversation.messages.count) messages are kept")
