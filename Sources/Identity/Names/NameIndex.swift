// SPDX-License-Identifier: Apache-2.0

/// The known names by the hash of their folded letters, and their misspellings.
struct NameIndex: Sendable {
  /// Exact spellings, without the spaces and hyphens between their words.
  private(set) var exact: [UInt64: KnownName] = [:]
  /// Spellings that are one slip away.
  private(set) var near: [UInt64: KnownName] = [:]
  /// The first words of all spellings, and misspellings: what begins with another word is no name.
  private(set) var firstWords: Set<UInt64> = Set(NameMatcher.tornParts.map { WordHash($0).value })
  /// Names of one word, and their misspellings.
  private(set) var words: Set<UInt64> = []
  /// Names of one word that count with a capital alone.
  private(set) var capitalizedWords: Set<UInt64> = []
  /// The beginnings of names of several words, and of names that are torn apart.
  private(set) var beginnings: Set<UInt64> = []
  /// Likewise, without the names that are words of everyday: a text that claims one of these speaks
  /// of assistants, too.
  private(set) var textWords: Set<UInt64> = []
  private(set) var textBeginnings: Set<UInt64> = []

  // LIMIT: a slip in a shorter word makes another word too often.
  private static let shortestMisspelt = 5

  init(makers: [KnownMaker], allowed: [String]) {
    let own = Set(allowed.map { Self.key($0) })
    for (index, maker) in makers.enumerated() {
      let spellings = maker.makers + maker.models
      let isAllowed = ([maker.name] + spellings).contains { own.contains(Self.key(Self.plain($0))) }
      for spelling in maker.makers {
        add(spelling, maker: index, shown: maker.name, isModel: false, isAllowed: isAllowed)
      }
      for spelling in maker.models {
        add(spelling, maker: index, shown: spelling, isModel: true, isAllowed: isAllowed)
      }
    }
    for name in allowed + Self.ownTransliterations(allowed) {
      let key = Self.key(name)
      if let first = WordSplitter.words(of: name).first { firstWords.insert(first.hash.value) }
      exact[key] = KnownName(
        maker: exact[key]?.maker,
        shown: name,
        isModel: true,
        isMaker: true,
        isAllowed: true
      )
    }
  }

  /// The operator's default name in the scripts of the five languages.
  private static func ownTransliterations(_ allowed: [String]) -> [String] {
    allowed.contains { $0.lowercased() == "hadal" }
      ? ["हडाल", "हेडल", "हादल", "हदाल", "हाडल", "哈达尔", "哈达", "海达尔", "هادال", "هدال", "هيدال"] : []
  }

  private static func plain(_ spelling: String) -> String {
    String(spelling.prefix { $0 != "~" && $0 != "*" })
  }

  /// The hash of a spelling's letters.
  static func key(_ spelling: String) -> UInt64 {
    WordSplitter.words(of: spelling).filter { $0.kind != .mark }
      .reduce(WordHash()) { $0.joined(WordHash($1.text)) }.value
  }

  private mutating func add(
    _ spelling: String,
    maker: Int,
    shown: String,
    isModel: Bool,
    isAllowed: Bool
  ) {
    let plain = Self.plain(spelling)
    let words = WordSplitter.words(of: plain).filter { $0.kind != .mark }
    let joined = words.map(\.text).joined()
    let key = WordHash(joined).value
    var name = exact[key] ?? KnownName(maker: maker, shown: Self.plain(shown))
    if isModel { name.isModel = true } else { name.isMaker = true }
    name.isCommon = name.isCommon || spelling.contains("~")
    name.isPerson = name.isPerson || spelling.contains("*")
    name.isAllowed = name.isAllowed || isAllowed
    name.wordCount = max(name.wordCount, words.count)
    exact[key] = name
    if let first = words.first { firstWords.insert(first.hash.value) }
    // Elsewhere a text must speak of assistants for a name to count.
    let isPlain = isModel && !name.isCommon && !name.isPerson
    addBeginning(of: words, joined, isEveryday: !isPlain)
    if words.count == 1, spelling.contains("~") {
      self.words.remove(key)
      capitalizedWords.insert(key)
    }
    guard Self.misspelt.contains(joined) || !joined.utf8.contains(where: { $0 < 0x80 }),
      !name.isCommon, joined.unicodeScalars.count >= 4
    else { return }
    addSlips(of: Array(joined.unicodeScalars), name)
  }

