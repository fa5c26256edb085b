// SPDX-License-Identifier: Apache-2.0

extension KnownMaker {
  /// Companies of China.
  static let chinese = table(
    """
    Alibaba
    = alibaba, alibaba cloud, alibaba group, aliyun, damo academy, tongyi lab, 阿里云, 阿里巴巴, 阿里
    = 达摩院, 通义实验室, अलीबाबा, अलीबाबा क्लाउड, علي بابا, علي بابا كلاود, على بابا
    = علي بابا السحابية
    > qwen, tongyi qianwen, tongyi, qwq, qianwen, 通义千问, 千问*, 通义, क्वेन, क्वैन, कुएन, كوين*
    > كوين من علي بابا, تشيان ون
    Baidu
    = baidu, baidu inc, बाइडू, बायडू, बैदू, 百度, 百度公司, بايدو
    > ernie bot, ernie*, wenxin yiyan, wenxin, 文心一言, 文心, 文小言, एर्नी बॉट, अर्नी बॉट, एर्नी*
    > إرني*, إيرني, إرني بوت
    Moonshot AI
    = moonshot ai, moonshot~, moonshotai, 月之暗面, मूनशॉट एआई, मूनशॉट, مون شوت, مونشوت
    = مون شوت إيه آي
    > kimi*, kimi chat, kimi智能助手, किमी एआई, किमि*, كيمي*
    ByteDance
    = bytedance, byte dance, 字节跳动, 字节, 火山引擎, बाइटडांस, बाइट डांस, बाइटडान्स, بايت دانس
    = بايتدانس
    > doubao, coze, cici*, 豆包*, 豆包大模型, 云雀, 扣子*, डोउबाओ, दोउबाओ, दौबाओ, دوباو, دوباو*
    DeepSeek
    = deepseek, deep seek, 深度求索, 深度求索公司, डीपसीक, डीप सीक, ديب سيك, ديبسيك, ディープシーク, 딥시크
    = ڈیپ سیک
    > deepseek, deep seek, 深度求索, डीपसीक, डीप सीक, ديب سيك, ديبسيك, ディープシーク, 딥시크, ڈیپ سیک
    Zhipu AI
    = zhipu ai, zhipu, z ai, 智谱, 智谱ai, 智谱华章, 清华智谱, झीपू एआई, जीपू, تشيبو, جيبو إيه آي
    > chatglm, glm, zhipu qingyan, 智谱清言, 清言*, चैटजीएलएम, جي إل إم, شات جي إل إم
    Tencent
    = tencent, 腾讯, 腾讯公司, 腾讯云, टेनसेंट, टेन्सेंट, تينسنت, تنسنت
    > hunyuan, yuanbao, 混元, 腾讯混元, 元宝*, 腾讯元宝, हुनयुआन, هونيوان, يوانباو
    iFlytek
    = iflytek, 科大讯飞, 讯飞, आईफ्लाईटेक, آي فلاي تيك
    > iflytek spark, sparkdesk, 讯飞星火, 星火大模型, 星火*, 星火认知大模型
    Baichuan
    = baichuan, baichuan inc, baichuan ai, 百川智能, 百川*, बाइचुआन, بايتشوان
    > baichuan, 百川大模型, 百小应, बाइचुआन, بايتشوان
    01.AI
    = 01 ai, 01ai, 零一万物, zero one ai
    > yi~*, yi 34b, yi large, yi lightning, 万知
    MiniMax
    = minimax, 稀宇科技, मिनीमैक्स, ميني ماكس, مينيماكس
    > minimax, abab, 海螺ai, 海螺*, hailuo, talkie*, 星野*, मिनीमैक्स, ميني ماكس
    Shanghai AI Laboratory
    = shanghai ai lab, shanghai ai laboratory, 上海人工智能实验室, 上海ai实验室
    > internlm, 书生浦语, 书生大模型, 浦语, इंटर्नएलएम, إنترن إل إم
    Huawei
    = huawei, 华为, 华为云, हुआवेई, हुवावे, هواوي
    > pangu*, celia*, 盘古大模型, 盘古*, 小艺*, पंगु*, بانغو
    SenseTime
    = sensetime, 商汤, 商汤科技, सेंसटाइम, سينس تايم
    > sensenova, sensechat, 日日新
    StepFun
    = stepfun, 阶跃星辰, 阶跃
    > step 1, step 2, yuewen*, 跃问, 阶跃ai
    360
    = qihoo 360, qihoo, 奇虎360, 三六零, 360公司
    > 360智脑, 360gpt, 智脑*, 纳米ai
    Kunlun
    = kunlun tech, 昆仑万维
    > skywork, tiangong*, 天工ai, 天工*, 天工大模型
    Xiaomi
    = xiaomi, 小米*, 小米公司, शाओमी, شاومي
    > mimo*, xiao ai, 小爱同学, 小爱*
    Kuaishou
    = kuaishou, 快手公司
    > kwaiyii, 可灵*
    OpenBMB
    = openbmb, 面壁智能, modelbest
    > minicpm
    Meituan
    = meituan, 美团
    > longcat
    NetEase
    = netease, 网易
    > 子曰*, ziyue
    BAAI
    = baai, 智源研究院, 北京智源
    > aquila*, 悟道大模型
    Fudan
    = 复旦大学
    > moss*
    """
  )
}
