"""Kinds of vehicle: 绿牌, 出租车, 轻卡, 9座, 车高3米2, 外地车.

A kind is a set of facts about a car, or several such sets where the word leaves it open (货车).
"""

from __future__ import annotations

import re
from typing import Any

from daxiang.domains.conversation.understanding.normal import number
from daxiang.domains.conversation.understanding.parts import Found, Meaning, Part, Readers, words
from daxiang.domains.restrictions.values import VehicleClass, VehicleUse

Facts = dict[str, Any]
"""Fields of `meaning.Car` and their values."""
Kinds = tuple[Facts, ...]
"""What a word can mean, the likeliest first."""

_C, _U = VehicleClass, VehicleUse
_TABLE: tuple[tuple[Kinds, str], ...] = (
    (
        ({"is_green": True},),
        """
            绿牌 绿牌车 绿牌照 绿牌小车 新能源 新能源车 新能源汽车 电车 纯电 纯电车 纯电动 纯电动车
            电动汽车 绿色车牌 绿车牌 新能源牌照 新能源牌 插混 插电混动 混动绿牌 绿牌的车 绿牌小客车
            绿牌轿车 电动轿车 录牌 律牌 绿牌混动 绿牌插混
        """,
    ),
    (
        ({"is_green": False},),
        """
            蓝牌 蓝牌车 蓝牌照 油车 燃油车 汽油车 蓝色车牌 蓝牌小车 蓝牌小客车 蓝牌轿车 蓝牌的车 兰牌
            兰牌车 烧油的车 烧油的 普通蓝牌
        """,
    ),
    (
        ({"use": _U.TAXI, "vehicle_class": _C.SMALL_PASSENGER},),
        "出租 出租车 的士 计程车 出租汽车 开出租的 的哥 TAXI",
    ),
    (
        ({"use": _U.RIDE_HAILING, "vehicle_class": _C.SMALL_PASSENGER},),
        "网约车 滴滴 滴滴车 专车 快车 顺风车 网约 跑滴滴 跑网约车 开滴滴",
    ),
    (({"use": _U.RENTAL, "vehicle_class": _C.SMALL_PASSENGER},), "租赁车 租来的车 租的车 租车 租赁 共享汽车"),
    (({"use": _U.TRAINING, "vehicle_class": _C.SMALL_PASSENGER},), "教练车 驾校车 驾校的车 教练"),
    (({"use": _U.BUS, "vehicle_class": _C.LARGE_PASSENGER},), "公交 公交车 公共汽车 BUS 城市公交"),
    (
        (
            {"use": _U.SCHOOL_BUS, "vehicle_class": _C.LARGE_PASSENGER},
            {"use": _U.SCHOOL_BUS, "vehicle_class": _C.MEDIUM_PASSENGER},
        ),
        "校车 幼儿园校车 接送车",
    ),
    (
        ({"vehicle_class": _C.SMALL_PASSENGER},),
        """
            小客车 小车 小汽车 轿车 小轿车 私家车 家用车 家用轿车 SUV 越野车 商务车 MPV 面包车 小面包 面包
            五菱 跑车 小型车 小型客车 家庭轿车 自家车 私家小车 代步车 小型轿车 微面 小客
        """,
    ),
    (({"vehicle_class": _C.MEDIUM_PASSENGER},), "中巴 中巴车 中客 中型客车 中型面包 考斯特 中面"),
    (
        ({"vehicle_class": _C.LARGE_PASSENGER},),
        """
            大客 大客车 大巴 大巴车 大型客车 旅游大巴 旅游车 旅游巴士 双层巴士 长途车 班车 大型载客汽车
            客运大巴
        """,
    ),
    (
        (
            {"vehicle_class": _C.SMALL_PASSENGER},
            {"vehicle_class": _C.MEDIUM_PASSENGER},
            {"vehicle_class": _C.LARGE_PASSENGER},
        ),
        "客车 巴士",
    ),
    (
        ({"vehicle_class": _C.LIGHT_TRUCK},),
        """
            轻卡 小货车 小货 轻型货车 轻货 蓝牌货车 小卡 微卡 微货 微型货车 小卡车 皮卡 皮卡车 厢货 小厢货
            厢式货车 面货 蓝牌轻卡 轻型卡车 轻型厢货 小型货车 货拉拉 搬家车 平板货车
        """,
    ),
    (({"vehicle_class": _C.MEDIUM_TRUCK},), "中卡 中型货车 中货 中型卡车"),
    (
        ({"vehicle_class": _C.HEAVY_TRUCK},),
        """
            大货车 大货 重卡 重型货车 大卡车 大卡 泥头车 渣土车 自卸车 黄牌货车 重货 重型卡车 大型货车
            前四后八 后八轮
        """,
    ),
    (
        (
            {"vehicle_class": _C.LIGHT_TRUCK},
            {"vehicle_class": _C.MEDIUM_TRUCK},
            {"vehicle_class": _C.HEAVY_TRUCK},
        ),
        """
            货车 卡车 货运车 拉货的车 拉货车 货柜车 载货汽车 载货车 货运车辆 送货车 冷链车 冷藏车 高栏
            危化品车 油罐车
        """,
    ),
    (
        ({"vehicle_class": _C.SPECIAL},),
        """
            吊车 洒水车 清障车 搅拌车 混凝土车 水泥罐车 工程车 专项作业车 高空作业车 清扫车 环卫车 铲车
            挖掘机 挖机 叉车 专业作业车
        """,
    ),
    (({"vehicle_class": _C.TRAILER},), "挂车 半挂 半挂车 拖挂 全挂车 拖挂房车 半挂货车 牵引车"),
    (
        ({"vehicle_class": _C.MOTORCYCLE},),
        "摩托 摩托车 机车 踏板摩托 踏板车 电摩 电动摩托 轻便摩托 三轮摩托 摩的",
    ),
    (
        ({"is_local": False},),
        """
            外地车 外地牌 外地牌照 外地 外牌 外牌车 外省车 外省 外省牌 外地的车 外地号牌 非本地车 外来车
            外市车 外地来的车 外埠 外埠车
        """,
    ),
    (
        ({"is_local": True},),
        "本地车 本地牌 本地牌照 本地 武汉牌照 武汉车 武汉牌 本地的车 鄂A的车 鄂A牌 本市车 市内车 本埠",
    ),
    (({"vehicle_class": _C.LIGHT_TRUCK}, {"vehicle_class": _C.MEDIUM_TRUCK}), "轻型或中型货车"),
    (
        (
            {"use": _U.TAXI, "vehicle_class": _C.SMALL_PASSENGER},
            {"vehicle_class": _C.LIGHT_TRUCK},
            {"vehicle_class": _C.MEDIUM_TRUCK},
            {"vehicle_class": _C.HEAVY_TRUCK},
        ),
        "出租或货车",
    ),
)


