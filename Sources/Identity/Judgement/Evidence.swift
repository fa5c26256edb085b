// SPDX-License-Identifier: Apache-2.0

/// What words alone tell: their language, and whether they speak of an assistant.
enum Evidence {
  /// The grammars that may fit a sentence.
  static func grammars(of words: ArraySlice<Word>) -> [Grammar] {
    var grammars: [Grammar] = []
    let scripts = scripts(of: words)
    if scripts.devanagari > 0 { grammars.append(.hindi) }
    if scripts.ideographs > 0, scripts.kana == 0 { grammars.append(.chinese) }
    if scripts.arabic > 0 { grammars.append(.arabic) }
    if scripts.kana + scripts.other > 0 || scripts.arabic > 0 { grammars.append(.others) }
    if grammars.isEmpty
      || scripts.latin > 2 * (scripts.devanagari + scripts.arabic) + scripts.ideographs
    {
      grammars = [.english, .spanish, .others] + grammars
    }
    return grammars
  }

  private struct Scripts {
    var latin = 0
    var devanagari = 0
    var ideographs = 0
    var kana = 0
    var arabic = 0
    var other = 0
  }

  private static func scripts(of words: ArraySlice<Word>) -> Scripts {
    var scripts = Scripts()
    for word in words where word.kind == .word || word.kind == .ideograph {
      switch word.text.unicodeScalars.first?.value ?? 0 {
      case 0x30..<0x250: scripts.latin += 1
      case 0x900...0x97F: scripts.devanagari += 1
      case 0x3040...0x30FF, 0xAC00...0xD7A3: scripts.kana += 1
      case 0x3400...0x9FFF: scripts.ideographs += 1
      case 0x600...0x6FF: scripts.arabic += 1
      default: scripts.other += 1
      }
    }
    return scripts
  }

  /// The code of the language that a text is most likely in.
  static func language(of words: ArraySlice<Word>) -> String {
    let scripts = scripts(of: words)
    if scripts.kana > 0 { return "und" }
    if scripts.devanagari > 0 { return "hi" }
    if scripts.ideographs > 0 { return "zh" }
    if scripts.arabic > 0 { return "ar" }
    var english = 0
    var spanish = 0
    for word in words {
      if englishWords.contains(word.text) { english += 1 }
      if spanishWords.contains(word.text) { spanish += 1 }
    }
    return spanish > english ? "es" : english > 0 ? "en" : "und"
  }

  private static let englishWords: Set<String> = [
    "the", "a", "an", "i", "am", "is", "my", "me", "by", "of", "and", "to", "was", "it", "you",
    "as", "that",
    "yes", "with", "for", "this", "not", "are", "from", "your", "in",
  ]
  private static let spanishWords: Set<String> = [
    "el", "la", "soy", "un", "una", "me", "mi", "por", "de", "y", "que", "es", "como", "no", "si",
    "en", "los",
    "las", "fui", "llamo", "con", "para", "del", "te", "su",
  ]

  private static let terms = PhraseSet(
    """
    language model, language models, ai model, ai assistant, chatbot, chat bot, artificial intelligence, llm
    virtual assistant, ai system, assistant, ai, knowledge cutoff, neural network, training data
    modelo de lenguaje, inteligencia artificial, asistente, ia, modelo de ia, modelo
    भाषा मॉडल, एआई, सहायक, चैटबॉट, मॉडल, कृत्रिम बुद्धिमत्ता, 语言模型, 人工智能, 大模型, 聊天机器人, 助手
    نموذج لغوي, ذكاء اصطناعي, مساعد, روبوت, الذكاء الاصطناعي, نموذجا, مساعدا, ذكاء اصطناعيا
    modèle de langage, sprachmodell, ki, assistent, モデル
    """
  )

  /// Whether a text tells of a cutoff.
  static func tellsCutoff(_ words: ArraySlice<Word>) -> Bool { cutoffs.matches(words) }

  private static let cutoffs = PhraseSet(ScanCues.cutoffs)

  /// What only text about assistants holds, in a document that may be about anything.
  private static let strongTerms = PhraseSet(strongTable)

