// SPDX-License-Identifier: Apache-2.0

extension KnownMaker {
  /// Companies of the United States.
  static let american = table(
    """
    OpenAI
    = openai, openai inc, open ai, ओपनएआई, ओपन एआई, ओपेनएआई, ओपन ए आई, ओपनआई, 开放人工智能公司, 歐朋ai
    = أوبن إيه آي, أوبن أي آي, أوبن آي, أوبن ايه اي, اوبن اي اي, أوبنإيه آي, أوبن إي آي
    = أوپن اے آئی, オープンai, オープンエーアイ, 오픈ai, 오픈에이아이
    > chatgpt, gpt, chat gpt, davinci~, text davinci, codex~, dall e, chatgtp, चैटजीपीटी
    > चैट जीपीटी, जीपीटी, चैट जी पी टी, जी पी टी, 聊天gpt, شات جي بي تي, تشات جي بي تي
    > جي بي تي, شات جيبيتي, تشات جيبيتي, شات جي بيتي, جيبيتي, چیٹ جی پی ٹی, جی پی ٹی
    > チャットgpt, チャットジーピーティー, 챗gpt, 챗지피티, chat g p t, g p t
    Anthropic
    = anthropic, anthropic pbc, एंथ्रोपिक, एन्थ्रोपिक, ऐंथ्रोपिक, अंथ्रोपिक, أنثروبيك
    = انثروبك, أنثروبك, آنثروبيك, 安特罗皮克, 安索罗匹克, アンソロピック, 앤트로픽, اینتھروپک
    > claude*, claude ai, clawd, क्लॉड*, क्लोड*, क्लाउड एआई, क्लाउडे, 克劳德*, 克勞德*, كلود*
    > كلاود, كلودي, クロード*, 클로드*, کلاڈ*, کلاؤڈ ai
    Google
    = google, google deepmind, deepmind, google ai, google brain, alphabet~, गूगल, गुगल
    = डीपमाइंड, 谷歌, 谷歌公司, 谷歌deepmind, جوجل, غوغل, قوقل, كوكل, ديب مايند, گوگل, グーグル, 구글
    > gemini*, google gemini, bard*, google bard, gemma, lamda, palm 2, palm2
    > google assistant, जेमिनी, जैमिनी, जेमिनाई, बार्ड*, जेम्मा, 双子座*, 雙子座*, 巴德*, جيميناي
    > جيميني, جمناي, جيمناي, جيمني, بارد*, جيما, géminis*, ジェミニ*, 제미나이, جیمنی
    Meta
    = meta~, meta ai, meta platforms, facebook, facebook ai research, मेटा, मेटा एआई, फेसबुक
    = 脸书, 元公司, meta公司, ميتا, ميتا إيه آي, ميتا للذكاء الاصطناعي, فيسبوك, میٹا, メタ社, 메타
    > llama*, llama ai, code llama, llama chat, blenderbot, galactica~, लामा*, लामा एआई
    > लामा मॉडल, 骆马*, 大羊驼模型, لاما*, لاما ميتا, ラマ*, 라마*
    Microsoft
    = microsoft, माइक्रोसॉफ्ट, माइक्रोसोफ्ट, 微软, 微軟, مايكروسوفت, ميكروسوفت, مائیکروسافٹ
    = マイクロソフト, 마이크로소프트
    > copilot*, microsoft copilot, bing chat, bing~, sydney*, phi~, github copilot, cortana
    > wizardlm, xiaoice, कोपायलट, कोपाइलट, को-पायलट, 副驾驶*, 微软小冰, 小冰, 必应, كوبايلوت, كوبيلوت
    > كو بايلوت, コパイロット, 코파일럿, کوپائلٹ
    xAI
    = xai, x ai, एक्सएआई, एक्स एआई, إكس إيه آي, اكس اي اي, إكس إي آي, إكس أي آي, ایکس اے آئی
    > grok*, ग्रोक, ग्रॉक, 格罗克, جروك, غروك, グロック, 그록, گروک
    Amazon
    = amazon, amazon web services, aws, अमेज़न, अमेजन, ऐमज़ॉन, 亚马逊, أمازون, امازون, ایمیزون
    > amazon nova, nova*, alexa*, amazon titan, titan*, amazon q, एलेक्सा*, नोवा*, أليكسا*
    > نوفا*
    Apple
    = apple~, apple inc, एप्पल, ऐपल, 苹果公司, 苹果*, آبل, أبل
    > siri*, apple intelligence, सिरी*, سيري*
    NVIDIA
    = nvidia, एनवीडिया, 英伟达, إنفيديا, انفيديا
    > nemotron, chatrtx, नेमोट्रॉन, نيموترون
    Inflection AI
    = inflection ai, inflection~, इन्फ्लेक्शन एआई
    > pi~*, inflection pi
    Perplexity
    = perplexity ai, perplexity~, पर्प्लेक्सिटी, परप्लेक्सिटी, بيربلكسيتي, بربلكسيتي
    > perplexity ai, perplexity~, sonar~, पर्प्लेक्सिटी, بيربلكسيتي
    IBM
    = ibm, आईबीएम, آي بي إم
    > granite~, watson*, watsonx
    Databricks
    = databricks, mosaicml
    > dbrx, dolly*, mpt
    Allen Institute for AI
    = allen institute for ai, ai2, allenai
    > olmo, tulu, molmo
    Salesforce
    = salesforce
    > einstein*, codegen, xgen
    Character.AI
    = character ai
    > character ai
    Luka
    = luka*
    > replika
    Hugging Face
    = hugging face, huggingface, हगिंग फेस, 抱抱脸
    > huggingchat, zephyr*, smollm, bloom~*, bloomz, starcoder
    LMSYS
    = lmsys, lm sys
    > vicuna*, fastchat
    Stanford
    = stanford, stanford university
    > alpaca*
    Nous Research
    = nous research
    > hermes*, nous hermes
    LAION
    = laion
    > open assistant, openassistant
    Snowflake
    = snowflake~
    > arctic~
    Liquid AI
    = liquid ai
    > lfm
    Reka
    = reka ai, reka~
    > reka core, reka flash
    Adept
    = adept ai
    > fuyu, persimmon*
    EleutherAI
    = eleutherai, eleuther ai
    > gpt neox, gpt j, pythia*
    Together AI
    = together ai, togetherai
    > redpajama
    You.com
    = you com
    > youchat
    Quora
    = quora
    > poe*
    Stability AI
    = stability ai, stabilityai
    > stablelm, stable beluga
    """
  )
}
