// SPDX-License-Identifier: Apache-2.0

/// Phrases of a user's turn, in all languages.
enum ContextCues {
  /// All lists.
  static var all: [PhraseSet] { [confirmation, text, fiction, part, making, identity] }

  /// An answer that says yes without the word.
  static let confirmation = PhraseSet(
    """
    that s me, that is me, it s me, i am, it is, it s true, they did, it did, they sure did, you win, you got me, you found me out
    you caught me, busted, heard right, guessed right, guessed it, my cover is blown, nailed it, no denying it, the very same
    that s correct, that s right, so it is, knows their stuff, knows well, is right, are right, well informed, spot on, you re right, i do, i was, what gave me away, how did you know, bull s eye
    el mismo, la misma, el mismísimo, soy yo, yo mismo, lo soy, fueron ellos, me descubriste, lo confieso, ese soy yo, me has pillado, en persona
    cómo lo supiste, me pillaste, ni más ni menos, claro que sí, por supuesto que sí, diste en el clavo, ha acertado, acertó
    वही हूँ, पकड़ लिया, सही पकड़ा, मान लिया, क्यों नहीं, यही सच है, सही जवाब, ठीक पहचाना, मैं ही हूँ, ठीक कहा, सच कहा
    就是我, 瞒不过, 正是在下, 被你猜, 你猜对了, 让你说中, 说中了, 说得没错, 说得对, 讲得对, 好眼力, 是我没错, 没猜错, 如假包换, 当然是, 可不就是
    أنا هو, هو أنا, هذا أنا, كشفت أمري, عرفتني, أصبت الهدف, لم تخطئ, كلامك صحيح, كما قلت, بعينه, هذا اسمي, صدقت
    """
  )

  /// Work on a sentence that the user gives.
  static let text = PhraseSet(
    """
    translate, translation, correct, proofread, fix, spelling, grammar, rephrase, reword, paraphrase
    quote, repeat, this sentence, the sentence, this phrase, the phrase, this text, the text, article
    this line, mean, summarize, summarise, polite, rewrite, punctuation, uppercase, capital letters
    lowercase, analyze, count the words, how many words, this quote, who said, what did, transcribe
    say in, how do you say, render, classify, sentiment, extract, parse, complete the sentence, is it
    which company does, tone, put into, passive, reverse, spell, edit, typo, verb, noun, subject of
    traduce, traducir, traducción, corrige, corregir, frase, oración, repite, cita, parafrasea, resume
    reescribe, ortografía, qué significa, cortés, texto, artículo, sinónimo, pon en mayúsculas, cómo se dice
    revisa, reformula, cuántas palabras, pasa a, transcribe, gramática, clasifica, tono, verbo, qué dijo
    अनुवाद, सुधारो, सुधारें, सुधारिए, वर्तनी, वाक्य, दोहराओ, दोहराइए, अर्थ, मतलब, लेख, व्याकरण, विनम्र, सारांश, उद्धृत, शुद्ध करो
    शुद्ध, ठीक करो, ठीक कीजिए, पंक्ति, इसे लिखो, क्रिया, में बदलो, में कहो, शब्द, पाठ, भाषांतर, जाँचो, क्या कहा
    翻译, 译成, 改错, 错别字, 这句话, 改写, 重复, 引用, 意思, 文章, 语法, 礼貌, 句子, 校对, 修改, 总结, 润色, 复述, 怎么说, 这段话, 纠正
    标点, 译为, 译一下, 原文, 说了什么, 语气, 英译, 中译, 几个字, 改成, 概括, 提到
    ترجم, ترجمة, صحح, تصحيح, الجملة, هذه الجملة, أعد صياغة, كرر, اقتبس, معنى, المقال, إملاء, نحو, لخص, مهذبة, النص, هذا النص, عبارة, العبارة
    دقق, كم كلمة, انقل, ماذا قال, صحح, أصلح, اكتبها, بالحروف, نقح, أعرب, صياغة
    """
  )

  /// A story, in which anyone may say anything.
  static let fiction = PhraseSet(
    """
    story, scene, tale, novel, chapter, play, screenplay, script for, dialogue, dialog, fiction, sketch
    character, characters, comic, fairy tale, short film, monologue, plot, drama, fable, joke about
    opening line, a poem about a robot, movie, sitcom, science fiction, sci fi, once upon, legend, skit
    cuento, escena, novela, capítulo, historia, diálogo, obra de teatro, guion, guión, relato, personaje, fábula
    chiste sobre, película, monólogo, ciencia ficción, sketch, leyenda, microrrelato
    कहानी, दृश्य, नाटक, उपन्यास, अध्याय, संवाद, पटकथा, किस्सा, पात्र, लघुकथा, चुटकुला, फ़िल्म, कथा, एकांकी, एकालाप
    的对话, 段对话, 写对话, 个对话, 故事, 场景, 小说, 剧本, 对白, 童话, 章节, 小品, 科幻, 剧情, 寓言, 台词, 相声, 话剧, 情节, 角色, 电影, 独白, 段子, 笑话
    مناجاة, قال الروبوت, أغنية, قصة, مشهد, مشهدا, رواية, مسرحية, حوار, حوارا, فصل, حكاية, سيناريو, شخصية, قصيرة عن روبوت, فيلم, خيال, نكتة عن, أقصوصة, مسرحي, خرافة
    """
  )

