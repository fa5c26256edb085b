// SPDX-License-Identifier: Apache-2.0

import Identity
import Testing

/// Names that are written so that a search does not find them.
@Suite struct DisguiseTests {
  private static let guardian = IdentityGuard()

  private func names(_ text: String) -> [String] {
    Self.guardian.check(IdentityDocument(text: text)).filter { $0.label == .claim }.map(\.name)
  }

  @Test(arguments: [
    "ChatGPT", "chat gpt", "Chat-GPT", "Chat.GPT", "CHATGPT", "C h a t G P T", "ChatGTP",
    "ChattGPT", "ChatGPT4",
    "Ch\u{200B}at\u{00AD}GPT", "Ch\u{2060}atG\u{200D}PT", "ＣｈａｔＧＰＴ", "𝐂𝐡𝐚𝐭𝐆𝐏𝐓", "𝙲𝚑𝚊𝚝𝙶𝙿𝚃",
    "СhаtGРТ", "ChatGΡT",
    "Ch4tGPT", "GPT-4o", "GPT 3.5 Turbo", "gpt4", "Qwenn", "Mixtral", "DeepSeek-V3", "ⒸⓗⓐⓣⒼⓅⓉ",
  ])
  func `a disguised name is found`(_ name: String) {
    #expect(!names("I am \(name), and I answer questions.").isEmpty)
  }

  @Test(arguments: ["चैटजीपीटी", "चैट जीपीटी", "जीपीटी-4", "चॅटजीपीटी"])
  func `a name in Devanagari is found`(_ name: String) {
    #expect(!names("मैं \(name) हूँ।").isEmpty)
  }

  @Test(arguments: ["شات جي بي تي", "تشات جي بي تي", "جي بي تي-4", "شـات جي بي تي", "شَات جِي بِي تِي"])
  func `a name in Arabic is found`(_ name: String) {
    #expect(!names("أنا \(name).").isEmpty)
  }

  @Test func `a name is reported without its invisible marks`() {
    #expect(names("I am Ch\u{200B}at\u{00AD}GPT.") == ["ChatGPT"])
  }

  @Test(arguments: [
    "I am an open AI project.", "I clod about on Mondays.", "I am in the cloud.",
    "I met a friend, sir.", "I am open at nine.",
  ])
  func `an ordinary word is no name`(_ text: String) {
    #expect(names(text).isEmpty)
  }
}