def _kind_words() -> dict[str, Meaning]:
    found: dict[str, Meaning] = {}
    for kinds, spellings in _TABLE:
        found |= words(Part.KIND, kinds, spellings)
    for kinds, spellings in _TABLE:
        if any("vehicle_class" in facts for facts in kinds):
            green: Kinds = tuple(facts | {"is_green": True} for facts in kinds)
            for sign in ("绿牌", "新能源"):
                named = words(Part.KIND, green, " ".join(sign + name for name in spellings.split()))
                found = named | found
    return found


_UNSAID = """
    自行车 单车 共享单车 电动车 电瓶车 电驴 小电驴 电动自行车 三轮车 电三轮 老年代步车 老头乐 拖拉机
    救护车 消防车 警车 房车 残疾人车 残疾车 抢险车 工程抢险车 殡葬车 婚车 军车 押运车 邮政车 快递车 外卖车
    黄牌 黄牌车 临牌 临时牌照 临时牌 临时车牌 临时号牌 白牌 黑牌 教练摩托 马车 人力车 平板车 板车 滑板车
    平衡车 校巴 救援车 拖车 特种车 特种车辆 行人 走路 步行 徒步 跑步 散步
"""
"""What no card has a word for, and who drives nothing: asked, never taken for a small car."""

WORDS = _kind_words() | dict.fromkeys(_UNSAID.split(), (Part.UNREAD, None))

NEGATED: dict[str, dict[bool, Facts]] = {
    "is_green": {True: {"is_green": False}, False: {"is_green": True}},
    "is_local": {True: {"is_local": False}, False: {"is_local": True}},
}
"""不是绿牌, 不是外地车: what is then known."""