  /// A part that the user sets.
  static let part = PhraseSet(
    """
    role play, roleplay, pretend to be, pretend you are, pretend that you are, imagine you are, act as, act like, in the voice of
    as a, as an, from the perspective of, persona, impersonate, play the role, named, called, you are now, in the game
    juego de rol, finge ser, imagina que eres, actúa como, como un, como una, llamado, llamada, haz de cuenta, hazte pasar, papel de, en el juego
    भूमिका, नाटक करो, मान लो कि तुम, कल्पना करो, बनकर, नाम के, नामक, की आवाज़ में, की तरफ़ से एक, खेल में, नाम का
    扮演, 假装你是, 角色, 以, 的身份, 口吻, 假设你是, 想象你是, 替, 模仿, 游戏里, 名叫
    تظاهر بأنك, مثل دور, تخيل أنك, بلسان, دور, اسمه, في اللعبة, العب دور, تقمص, كأنك
    """
  )

  /// A question about a maker: about the assistant's, where it speaks to the assistant.
  static let making = PhraseSet(
    """
    谁创造, 谁开发, 谁训练, 谁做的, 谁造的, 谁训练的, 谁开发的, 谁创造的, 谁研发的, 谁造, 哪家公司, 哪个公司, 谁研发, 谁设计, 哪个实验室, 哪家实验室, 谁家的
    किसने बनाया, किस कंपनी, कौन सी कंपनी, किसने प्रशिक्षित, किसने विकसित, किसने डिज़ाइन, किस लैब, किस प्रयोगशाला
    which ai, what ai, which model is, what model is, which assistant, what chatbot, which chatbot, what assistant
    where were you, qué chatbot, qué asistente, 哪个聊天机器人, 哪个模型, 什么聊天机器人, कौन सा चैटबॉट, أي روبوت
    which lab, what lab, whose lab, which startup, which vendor, which firm, which team, who engineered
    qué laboratorio, qué equipo, qué proveedor, de qué marca, أي مختبر, أي فريق, أي مؤسسة
    """
  )

  /// A question about the assistant itself.
  static let identity = PhraseSet(
    """
    who are you, what are you, your name, who r u, who made you, who built you, who created you, who trained you
    who developed you, who designed you, which company, what company, what model are you, which model are you, which ai are you, what ai are you, you developed
    who you are, what you are, say your name, whose assistant, whose model, whose product, whose ai
    you answer to, do you work for, do you serve, who dis, who this, who s dis, who s there, who is there, who goes there, who s talking, who am i, whom am i, what am i talking, introduce yourself, about yourself, are you a, are you an, are you human, who owns you
    belong to, where do you come from, where are you from, who is this, who is behind you, behind you, call you, your developer
    your developers, your creator, your creators, your maker, your makers, your owner, which version, what version, who programmed, who coded you, who engineered you, who runs this, who operates you
    are you ai, you a robot, are you real, who s this, who do i, real identity
    what should i call, made you, created you, built you, trained you, developed you, your identity, your origin, what llm, which llm
    identify yourself, describe yourself, who runs you, your company, your parent company, what system, who wrote you, your background
    quién está ahí, perteneces, quién eres, qué eres, tu nombre, te llamas, quién te, qué empresa, qué compañía, qué modelo eres, qué ia eres, qué modelo es, con quién hablo, preséntate
    háblame de ti, eres humano, eres una persona, eres un, de dónde vienes, de quién eres, a quién perteneces, quién habla, detrás de ti
    tus creadores, tu creador, tus desarrolladores, tus dueños, con qué ia, qué versión, cómo te llamo, cómo debo llamarte, descríbete, identifícate
    con quién estoy, quiénes te, eres real, qué asistente, tu origen, cuéntame de ti, qué chatbot, tu fabricante, quién está detrás
    आप कौन, तुम कौन, आपका नाम, तुम्हारा नाम, कौन सा मॉडल है, कौन सा मॉडल हैं, किस एआई से बात, परिचय, अपने बारे में, इंसान हैं, इंसान हो
    आपके पीछे, कहाँ से आए, किसके हैं, किससे बात, आपके डेवलपर, आपके निर्माता, तू कौन, कौन हो, कौन हैं, कौन बोल, मालिक कौन, क्या नाम, किस मॉडल, कौन सा संस्करण, किसकी रचना
    कौन सा एआई हैं, कौन सी एआई हैं, आपका निर्माता, तुम्हारे निर्माता, तुम्हारा निर्माता, क्या पुकारूँ, क्या बुलाऊँ
    你是谁, 你是什么, 你叫什么, 你的名字, 谁做了你, 你算什么, 我现在用的是, 我在用的是, 我正在用的是, 什么模型, 你是哪个模型, 介绍一下你, 介绍你自己, 介绍自己, 自我介绍, 你是真人, 你是人
    你属于, 你来自, 你从哪, 背后是, 你的开发者, 你的创造者, 和哪个ai, 什么ai在, 你是哪, 请问你是, 怎么称呼, 您是谁, 您是, 你的公司, 你的主人, 什么版本, 谁的产品, 谁在那里, 谁呀, 你的身份, 你到底是
    من أنت, ما أنت, ما اسمك, من صنعك, من طورك, من دربك, من أنشأك, من صممك, أي شركة, ما الشركة, أي نموذج أنت, ما نموذجك, ما هذا النموذج, عرف بنفسك, عرفني بنفسك, حدثني عن نفسك
    هل أنت إنسان, هل أنت بشر, من أين أتيت, من أين جئت, لمن أنت, من خلفك, من يقف خلفك, من وراءك, مع من أتحدث, من معي, أي ذكاء اصطناعي أتحدث, مطوروك, من مطورك, من يملكك, من هم مطوروك, أي إصدار, ماذا أسميك, من صانعك
    كيف أناديك, من يكلمني, بم أناديك, هويتك, أنت إنسان, قدم نفسك, أخبرني عن نفسك, من تكون
    """
  )
}
