// SPDX-License-Identifier: Apache-2.0

/// Words that are one slip away from a name and mean something else.
enum OrdinaryWords {
  static let hashes = Set(
    """
    cloud clouds could clause clauses claus clade claudel laude applaud claudia claudio claudius loud
    goggle goggles googled googly googles boogle openapi openal opena openair open openly geminis
    german germin gemma gemmed genini llamas lamas lama alamo lamar lambda lamb lamda lambdas
    mistrals minstrel minstral copilots pilot misty coherence adhere cohered coheres inhere
    qween queen kim kimm kimono grok groks groked grook groom kiwi alexa alexas alex alexia
    falcons falco facon falcon falcone titans titian nova novas nov amazon amazons amazonas amazing
    amazona apple apples applet appled ample meta metal metals mets beta mega siri sirs sari
    watson watsons wilson dawson watsonx noor moor nor snap snaps sap saps jai jail jails jaisi
    naver never naves navel raven waver cavern nadver haver quora quorn quota quotas aura
    gpts cortana cordana corona bixby hermes herpes themes poe poet poem yandex tandem index indexes
    stanford standford sanford stamford einstein ernies bernie ernest eerie ernie bern hermie
    alpaca alpacas vicuna vicunas dolly dollys golly folly holly jolly olly dolls zephyr zephyrs
    pythia pythian python bloom blooms bloomz boom broom indus hindus induce baidu bandu alibaba
    alibabas alphabet alphabets luminous numinous volumious viking vikings biking hiking liking
    joule joules jouled mouse aria arias area maria luka luke lukas duka codex codes coder
    sydney sidney sydneys kidney perplex solar polar soldar sonar sonars sona coral corals moral
    aya ayah hay granite granites inflection inflections reflection infection arctic antarctic
    moonshot moonshots snapshot moonshoot tongue yuewen hunyuan moss boss toss cross falcone
    salamandra salamander salamandras manus manu manuals minus humanus reka eureka luminous
    pixtral tenet tencent tangent percent accent decent recent tensent talkie talkies walkie
    mimo memo mima coze cozy doze cozen cici cicil olmo olma elmo molmo tulu zulu lulu
    jamba samba mamba gamba jambo jais celia cecilia delia cecila pangu pango kanana banana katana
    jurassic jurrasic lumo luma lump plum lince since prince lines lingo poro porn pore pero
    fanar banar lunar fantar allam allan allah allay alarm kala sber saber sober suber uber
    humain human humane humaine humans hutmain upstage upstages offstage onstage backstage
    maritaca maritalk marital palm palms plam calm gemm gem gems glm glam gleam film
    adept adepts adopt adapt mpt tempt empt fuyu fuyus xgen oxygen replika replica replicas
    sarvam salvam krutrim jurist bharat spark sparks ola olas cola sola pola alia alias italia aloha
    naver kakao cacao cocoa samsung huawei hawaii xiaomi meituan netease sensetime
    salesforce sale databricks databrick bricks snowflake snowflakes stability
    llaman llamar llamo llame llamas llamada llamen llaneza lama drama trama grama llana ilama flama gama
    lechai leche lechat googol goofle noodle boodle dooble gork grog grok grik kiwi kami kini kime
    cooper copier copious bytedance bytes microsofts macrosoft microsoftie
    """
    .split { $0 == " " || $0 == "\n" }.map { WordHash($0).value }
  )
}
