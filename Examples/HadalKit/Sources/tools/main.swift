// SPDX-License-Identifier: Apache-2.0

import HadalKit

struct Sum: Decodable { var a: Int, b: Int }

let number: Schema = #"{"type": "integer", "minimum": 0, "maximum": 99}"#
let add = Tool("add", "Adds two numbers.", parameters: .object(["a": number, "b": number])) {
  (sum: Sum) in "\(sum.a) + \(sum.b) = \(sum.a + sum.b)"
}
// nano has not learned to call by itself, so that one call is asked for.
let options = AnswerOptions(toolChoice: .named("add"), allowsSeveralCalls: false)
let conversation = Conversation(try await Model.nano(), tools: [add], options: options)
for try await piece in conversation.send("What is 12 + 30?") {
  if let call = piece.call { print(call.name, call.result ?? call.arguments) }
  print(piece.text, terminator: piece.answer == nil ? "" : "\n")
}
