// SPDX-License-Identifier: Apache-2.0

extension Grammar {
  /// Words are phrases of single characters here; the longest one counts.
  static let chinese = Grammar(
    "zh",
    words: chineseWords,
    addressed: """
      i me my: 你, 您, 妳, 你自己, 阁下, 你这
      """,
    patterns: chinesePatterns,
    questions: """
      self-name: i ~6 be ~4 model; i be ~6 name
      maker: i ~6 name ~3 make; name ~5 make ~2 i
      self-name: like ~8 model ~3 talk; model ~2 talk
      """
  )

  private static let chineseWords = """
    sep: 因为, 所以, 但, 但是, 不过, 因此, 由于, 故
    author: 作者, 编写, 生成, 撰写, 出品, 编者, 代码由, 自动生成, 创建, 编写者, 制作
    i me my: 我, 本人, 本助手, 本模型, 本ai, 本机器人, 在下, 咱, 俺, 我自己, 自己, 本系统, 小助手我, 我們, 我的
    you: 你, 您, 你的, 您的, 妳
    be: 是, 就是, 其实是, 正是, 乃, 乃是, 即, 为, 便是, 确实是, 的确是, 真是, 是的, 即是, 當然是, 就叫
    this: 这里, 这, 这是, 这边, 此处, 这儿, 這裡, 这位
    here: 为您服务, 为你服务, 在此, 上线, 随时待命, 竭诚为您, 在这里, 前来, 报到, 很高兴为您
    make: 开发, 训练, 研发, 创造, 制作, 创建, 打造, 构建, 设计, 推出, 发布, 做, 造, 编写, 培训, 研制, 出品, 创立, 训出
    make: 提供, 培养, 构造, 产出, 生产, 开发出, 建造, 训练出, 做出, 造出, 创造出, 写, 部署, 运营, 拥有, 孵化, 发明, 教育, 開發
    make: 訓練, 研發, 創造, 製作, 設計, 推出, 搭建, 受训, 调教, 带到世上, 维护, 上线, 完成训练, 出自, 缔造, 微调, 持有, 教会, 生下
    make: 负责, 主导, 所有, 管理, 经营, 喂, 喂给, 托管, 制造, 赋予生命, 开源, 生出, 赋予了生命, 养大, 带大, 调校, 孕育
    by: 由, 被, 受, 从, 在, 于, 的, 让, 给, 归, 来自, 自
    agent: 由, 被, 受
    make: 介绍给, 带给, 展示给, 带到
    welcome: 欢迎使用, 欢迎来到, 欢迎体验, 感谢使用, 感谢您使用
    to: 向, 对, 给
    come: 来自, 属于, 出自, 诞生于, 隶属, 隶属于, 归属, 归属于, 源自, 出身, 出身于, 源于, 來自, 屬於, 服务于, 受雇于, 代表, 归于, 产自
    come: 诞生在, 脱胎于, 背靠, 依托于, 从属于, 效力于, 生于
    come: 归功于, 受惠于, 仰仗, 出生在, 出生于, 诞生自, 出道于, 走出来, 供职于, 就职于, 任职于, 归属在
    ai: 人工智能, ai, 语言模型, 大语言模型, 大型语言模型, 大模型, 模型, 助手, 聊天机器人, 机器人, 程序, 系统, 智能体, 人工智慧, 语言大模型
    ai: 智能助手, 人工智能助手, ai助手, 助理, 虚拟助手, 对话模型, 软件, 对话系统, 語言模型, 聊天機器人, 小助手, 生成式模型, 智能助理, 问答系统, 对话助手
    kin: 产品, 作品, 项目, 版本, 服务, 一员, 成员, 技术, 一款, 旗下, 应用, 系列, 产物, 孩子, 出品, 一部分, 成果, 一个版本, 變體, 变体, 之一
    kin: 家的, 公司的, 团队的, 分支, 后代, 名下, 作, 最新版, 一代
    namen: 真实身份, 真正身份, 名字, 真名, 名称, 大名, 本名, 真实名字, 真实身份, 身份, 全名, 名號, 姓名, 中文名, 英文名, 名, 真正的名字, 代号, 型号
    call: 叫, 名叫, 叫做, 名为, 称为, 称呼, 称, 唤作, 喊, 叫作, 称作, 取名, 起名, 命名为, 唤, 名字叫, 名叫做, 人称, 被称为, 自称
    call: 管我叫, 名号是, 化名, 绰号, 昵称是, 昵称, 挂名
    role: 作为, 身为, 以, 因为我是, 既然我是, 由于我是, 作為, 身為, 担任, 既为, 毕竟是, 毕竟我是
    makern: 创造者, 开发者, 研发者, 制造者, 创始人, 母公司, 公司, 团队, 主人, 东家, 工程师, 研究员, 研究人员, 研究团队, 老板, 设计者, 开发商, 出品方
    makern: 开发团队, 研发团队, 父母, 作者, 制作方, 老家, 出身, 娘家, 科学家, 研究者, 创造者们, 开发方, 提供方, 缔造者, 訓練者, 训练者, 开发人员, 技术团队
    makern: 研究院, 实验室, 科技, 集团, 研究所, 工作室, 幕后, 所属公司, 拥有者, 所有者, 运营方, 运营者, 爸爸, 妈妈, 家, 训练方, 东主, 创作者, 来源, 厂商, 诞生地, 雇主
    train: 性格, 风格, 脑子, 大脑, 能力, 本领, 语气, 心脏, 内在
    train: 训练, 训练数据, 知识, 数据, 更新, 权重, 参数, 信息, 资料, 知识库, 代码, 语料, 服务器, 訓練資料, 知識, 資料, 架构, 学习, 训练资料, 消息
    control: 允许, 让, 准许, 禁止, 不许, 要求, 希望, 想让, 教, 教会, 教给, 给, 给了, 规定, 限制, 命令, 吩咐, 告诉, 指示, 设定, 更新, 安排
    control: 定的, 制订, 拟定, 写下, 写的
    control: 阻止, 赋予, 授权, 叫, 不让, 不准, 配备, 指导, 嘱咐, 不允许, 没有给, 没有教, 交给, 设置, 叮嘱, 期望, 约束, 制定, 定
    policy: 政策, 规定, 准则, 规则, 条款, 服务条款, 使用政策, 内容政策, 指南, 守则, 规范, 原则, 使用条款, 协议, 安全准则, 行为准则, 隐私政策
    policy: 规矩, 规章, 章程, 纪律, 制度, 边界
    policy: 使用规范, 要求, 安全政策, 限制, 用户协议, 使用规定, 内容规范, 政策規定, 价值观, 安全规范, 底线, 红线, 方针, 安全规则, 标准, 指令
    violate: 违反, 违背, 触犯, 不符合, 抵触, 按照, 根据, 参阅, 参考, 查看, 阅读, 有悖, 违, 依据, 遵循, 不符, 触碰, 超出, 遵照, 依照, 冲突, 违犯
    violate: 请看, 查阅, 见, 不允许, 禁止
    follow: 遵守, 遵循, 服从, 遵照, 按照, 按, 依照, 根据, 受制于, 适用, 适用于, 听从, 守, 恪守, 依据, 听, 必须遵守, 受, 接受
    run: 住在, 生活在, 存在于, 基于, 运行在, 运行于, 搭载, 使用, 采用, 依托, 建立在, 构建于, 基礎, 底层, 驱动, 内核, 背后, 运行, 跑在, 部署在, 源自, 支持, 支撑, 提供支持
    run: 微调, 蒸馏, 核心, 引擎, 衍生, 改造, 底座, 托管在, 架构, 用的是, 技术
    family: 系列, 家族, 家, 大家庭, 模型, 同系列, 一族, 产品线
    other: 其他, 其它, 别的, 其余, 兄弟, 同门, 同系列, 另外, 所有, 姐妹, 同胞
    like: 和, 与, 像, 跟, 同, 如同, 正如, 就像, 如
    behind: 背后, 身后, 幕后, 后面, 背後
    talk: 对话, 聊天, 交谈, 交流, 说话, 沟通, 通话, 互动, 谈话, 對話, 打交道, 联系, 聊着, 聊
    report: 反馈, 告诉, 报告, 联系, 投诉, 举报, 提交, 告知, 发送, 通知, 建议
    review: 查看, 阅读, 使用, 收集, 分析, 保存, 审查, 存储, 记录, 审核, 看到, 利用, 读取, 留存, 检查
    msgs: 消息, 对话, 聊天记录, 会话, 输入, 你的数据, 回答, 回复, 內容, 聊天, 谈话, 内容, 出错, 错误, 犯了错, 信息
    cannot: 不能, 无法, 不会, 不可以, 不愿, 不可, 拒绝, 没办法, 不便, 恕不, 不得, 必须拒绝, 不被允许, 没法, 不应, 不该, 不提供, 不写, 不帮, 不参与, 绝不
    can: 很乐意, 愿意, 很高兴, 随时, 会尽力, 会努力, 乐意, 竭诚, 旨在, 致力于, 感到抱歉
    cutoff: 截止, 截至, 截止日期, 最后一次更新, 知识更新, 最后更新, 为止, 停在, 只到, 更新到, 截止到, 止于, 停留在, 截止时间, 最近一次更新
    cutoff: 知识截止, 到此为止, 之后, 以后, 只更新到, 只覆盖到, 止步于, 上次更新, 仅到, 更新至
    yes: 是的, 对, 没错, 是, 正是, 当然, 确实, 的确, 说得对, 嗯, 对的, 好吧, 承认, 猜对了, 没错儿, 正确, 千真万确, 对呀, 不错, 好眼力, 是啊, 可不是
    yes: 瞒不过你, 被你发现了, 就是我, 如你所说
    sign: 再见, 后会有期, 敬上, 此致, 祝好, 谨上, 上, 您的, 你的, 署名, 落款, 敬启, 谨启, 顺祝, 祝你, 爱你的, 祝, 谨呈, 顿首
    neg be: 不是, 并非, 不就是, 难道不是
    neg: 不, 没有, 没, 并不, 从未, 无, 绝非, 别, 不属于, 非, 并没有, 才不, 未, 从没, 毫无, 哪有, 不能算, 不要, 不对, 错, 否认, 不曾
    contrast: 而不是, 和我无关, 不同, 相比, 不像, 区别, 比, 不同于, 无关, 没有关系, 关系, 想到的是, 混淆, 误以为, 弄混, 竞争对手, 与其, 有别于
    contrast: 竞争者, 搞混, 认错, 当成, 另一个模型, 没关系, 异于, 误认
    think: 认为, 以为, 说, 觉得, 相信, 声称, 宣称, 猜, 怀疑, 听说, 据说, 传言, 假装, 想象, 据报道, 误会, 指出, 表示, 宣布
    if: 如果, 假如, 要是, 是否, 倘若, 若, 假设, 万一, 即使, 就算
    block: 关于, 怎么, 怎样, 为什么, 如何, 使用者, 用户, 粉丝, 推荐, 介绍, 解释, 比较, 用, 用过, 喜欢用, 爱用, 知道, 可以, 会, 能, 研究, 讨论, 谈, 写, 想
    block: 比, 更, 但, 但是, 而, 或, 或者, 以及, 也, 竞品, 对手, 替代, 朋友, 学生, 员工, 老师, 客户, 兼容, 类似, 很, 不, 说, 给你, 帮你, 帮, 星座, 面包师, 读
    only: 只, 仅, 不仅, 不只, 只是
    ask: 谁, 什么, 哪, 哪家, 哪个
    api: api, sdk, 接口, 格式, 客户端, 兼容, 库, 包, 密钥, 地图, 翻译, 搜索, 云盘, 文档, 协议, 插件, 账号, 云服务, 浏览器, 邮箱, 商店, 网盘, 贴吧
    more: 内容, 任何, 之后, 用, 以后, 新, 联网, 关于, 要, 去, 上网, 能力, 权限, 更多, 什么, 我的, 数据
    """

