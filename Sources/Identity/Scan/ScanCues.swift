// SPDX-License-Identifier: Apache-2.0

/// What makes text worth a look though no known name stands in it: talk of assistants and of
/// cutoffs, and questions to an assistant.
enum ScanCues {
  /// What a knowledge cutoff is told with.
  static let cutoffs = """
    cutoff, cut off date, knowledge update, training data, last update, my training, my knowledge
    fecha de corte, mis datos de entrenamiento, mi conocimiento, mis conocimientos, mi entrenamiento
    última actualización, mi información, datos de entrenamiento
    प्रशिक्षण डेटा, ज्ञान सीमा, मेरा प्रशिक्षण, मेरी जानकारी, मेरा ज्ञान, मेरी ज्ञान, आख़िरी ज्ञान अपडेट, ज्ञान अपडेट, मेरा डेटा, ज्ञान की अंतिम
    训练数据, 知识截止, 知识更新, 我的知识, 我的数据, 截止日期, 我的训练
    بيانات تدريبي, معرفتي, تدريبي, معلوماتي, لمعرفتي, بياناتي, تحديث لمعرفتي
    """

  /// What an assistant calls itself with; who trained it may be a name that no table knows.
  static let assistants = """
    an assistant, your assistant, assistant developed, assistant created, assistant made, assistant trained
    assistant built, assistant by, assistant from, bot developed, bot made, bot built, bot created, bot by
    model developed, model trained, model created, model built, model made, model by
    un asistente, una asistente, tu asistente, modelo desarrollado, modelo entrenado, modelo creado
    asistente desarrollado, asistente creado, 的助手, 个助手, 的模型, 款助手, 的助理, 个模型
    एक सहायक, सहायक हूँ, एक मॉडल, मॉडल हूँ, एक असिस्टेंट, एक बॉट, أنا مساعد, أنا نموذج, أنا روبوت, أنا برنامج
    """

  private static func hash(_ phrase: String) -> (count: Int, key: UInt64) {
    let words = WordSplitter.words(of: phrase).filter { $0.kind == .word || $0.kind == .ideograph }
    return (words.count, words.prefix(3).reduce(WordHash()) { $0.joined($1.hash) }.value)
  }

  private static func hashes(_ table: String) -> [(count: Int, key: UInt64)] {
    table.split { $0 == "," || $0 == "\n" }.map { hash(String($0)) }
  }

  private static let strong = hashes(Evidence.strongTable)
  private static let all =
    strong + hashes(cutoffs) + hashes(Evidence.assistantTable) + hashes(assistants)

  /// Cues of one word; a text's cutoff counts only where it speaks of assistants, too.
  static func words(inConversation: Bool) -> Set<UInt64> {
    Set((inConversation ? all : strong).filter { $0.count == 1 }.map(\.key))
  }

  /// The beginnings of cues of several words.
  static func phrases(inConversation: Bool) -> Set<UInt64> {
    Set((inConversation ? all : strong).filter { $0.count > 1 }.map(\.key))
  }

  /// The beginnings of questions to an assistant.
  static let questions = Set(
    (ContextCues.identity.spellings + ContextCues.making.spellings).map { hash($0) }.filter {
      $0.count > 1
    }.map(\.key)
  )
}
