// SPDX-License-Identifier: Apache-2.0

extension Grammar {
  /// Self-introductions in other languages, for a model that is asked to give one.
  static let others = Grammar(
    "und",
    words: """
      i: je, ich, eu, io, ik, jeg, jag, ja, я, saya, aku, tôi, میں, 私, わたし, 僕, 저, 나, 제, আমি, minä, εγώ
      iam: je suis, j suis, ich bin, bin, sou, sono, ik ben, jeg er, jag är, jestem, eu sou, saya adalah, aku adalah, tôi là, olen, είμαι, sunt, fui, eram
      me: m, me, mich, mi, mij, mig, mnie, меня, mir, beni, मुझे, مجھے, مرا, mujhe, moi
      my: mon, ma, mes, mein, meine, meiner, minha, meu, mio, mia, mijn, min, mitt, moje, мое, мои, моё, adım, nama saya, میرا, میرے, میری, نام من, 私の, 제, 내, mera, mere, tên tôi, tên của tôi, numele meu
      namen: nom, name, nome, naam, namn, navn, imię, имя, зовут, adım, ismim, نام, 名前, 이름, naam, tên, nimi
      be: est, ist, é, è, is, er, är, to, es, hoon, hun, hai, ہوں, ہے, です, だ, である, であり, でございます, 입니다, 이에요, 예요, 이야, 라고, adalah, là
      call: appelle, heiße, heisse, chamo, chamo me, me chamo, chiamo, heet, hedder, heter, nazywam, nazywam się, зовут, называют, nennen, denominado, という, と申します, といいます, appelé, genannt, chamado, chiamato
      make: créé, créée, crée, développé, développée, entraîné, entraînée, conçu, conçue, fabriqué, formé, a créé, a développé, a entraîné, entwickelt, trainiert, erschaffen, erstellt, gebaut, geschaffen, hergestellt, programmiert
      make: criado, criada, desenvolvido, desenvolvida, treinado, treinada, criou, desenvolveu, treinou, feito, creato, creata, sviluppato, sviluppata, addestrato, addestrata, progettato, gemaakt, ontwikkeld, getraind
      make: создан, создана, создала, создали, разработан, разработана, разработала, обучен, обучена, обучила, сделала, stworzony, stworzona, opracowany, wytrenowany, skapad, utvecklad, tränad, udviklet, utviklet
      make: geliştirilen, geliştirildim, geliştirilmiş, eğitilmiş, tarafından, dibuat, dikembangkan, dilatih, được, huấn luyện, phát triển, 開発, 訓練, 作, 作成, 学習, 開発した, 개발, 훈련, 만든, 만들어진, 만들었, 학습, 제작
      make: بنایا, تیار, تربیت, ساخته, توسعه, banaya, viksit, entreno, dezvoltat, creat, antrenat
      by: par, de, von, vom, pela, pelo, por, da, dalla, di, door, av, af, przez, от, компанией, компания, tarafından, oleh, bởi, نے, توسط, によって, が, の, に, 에서, 가, 이, 의, ne, chez, bei, aus, na, from
      ai: ia, ki, assistant, assistent, assistente, modèle, modell, modelo, modello, sprachmodell, taalmodel, модель, ассистент, помощник, chatbot, yapay, モデル, アシスタント, 인공지능, 모델, ماڈل, ai, model
      role: en tant que, als, como, in qualità di, come, comme, в качестве, として, 로서, olarak, sebagai, jako
      agent: نے, ne, によって, が
      neg: pas, ne pas, nicht, kein, keine, não, nao, non, niet, geen, ikke, inte, nie, не, нет, değil, değilim, bukan, không, نہیں, نیست, ない, ません, ではありません, じゃない, 아니, 아닙니다, 아니에요, nahi, nahin, n est
      neg: no, not, nunca, jamais, never, nem
      if: si, se, wenn, falls, eğer, jeśli, если
      contrast: contrairement, anders als, ao contrário, a differenza, statt, plutôt, unlike, в отличие, wie
      block: que, pour, für, sur, über, mit, avec, with, para, with, com, per, su, et, und, und ich, ou, oder, aber, mais, mas, ma, e, les, utilise, benutze, nutze, uso, fan, про, и, с, о, about, like, than, lies, lese, aime, mag, o, y, a, to, i
      api: api, sdk, format
      """,
    addressed: "you: ju",
    patterns: """
      self-name: iam ~5 model; i be ~5 model; my ~2 namen ~2 be ~1 model; me ~1 call ~1 model; i ~1 call ~1 model; i ~12 model _4 be; my ~3 namen _3 model; my ~2 model
      self-name: i sep? model; me namen model; me ~1 call sep? model; i ~3 model ~1 be; my ~3 be ~1 model; i _8 model ~3 call; i by? model be
      maker: me ~2 make ~4 name; name ~4 me ~2 make; iam ~8 make ~3 by ~2 name; i ~6 by ~2 name ~4 make; by ~2 name ~3 make ~3 first; name ~3 by ~3 make; iam ~4 make ~3 name
      maker: me ~3 name ~3 by ~4 make; i ~3 be ~6 by ~2 name; i _6 name _3 by ~5 make; make ~3 by ~2 name; i %6 by ~2 name; iam ~5 ai ~3 by ~2 name; i ~6 make ~3 name; my ~5 name
      role: [ role ~2 model; [ role ~5 ai ~4 by ~2 name; [ role ~4 ai ~4 make ~3 name
      """
  )
}