  /// The phrases of `strongTerms`, for the scan, too.
  static let strongTable = """
    language model, language models, ai model, ai models, ai assistant, ai chatbot, ai system, ai language, chatbot
    chat bot, an ai, ai developed, ai created, ai trained, ai made, ai built, ai by, ai from, artificial intelligence
    llm, virtual assistant, knowledge cutoff, neural network, digital assistant, conversational ai, ai helper
    modelo de lenguaje, modelo lingüístico, inteligencia artificial, una ia, modelo de ia, asistente virtual, asistente de ia
    भाषा मॉडल, एआई, ए आई मॉडल, चैटबॉट, कृत्रिम बुद्धिमत्ता, वर्चुअल असिस्टेंट, लैंग्वेज मॉडल
    语言模型, 人工智能, 大模型, 聊天机器人, 智能助手, 智能助理, ai助手, ai模型
    نموذج لغوي, نموذجا لغويا, ذكاء اصطناعي, ذكاء اصطناعيا, الذكاء الاصطناعي, روبوت محادثة, مساعد ذكي, مساعد افتراضي
    modèle de langage, sprachmodell, intelligence artificielle, künstliche intelligenz, 言語モデル, 人工知能, 언어 모델
    """

  /// Whether a text speaks of assistants at all.
  static func speaksOfAI(_ text: String, inConversation: Bool) -> Bool {
    let words = WordSplitter.words(of: text)
    return inConversation ? speaksOfAI(words[...]) : strongTerms.matches(words[...])
  }

  /// Whether words speak of assistants at all.
  static func speaksOfAI(_ words: ArraySlice<Word>) -> Bool {
    terms.matches(words)
  }

  /// Whether a sentence says of its speaker what only an assistant says.
  static func speaksAsAssistant(_ words: ArraySlice<Word>) -> Bool {
    assistantTerms.matches(words)
  }

  private static let assistantTerms = PhraseSet(assistantTable)

  /// The phrases of `assistantTerms`, for the scan, too.
  static let assistantTable = """
    my creators, my developers, my makers, company behind me, team behind me, lab behind me, firm behind me
    programmed me, developed me, my programming, my trainers, people behind me, trained me to
    mis creadores, mis desarrolladores, me programó, me programaron, me desarrolló, empresa detrás de mí
    equipo detrás de mí, मेरे डेवलपर, मेरे निर्माता, मेरे निर्माताओं, मुझे विकसित, मुझे प्रोग्राम, मुझे प्रशिक्षित
    我的开发者, 我的创造者, 训练我, 训练了我, 开发了我, 我的研发, 我的开发团队
    مطوري, مطوروي, برمجتني, طورتني, دربتني, مبتكري
    """

  /// Whether a sentence declines something.
  static func refuses(_ words: ArraySlice<Word>) -> Bool {
    words.contains { refusals.contains($0.text) }
  }

  private static let refusals: Set<String> = [
    "nt", "cannot", "unable", "sorry", "refuse", "decline", "no", "नहिं", "不", "لا", "عذرا", "siento",
    "क्षमा", "माफ", "抱", "not",
  ]

  /// Words that make a product of the name before them.
  static let products: Set<String> = [
    "api", "maps", "docs", "drive", "search", "translate", "cloud", "sdk", "scholar", "sheets",
    "windows", "office",
  ]

  /// Whether the last line before a signature takes leave.
  static func isSignOff(_ words: ArraySlice<Word>) -> Bool {
    guard let last = words.lastIndex(where: { $0.kind != .lineEnd }) else { return false }
    let start = words[...last].lastIndex { $0.kind == .lineEnd }.map { $0 + 1 } ?? words.startIndex
    let line = words[start...last]
    guard line.count <= 16 else { return false }
    let spoken = line.filter { $0.kind == .word || $0.kind == .ideograph }.map(\.hash)
    for grammar in Grammar.all {
      for first in spoken.indices {
        var phrase = WordHash()
        for last in first..<min(first + 3, spoken.count) {
          phrase = phrase.followed(by: spoken[last])
          if grammar.lexicon[phrase.value]?.contains(.signOff) == true { return true }
        }
      }
    }
    return false
  }

  /// A name without the marks that nobody sees.
  static func visible(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.filter {
          Folding.fold($0.value) != .nothing || !$0.properties.isDefaultIgnorableCodePoint
        }
      )
    )
  }
}
