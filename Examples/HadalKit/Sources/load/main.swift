// SPDX-License-Identifier: Apache-2.0

import HadalKit

/// A checkpoint's folder; without one the model within the program answers.
let folder = CommandLine.arguments.dropFirst().first
let model = if let folder { try await Model(folder: folder) } else { try await Model.nano() }

let answer = try await Conversation(model).answer("What is 12 + 30?")
print("\(model.name): \(answer.text)")
print("thought \(answer.usage.reasoningCount) of \(answer.usage.answerCount) tokens")