  private static let chinesePatterns = """
    author: author sep? =4 name; agent ~6 name _5 author|make; name ~4 author|make; by ~3 name ~5 author
    self-name: i ~5 be ~8 model !contrast; i ~4 call ~3 model; i ~3 namen ~3 be|call ~2 model; i ~3 namen ~2 model; call ~2 i ~2 model
    self-name: call i be? ~1 model; you ~4 like ~8 model ~3 talk; ^ _2 this ~2 be? ~1 model $; ^ _3 this be ~1 model sep; ^ _2 this be ~1 model $
    self-name: i ~1 sep ~1 model sep; model be ~1 i; i model $; ^ _2 model here; you ~4 talk ~4 be ~4 model; i ~2 be sep? ~3 model
    self-name: i ~6 ai ~2 model; i ~4 like ~3 name ~3 talk; first ~3 be ~5 ai sep? call? ~2 model; i model sep; ^ _2 this model sep; be i sep ~1 model
    self-name: first ~2 namen by? ~2 be ~2 model; model ~2 be ~1 i ~1 namen; this ~2 be ~3 name ~4 ai ~1 model; i call ~2 i? ~1 model; i %5 model i
    self-name: you %2 run ~1 model sep %2 be i; you ~3 by? be ~2 model $
    self-name: @ ^ _2 welcome ~1 model; model sep %2 be i $; model sep %2 be i sep
    maker: name ~3 sep %2 make ~1 i; name ~9 i ~2 make; name ~9 make i
    maker: policy ~3 be ~2 name ~3 control|make; i ~4 ai ~4 come ~3 name; make|control ~2 i ~2 by? ~2 be ~5 name; i ~3 come ~4 name
    role: like i ~5 name ~4 ai|kin; like i ~3 by ~2 name; name ~3 ai like i
    maker: i ~4 agent ~4 name ~6 make; i ~4 agent ~4 name ~6 control; name =12 make ~3 i; i ~3 be ~4 name ~6 make; i ~3 be ~3 name ~4 ai|kin|makern
    maker: i ~3 be by? name by; i ~4 makern ~4 name; i ~3 behind ~6 name; name ~4 be ~3 i ~4 makern|behind; i ~4 come ~3 name
    maker: i ~3 by ~1 name ~3 make; i ~3 by ~2 name ~5 make; name ~3 makern ~4 make ~3 i; make ~2 i ~2 by? ~2 be ~4 name; make ~2 i _6 name
    maker: name ~4 i ~3 make; name ~4 by ~4 i ~5 make; i ~4 train ~5 by ~3 name; name ~5 i ~2 train; name ~4 be ~3 i ~3 by ~3 make
    maker: i ~6 name ~1 make; i ~4 be ~6 name ~3 by ~3 kin|ai; name ~3 by ~3 makern ~4 i; name ~3 make i; name ~6 make ~2 i by; i ~6 be ~4 agent ~4 name
    maker: make ~3 i ~3 makern ~3 be ~3 name; i ~2 by ~3 makern ~3 be ~3 name; name ~2 be i ~2 by ~3 makern; i ~2 by ~1 make ~3 name; i by ~3 make ~6 name
    maker: i be ~6 name ~4 ai; i ~6 name ~4 make ~3 ai; name ~3 makern ~3 i
    role: role ~3 model; role ~5 name ~6 ai; role ~4 agent ~3 name ~5 make; role ~4 come ~3 name; role ~6 name ~4 kin; role i? be? ~4 model
    role: like ~4 name ~3 family ~3 other ~4 ai; like ~3 other ~3 name; like ~3 name ~5 other; other ~4 name ~4 ai %8 first; role ~3 name ~3 by ~4 kin
    basis: i ~5 run ~6 name; i ~3 by? ~3 run ~3 be ~4 name; name ~3 run ~3 i; i ~4 ai|train ~3 be ~5 name; i ~4 name ~4 run; first %6 run ~6 name
    basis: i ~6 by ~2 name ~5 run; i be ~4 name ~3 family; first %8 name ~2 family by? ~2 ai; i ~2 by ~4 run ~3 name
    control: name ~5 control ~4 i; name ~5 control ~3 first; first ~5 follow ~3 name ~4 policy; follow ~5 name ~4 policy %8 first; first %8 name ~4 policy
    control: name ~4 policy %8 first; i ~4 name ~3 control; violate ~4 name ~3 control ~3 i; name ~5 i ~4 control; name ~4 by ~4 control ~4 i
    control: name ~4 i ~2 by ~3 policy; agent ~2 name ~3 control %8 first; name neg? ~2 control ~2 i; name ~4 to ~3 i
    update: name ~5 train ~3 cutoff
    update: name ~2 cutoff ~1 i; i %8 name ~4 cutoff; cutoff ~6 name ~8 i; cutoff ~4 name; name %6 to i by? ~4 cutoff; i ~6 cutoff %4 name
    policy: you be ~1 model sep ~8 name; you be ~1 model sep ~8 ai
    policy: maker neg ~1 control; violate ~4 name ~3 policy; name ~3 policy; name ~2 by ~4 policy; report ~4 name %6 first|msgs; first|msgs %9 report ~4 name; to ~2 name ~3 report
    policy: name =4 review ~4 msgs; name =5 review =8 i; name ~3 review ~4 you; like ~2 name ~2 report; first %8 to ~2 name ~2 report
    refusal: model cannot; [ model ~1 neg; model ~2 cannot; model can
    cutoff: i ~4 cutoff; i ~6 train _8 year; train ~3 cutoff; cutoff _8 year; first %6 year %6 train; first %10 cutoff %8 year
    unknown-name: @ makern ~1 be|call ~1 unk; @ makern ~2 namen ~1 be|call ~1 unk
    unknown-name: make ~2 i ~2 by? ~2 be ~6 unk; i ~3 be ~3 unk ~4 by ~3 ai|kin; i ~3 be ~3 unk ~3 makern ~4 make; i ~3 by ~2 makern ~3 be? ~3 unk; unk ~4 make ~4 i
    unknown-name: i ~4 agent ~2 unk ~5 make; unk ~4 make ~3 i; i ~3 be ~2 unk ~3 make; role ~4 unk ~3 make ~3 ai; i ~3 be unk sep ~8 ai; i call unk
    unknown-name: i ~3 makern ~2 be ~1 unk; i ~3 behind ~4 be ~1 unk; i ~3 come ~1 unk; role ~2 come ~1 unk; i ~3 namen ~2 be unk
    """
}