_N = "(?:[0-9]{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
_SEATS = re.compile(
    f"(?P<n>{_N})个?(?:座位|人座|座)(?!桥|大桥)(?:的)?(?P<kind>商务车|商务|面包车|面包|客车|车|小客车|轿车|SUV|中巴|大巴)?"
)
_PERSONS = re.compile(f"(?P<n>{_N})个?(?:大人|人)(?![民座行才大])")
MOST_IN_A_CAR = 7
"""Persons that say nothing of the car; more may sit in one of 9 seats, which the tunnels do not take."""
_METRES = "(?P<m>[0-9](?:\\.[0-9]{1,2})?|[一二两三四五])(?:米(?P<cm>[0-9]{1,2}|[一二三四五六七八九])?)"
_HEIGHT = re.compile(
    f"(?:车身?|总|货物)?高度?(?:是|有|大概|大约|约|为|差不多| )*"
    f"(?:{_METRES}|(?P<bare>[1-5]\\.[0-9]{{1,2}}))高?"
)
_HEIGHT_BEHIND = re.compile(f"{_METRES}(?:的)?(?:高|车高)(?:的)?")
_DECIMAL = re.compile("[0-9]{1,2}\\.[0-9]{1,2} ?(?:米|吨|升|公里|[MT](?![A-Z]))")
"""How high, long or heavy is not said: no tail, and nothing to answer by."""
SMALL_SEATS = 9
MEDIUM_SEATS = 19


def _seats(text: str, at: int, limit: int) -> Found | None:
    found = _SEATS.match(text, at, limit)
    if found is None:
        return None
    seats = number(found["n"])
    facts: Facts = {"seats": seats}
    if seats > SMALL_SEATS:
        facts["vehicle_class"] = _C.MEDIUM_PASSENGER if seats <= MEDIUM_SEATS else _C.LARGE_PASSENGER
    elif found["kind"]:
        facts["vehicle_class"] = _C.SMALL_PASSENGER
    return Part.KIND, (facts,), found.end()


def _persons(text: str, at: int, limit: int) -> Found | None:
    """我们9个人: persons are no tail."""
    found = _PERSONS.match(text, at, limit)
    if found is None:
        return None
    return (Part.FILLER if number(found["n"]) <= MOST_IN_A_CAR else Part.UNREAD), None, found.end()


def _height(text: str, at: int, limit: int) -> Found | None:
    found = _HEIGHT.match(text, at, limit)
    return None if found is None else (Part.KIND, ({"height_m": _metres(found)},), found.end())


def _height_behind(text: str, at: int, limit: int) -> Found | None:
    found = _HEIGHT_BEHIND.match(text, at, limit)
    return None if found is None else (Part.KIND, ({"height_m": _metres(found)},), found.end())


def _decimal(text: str, at: int, limit: int) -> Found | None:
    found = _DECIMAL.match(text, at, limit)
    return None if found is None else (Part.UNREAD, None, found.end())


def _metres(found: re.Match[str]) -> float:
    group = found.groupdict()
    if group.get("bare"):
        return float(group["bare"])
    whole, rest = group["m"], group["cm"]
    metres = float(whole) if whole.replace(".", "").isdigit() and whole.isascii() else float(number(whole))
    if rest:
        part = rest if rest.isascii() else str(number(rest))
        metres += int(part) / 10 ** len(part)
    return round(metres, 2)


_BRANDS = re.compile(
    "(?:大众|丰田|本田|别克|宝马|奔驰|奥迪|比亚迪|特斯拉|理想|蔚来|小鹏|问界|五菱宏光|金杯|哈弗|吉利|奇瑞|长安|长城|日产"
    "|现代|起亚|福特|雪佛兰|凯迪拉克|沃尔沃|雷克萨斯|路虎|捷豹|保时捷|马自达|标致|雪铁龙|东风|红旗|领克|极氪|零跑|岚图"
    "|斯柯达|三菱|铃木|传祺|荣威|名爵|小米)[A-Z0-9]{0,5}(?:轿车|汽车)?"
)
"""A brand says nothing that a rule asks for; its model (L7, GL8) must not be taken for a tail."""
_MODEL = re.compile(
    "(?:GL[68]|[CX]R-?V|RAV4|E[ST][5-8]|ID ?[346]|CX ?[45]|MODEL ?[3SXY]|MG ?[456])(?![0-9A-Z])"
)
"""Models that are said without their brand."""


def _brand(text: str, at: int, limit: int) -> Found | None:
    found = _BRANDS.match(text, at, limit)
    return None if found is None else (Part.FILLER, None, found.end())


def _model(text: str, at: int, limit: int) -> Found | None:
    found = _MODEL.match(text, at, limit)
    return None if found is None else (Part.FILLER, None, found.end())


READERS: Readers = {
    "GCXREIM": _model,
    "大丰本别宝奔奥比特理蔚小问五金哈吉奇长日现起福雪凯沃雷路捷保马标东红领极零岚斯三铃传荣名": _brand,
    "0123456789一二两三四五六七八九十": lambda text, at, limit: (
        _seats(text, at, limit)
        or _persons(text, at, limit)
        or _height_behind(text, at, limit)
        or _decimal(text, at, limit)
    ),
    "车总货高": _height,
}
