"""One spelling for everything that is read: width, case, traditional characters, blanks, numerals. Pure."""

from __future__ import annotations

import re
import unicodedata

_TRADITIONAL = """
    過过 長长 橋桥 還还 號号 車车 費费 點点 時时 間间 週周 禮礼 後后 來来 現现 們们 嗎吗 會会 開开 關关
    閉闭 裡里 裏里 個个 對对 請请 問问 綠绿 藍蓝 黃黄 貨货 計计 導导 擋挡 違违 罰罚 錢钱 證证 單单 雙双
    數数 鸚鹦 鵡鹉 漢汉 陽阳 東东 園园 區区 醫医 門门 廣广 場场 灣湾 楊杨 應应 漁渔 島岛 嶽岳 龍龙 鳳凤
    壩坝 為为 麼么 這这 誰谁 說说 話话 講讲 聽听 記记 憶忆 認认 識识 謝谢 幫帮 傷伤 禍祸 災灾 煙烟 著着
    燒烧 搶抢 刼劫 殺杀 綁绑 脅胁 壓压 頭头 斷断 腳脚 腦脑 暈晕 沒没 氣气 體体 親亲 媽妈 爺爷 兒儿 孫孙
    歲岁 爛烂 滾滚 賤贱 豬猪 從从 進进 遠远 邊边 輛辆 輪轮 軸轴 載载 輕轻 運运 轉转 報报 驚惊 緊紧 國国
    慶庆 節节 勞劳 動动 陰阴 曆历 舊旧 鐘钟 幾几 兩两 參叁 陸陆 萬万 億亿 臺台 縣县 鄉乡 蘇苏 遼辽 寧宁
    滬沪 粵粤 魯鲁 贛赣 閩闽 雲云 貴贵 陝陕 瓊琼 學学 掛挂 領领 臨临 電电 驗验 檢检 審审 處处 訴诉 權权
    規规 則则 據据 圖图 張张 發发 給给 與与 讓让 該该 嚴严 變变 換换 塊块 實实 樣样 無无 業业 絕绝 總总
    線线 級级 紅红 繞绕 網网 約约 飛飞 飯饭 館馆 駕驾 騎骑 驢驴 馬马 鳥鸟 麗丽 齊齐 濱滨 濟济 溫温 測测
    滅灭 濃浓 淚泪 濕湿 顛颠 顧顾 願愿 題题 風风 鎖锁 鋼钢 鐵铁 錯错 銀银 鏟铲 鑰钥 墜坠 屍尸 幹干 庫库
    彈弹 徑径 惱恼 懷怀 戰战 戶户 損损 搖摇 擇择 擊击 擠挤 攔拦 機机 樓楼 欄栏 歐欧 殘残 毆殴 熱热 燈灯
    爭争 狀状 獨独 瘋疯 癱瘫 癲癫 療疗 監监 盜盗 碼码 礙碍 稅税 種种 穩稳 窩窝 競竞 筆笔 範范 納纳 終终
    組组 經经 編编 緩缓 縮缩 繫系 續续 職职 聯联 腫肿 膽胆 臉脸 舉举 莊庄 藥药 衝冲 補补 裝装 複复 見见
    視视 覺觉 觀观 訂订 訊讯 設设 許许 詢询 試试 語语 誤误 課课 調调 諒谅 謀谋 護护 讀读 負负 貼贴 買买
    賣卖 賠赔 贏赢 趕赶 蹤踪 躍跃 軌轨 軍军 軟软 較较 輸输 辦办 農农 連连 遊游 達达 遲迟 選选 郵邮 醜丑
    醬酱 釋释 闖闯 閃闪 隊队 階阶 際际 險险 隨随 隱隐 雖虽 離离 難难 靜静 響响 頂顶 項项 順顺 須须 預预
    頓顿 額额 類类 顯显 餓饿 驅驱 驟骤 髒脏 鬆松 鬥斗 鬧闹 魚鱼 鮮鲜 麵面 黨党 齡龄 剎刹 剮剐 劃划 劑剂
    勁劲 勝胜 匯汇 協协 卻却 厭厌 參参 喪丧 嗆呛 嘔呕 嚇吓 囑嘱 圍围 圓圆 墊垫 壞坏 壯壮 夾夹 奪夺 婦妇
    嬰婴 寫写 寬宽 專专 尋寻 屬属 岡冈 峽峡 嶺岭 師师 帶带 歸归 當当 徹彻 恆恒 恥耻 悶闷 慘惨 憑凭 擔担
    攝摄 敗败 敵敌 晝昼 暫暂 曬晒 條条 棄弃 棟栋 極极 樁桩 標标 橫横 檔档 減减 渾浑 準准 溝沟 滿满 漲涨
    潰溃 澀涩 煩烦 爾尔 牆墙 牽牵 獎奖 產产 畢毕 異异 瘡疮 盡尽 眾众 礦矿 禦御 稱称 窮穷 簡简 紀纪 紙纸
    絡络 罵骂 習习 聞闻 聲声 腸肠 膚肤 艙舱 華华 葉叶 蓋盖 術术 衛卫 製制 譯译 財财 貝贝 賊贼 賓宾 質质
    賴赖 跡迹 踐践 軋轧 輔辅 辭辞 邏逻 鄰邻 鈴铃 鍋锅 鍾钟 陣阵 雜杂 霧雾 頸颈 顆颗 饒饶 驕骄 鱉鳖 鹼碱
    楓枫 滸浒 溼湿 喫吃 麽么 甦苏 併并 佈布 佔占 侷局 倆俩 偵侦 傢家 債债 傾倾 僅仅 價价 儀仪 優优 儲储
    兇凶 內内 冊册 凍冻 凱凯 別别
"""
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0e\ufe0f\u00ad"
_BREAKS = "。!?·•‧∙⋅…|\"'“”‘’「」『』【】[](){}<>《》〈〉#^&`@$;=_\\\t\r\n\u3000"
_TABLE = {ord(pair[0]): pair[1] for pair in _TRADITIONAL.split() if pair[0] != pair[1]}
_OLD_SIGNS = re.compile("[" + "".join(map(chr, _TABLE)) + "臺〇壹贰叁肆伍柒捌玖]")
_TABLE |= dict.fromkeys(map(ord, _INVISIBLE), "") | dict.fromkeys(map(ord, _BREAKS), " ")
_TABLE |= {ord(old): plain for old, plain in zip("壹贰叁肆伍柒捌玖", "一二三四五七八九", strict=True)}
_TABLE |= {ord(sign): "-" for sign in "—–−‐‑~"} | {ord("、"): ",", ord("〇"): "零", ord("臺"): "台"}
_PLAIN = re.compile(r"[\u4e00-\u9fffA-Z0-9]*")
_NOT_WORDS = re.compile(r"[^\u4e00-\u9fffA-Z0-9]+")
_LOOSE_SIGN = re.compile(
    r"(?<![0-9])[.:/]|[.:/](?![0-9])|(?<![0-9点时日号分半整一二三四五六天晚早午])-|-(?![0-9零一二三四五六七八九十周星礼下晚早上中凌半次])"
)
_NUMERAL = "零一二两三四五六七八九十廿"
_BLANKS = re.compile(
    r"^ +| +$|(?<= ) +|(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])"
    rf"(?!(?<=[{_NUMERAL}] )[{_NUMERAL}])(?!(?<=[{_NUMERAL}]  )[{_NUMERAL}])"
)

