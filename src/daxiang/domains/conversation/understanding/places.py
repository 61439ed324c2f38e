"""Places: crossings by any of their names, banks, districts, other cities, and what only looks like these."""

from __future__ import annotations

from collections.abc import Mapping

from daxiang.domains.conversation.understanding.parts import Part, spellings, words

AREA_ENDINGS = """
        医院 人民医院 中心医院 儿童医院 妇幼 火车站 高铁站 客运站 汽车站 地铁站 机场 公园 广场 大学 学院
        小学 中学 高中 学校 幼儿园 小区 商场 商圈 超市 市场 宾馆 酒店 体育馆 体育中心 图书馆 博物馆 景区
        码头 车管所 派出所 工业园 科技园 步行街 购物中心 万达 银行 大厦 花园 车站 站 风景区 植物园 动物园
        欢乐谷 寺 村 镇
    """
WORDS = (
    words(Part.AREA, None, AREA_ENDINGS)
    | words(Part.ORIGIN, None, "从 由")
    | words(Part.TOWARDS, None, "去 到 往 回 赶去 赶到 想去 要去 开往 前往 去往 开到 至 走到 回到 上")
    | words(
        Part.FILLER,
        None,
        """
            过江 过长江 过汉江 过河 长江 汉江 江北 江南 对岸 大武汉 武汉市 江城 湖北省 湖北 这两座桥
            两座桥 那两座桥 两座大桥 两桥 这座桥 这个桥 那个桥 这桥 那桥 桥上 这里 那里 这边 那边 这条路
            那条路 市区 城里 市内 主城区 三镇
        """,
    )
)

STREET_ENDINGS = spellings(
    """
    路 街 道 大道 巷 里 桥 墩 广场 公园 新村 花园 医院 酒店 饭店 大学 学院 一路 二路 三路 东路 西路 南路
    北路 中路 站 村 小区 大厦 烧烤 菜 火锅 烤鸭 拌面 湖 山 舰 装 号楼 商厦 银行 时间 现代 大众 通用
    """
)
"""What makes a city's name the name of something else: 北京路, 南京大排档."""

_CITIES = """
    北京 天津 上海 重庆 石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 太原 大同 阳泉 长治
    晋城 朔州 晋中 运城 忻州 临汾 吕梁 呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布
    锡林郭勒 阿拉善 兴安盟 沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 葫芦岛 长春 四平
    辽源 通化 松原 白城 延边 延吉 哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河
    绥化 大兴安岭 南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 杭州 宁波 温州 嘉兴
    湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌 合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州
    六安 亳州 池州 宣城 福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德 南昌 景德镇 萍乡 九江 新余 鹰潭 赣州
    吉安 宜春 抚州 上饶 济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽
    郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 济源 武汉
    黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 仙桃 潜江 天门 神农架 长沙 株洲 湘潭 衡阳
    邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西 广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆
    惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮 南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林
    百色 贺州 河池 来宾 崇左 海口 三亚 三沙 儋州 成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充
    眉山 宜宾 广安 达州 雅安 巴中 资阳 阿坝 甘孜 凉山 西昌 贵阳 六盘水 遵义 安顺 毕节 铜仁 黔西南 黔东南
    黔南 凯里 都匀 兴义 昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 楚雄 红河 文山 西双版纳 大理 德宏 怒江
    迪庆 拉萨 日喀则 昌都 林芝 山南 那曲 阿里 西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛 兰州
    嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 临夏 甘南 西宁 海东 海北 黄南 果洛 玉树 海西
    银川 石嘴山 吴忠 固原 中卫 乌鲁木齐 克拉玛依 吐鲁番 哈密 昌吉 博尔塔拉 巴音郭楞 库尔勒 阿克苏 克孜勒苏
    喀什 和田 伊犁 塔城 阿勒泰 石河子 香港 澳门 台北 高雄 台中 台南 麻城 大冶 枣阳 赤壁 应城 汉川 钟祥
    京山 洪湖 松滋 宜都 枝江 当阳 老河口 丹江口 广水 安陆 武穴 监利 昆山 张家港 雄安
"""
CITIES = frozenset(_CITIES.split())
"""Cities and prefectures by the names that people say; a few county towns around Wuhan."""
OUTSIDE = spellings(
    """
    香港 澳门
    """
)

GENERIC_SIGNS = 2
"""A name so short (大桥, 二桥) says nothing behind an unknown name: 沌阳大桥 is not the 大桥."""
CROSSING_ENDINGS = ("大桥", "桥", "隧道", "大道", "高架", "立交", "通道")
_FIXED_SIGNS = frozenset("零一二三四五六七八九十大小东西南北中长江汉")
"""Signs that tell places apart; a slip of the finger is never assumed in them."""
_TELLING_SIGNS = frozenset("零一二三四五六七八九十大小东西南北中桥隧道路湖街站口门城区山")
"""Signs that nobody types for another by a slip."""
SHORT_NAME = 4


def spellings_of(name: str) -> tuple[str, ...]:
    """The name with any one sign left open, for slips of the finger; of a short name only in its ending."""
    if len(name) < SHORT_NAME:
        return ()
    first = 2 if len(name) == SHORT_NAME else 0
    return tuple(
        f"{name[:n]}?{name[n + 1 :]}"
        for n, sign in enumerate(name)
        if n >= first and (sign not in _FIXED_SIGNS or first)
    )


def almost(
    text: str, start: int, end: int, slips: Mapping[str, tuple[str, ...]], signs: frozenset[str]
) -> tuple[tuple[str, ...], int, int] | None:
    """The place that a misspelt stretch around [start, end) must mean, and its extent; None in any doubt.

    `signs`: all that names are made of. Of a misspelt name all signs but one are among them.
    """
    found: dict[tuple[int, int], set[tuple[str, ...]]] = {}
    for first in range(max(0, start - 6), end):
        slipped = -1
        for last in range(first + 1, min(len(text), first + 9) + 1):
            if text[last - 1] not in signs:
                if slipped >= 0:
                    break
                slipped = last - 1 - first
            if last < first + SHORT_NAME or last <= start:
                continue
            word = text[first:last]
            for n in (slipped,) if slipped >= 0 else range(last - first):
                if word[n] in _TELLING_SIGNS:
                    continue
                places = slips.get(f"{word[:n]}?{word[n + 1 :]}")
                if places:
                    found.setdefault((first, last), set()).add(places)
    if not found:
        return None
    extent = max(found, key=lambda each: each[1] - each[0])
    meant = found[extent]
    return (next(iter(meant)), *extent) if len(meant) == 1 else None