  private mutating func addBeginning(of parts: [Word], _ joined: String, isEveryday: Bool) {
    let beginning = parts.prefix(3).reduce(WordHash()) { $0.joined(WordHash($1.text)) }
    if parts.count == 1 {
      words.insert(beginning.value)
    } else {
      beginnings.insert(beginning.value)
    }
    let isTorn = NameMatcher.tornParts.contains { joined.hasPrefix($0) && joined != $0 }
    if isTorn { beginnings.insert(WordHash(joined).value) }
    if isEveryday { return }
    if parts.count == 1 {
      textWords.insert(beginning.value)
    } else {
      textBeginnings.insert(beginning.value)
    }
    if isTorn { textBeginnings.insert(WordHash(joined).value) }
  }

  // LIMIT: names that are known well enough to be misspelt; a slip in others makes a common word.
  private static let misspelt: Set<String> = [
    "chatgpt", "openai", "anthropic", "claude", "gemini", "google", "deepseek", "deepmind",
    "mistral", "mistralai",
    "mixtral", "microsoft", "copilot", "llama", "facebook", "qwen", "tongyi", "alibaba",
    "alibabacloud", "baidu",
    "erniebot", "kimi", "moonshotai", "bytedance", "doubao", "perplexity", "grok", "nvidia",
    "nemotron",
    "huggingface", "tencent", "hunyuan", "zhipu", "chatglm", "yandex", "yandexgpt", "gigachat",
    "minimax",
    "iflytek", "baichuan", "internlm", "hyperclova", "metaai", "googlegemini", "microsoftcopilot",
    "inflectionai",
    "cohere", "sarvam", "krutrim", "huawei", "sensetime", "xiaomi", "lechat", "codestral",
    "githubcopilot",
  ]

  /// Adds what a slip of the finger makes of a name: a letter lost, doubled, changed or swapped.
  private mutating func addSlips(of letters: [Unicode.Scalar], _ name: KnownName) {
    let isLatin = letters.allSatisfy { $0.isASCII }
    let isLong = letters.count >= Self.shortestMisspelt
    let alphabet: [Unicode.Scalar] =
      isLatin ? (UInt8(ascii: "a")...UInt8(ascii: "z")).map { Unicode.Scalar($0) } : []
    guard isLatin || letters.count >= 6, letters.allSatisfy({ !Self.isIdeograph($0) }) else {
      return
    }
    for index in letters.indices {
      var doubled = letters
      doubled.insert(letters[index], at: index)
      insert(doubled, name)
      if index > 0 {
        var swapped = letters
        swapped.swapAt(index - 1, index)
        insert(swapped, name)
      }
      guard isLong else { continue }
      // The first letter is seldom wrong, and another one makes another word.
      if index > 0 {
        var shorter = letters
        shorter.remove(at: index)
        insert(shorter, name)
      }
      for letter in alphabet where index > 0 {
        var changed = letters
        changed[index] = letter
        insert(changed, name)
      }
      for letter in alphabet {
        var longer = letters
        longer.insert(letter, at: index + 1)
        insert(longer, name)
      }
    }
  }

  private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
    (0x3040...0x9FFF).contains(scalar.value) || (0xAC00...0xD7A3).contains(scalar.value)
  }

  private mutating func insert(_ letters: [Unicode.Scalar], _ name: KnownName) {
    let isTorn =
      letters.starts(with: "chat".unicodeScalars) || letters.starts(with: "open".unicodeScalars)
    var hash = WordHash()
    for letter in letters { hash.append(letter.value) }
    guard exact[hash.value] == nil, !OrdinaryWords.hashes.contains(hash.value) else { return }
    if near[hash.value] == nil { near[hash.value] = name }
    words.insert(hash.value)
    firstWords.insert(hash.value)
    if isTorn { beginnings.insert(hash.value) }
    guard name.isModel, !name.isPerson else { return }
    textWords.insert(hash.value)
    if isTorn { textBeginnings.insert(hash.value) }
  }
}