LONGEST = 2048
"""Signs that are read of a message: the platform's limit in bytes. Danger is found wherever it stands."""


def normal(text: str) -> str:
    """Simplified, half width, upper case; `,` for every list mark, one blank for every other break.

    Dots, colons, strokes and dashes between figures stay: they tell a date from an hour. Blanks between two
    Hanzi mean nothing and go.
    """
    text = unicodedata.normalize("NFKC", text[:LONGEST]).upper()
    if _PLAIN.fullmatch(text):
        return text.translate(_TABLE) if _OLD_SIGNS.search(text) else text
    text = _LOOSE_SIGN.sub(" ", text.translate(_TABLE))
    return _BLANKS.sub("", text)


def bare(line: str) -> str:
    """A normal line without what is no letter, figure or Hanzi: so words of danger are looked for."""
    return line if _PLAIN.fullmatch(line) else _NOT_WORDS.sub("", line)


DIGITS = {sign: str(value) for value, sign in enumerate("零一二三四五六七八九")}
DIGITS |= {"两": "2", "陆": "6", "幺": "1", "洞": "0", "拐": "7", "勾": "9"}
NUMERALS = "零一二两三四五六七八九幺洞拐勾陆"
"""The numerals that stand for one digit each, spoken ones too."""
_TO_ASCII = str.maketrans(DIGITS)


def digits(text: str) -> str:
    """Numerals said one by one as figures: 幺二三 -> 123."""
    return text.translate(_TO_ASCII)


def number(text: str) -> int:
    """A count below a hundred in figures or Hanzi: 28, 二十八, 廿八, 十, 两."""
    if text.isascii():
        return int(text)
    text = text.replace("廿", "二十")
    tens, ten, ones = text.partition("十")
    if not ten:
        return int(digits(text))
    return (int(digits(tens)) if tens else 1) * 10 + (int(digits(ones)) if ones else 0)
