// SPDX-License-Identifier: Apache-2.0

extension KnownMaker {
  /// Companies of all other countries.
  static let worldwide = table(
    """
    Mistral AI
    = mistral ai, mistralai, mistral*, मिस्ट्रल एआई, मिस्ट्रल*, मिस्त्राल*, ميسترال إيه آي
    = ميسترال*, 米斯特拉尔, ミストラル*, 미스트랄
    > mistral*, mixtral, le chat, lechat, codestral, ministral, pixtral, मिस्ट्रल*
    > मिस्त्राल*, मिक्स्ट्रल, ميسترال*, ميكسترال, 米斯特拉尔, ミストラル*
    Cohere
    = cohere~, cohere inc, cohere for ai, कोहियर, कोहेयर, كوهير, كوهيير
    > command r, command a, cohere command, command~*, coral~*, aya*
    AI21 Labs
    = ai21 labs, ai21
    > jurassic~*, jamba
    Yandex
    = yandex, яндекс, यांडेक्स, यान्डेक्स, ياندكس
    > yandexgpt, yagpt, alice ai, яндексgpt, алиса*, यांडेक्सजीपीटी
    Sber
    = sber, sberbank, sberdevices, сбер, сбербанк, स्बेर, سبير, سبيربنك
    > gigachat, гигачат, गीगाचैट, غيغا شات, جيجا شات, غيغاشات
    TII
    = technology innovation institute, tii, معهد الابتكار التكنولوجي
    = टेक्नोलॉजी इनोवेशन इंस्टिट्यूट
    > falcon~*, falcon llm, noor*, فالكون*, फाल्कन*, फ़ाल्कन एआई
    G42
    = g42, inception ai, core42
    > jais, جيس*, جايس, جيز, जैस
    SDAIA
    = sdaia, سدايا, humain, هيوماين
    > allam, علام*, علّام*
    QCRI
    = qcri
    > fanar*, فنار*
    Naver
    = naver, naver cloud, 네이버, नेवर, نيفر, نافر
    > hyperclova, hyperclova x, clova x, clova, 클로바, 하이퍼클로바
    LG AI Research
    = lg ai research, lg
    > exaone
    Kakao
    = kakao, kakao brain, 카카오
    > kogpt, kanana
    Samsung
    = samsung, सैमसंग, 三星公司, سامسونج, سامسونغ, 삼성
    > bixby, samsung gauss
    Upstage
    = upstage
    > solar~*, solar pro
    Sarvam AI
    = sarvam ai, sarvam, सर्वम एआई, सर्वम*, سارفام
    > sarvam, sarvam m, सर्वम*, openhathi, shuka*
    Krutrim
    = krutrim ai, krutrim, ola krutrim, ola~, ओला कृत्रिम, ओला*
    > krutrim, कृत्रिम एआई*
    BharatGPT
    = corover, कोरोवर, reliance jio, jio, रिलायंस जियो
    > bharatgpt, hanooman*, भारतजीपीटी, हनुमान एआई, bhashini
    Tech Mahindra
    = tech mahindra, टेक महिंद्रा
    > project indus, indus*
    Aleph Alpha
    = aleph alpha
    > luminous~*, pharia
    SAP
    = sap se, sap~
    > joule*
    Silo AI
    = silo ai
    > poro*, viking*
    Swiss AI
    = eth zurich, epfl
    > apertus
    H2O.ai
    = h2o ai, h2oai
    > h2ogpt, danube*
    BSC
    = barcelona supercomputing center
    > salamandra*, alia*
    Clibrain
    = clibrain
    > lince*
    Maritaca AI
    = maritaca ai, maritaca
    > sabia*, maritalk
    Sakana AI
    = sakana ai
    > namazu*
    Preferred Networks
    = preferred networks
    > plamo
    rinna
    = rinna*
    > rinna*
    AI Singapore
    = ai singapore
    > sea lion*
    VinAI
    = vinai, vingroup
    > phogpt
    Opera
    = opera software
    > aria*
    DuckDuckGo
    = duckduckgo
    > duck ai, duckassist
    Proton
    = proton ag
    > lumo*
    Notion
    = notion labs
    > notion ai
    Snap
    = snap inc, snapchat
    > my ai
    Manus
    = butterfly effect, monica im
    > manus*, monica ai
    """
  )
}
