"""Random rules, and the notice that a town would write of them: the way back that a draft must find.

Shares nothing with the reader but the words of the card language; the town is invented.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

TITLE = "清河市公安局关于部分道路机动车通行管理的通告"
ISSUER = "清河市公安局"
_DAYS: dict[tuple[str, str], tuple[str, ...]] = {
    ("每日", ""): ("daily",),
    ("工作日", ""): ("workday",),
    ("每周工作日", ""): ("workday",),
    ("星期一至星期五", "法定节假日除外"): ("workday",),
    ("周一至周五", "法定节假日不限行"): ("workday",),
    ("每日", "法定节假日和休息日除外"): ("workday",),
    ("每天", "双休日、法定节假日除外"): ("workday",),
    ("每日", "法定节假日除外"): ("workday", "weekend"),
    ("公休日、法定节假日", ""): ("weekend", "holiday"),
    ("每周六、周日", ""): ("saturday", "sunday"),
}
_MAKEUP = {
    "调休上班的星期六、星期日照常限行": "restricted",
    "因节假日调休上班的周六、周日不限行": "free",
    "节假日调休上班的，按对应调休的工作日限行": "as_weekday",
    "": "unknown",
}
_CLASSES = {
    "小型、微型载客汽车": ("small_passenger",),
    "小客车": ("small_passenger",),
    "中型（含）以下载客汽车": ("small_passenger", "medium_passenger"),
    "大型载客汽车": ("large_passenger",),
    "载货汽车": ("light_truck", "medium_truck", "heavy_truck"),
    "轻型载货汽车": ("light_truck",),
    "中型（含）以上载货汽车": ("medium_truck", "heavy_truck"),
    "载货汽车、专项作业车、挂车、摩托车": (
        "light_truck",
        "medium_truck",
        "heavy_truck",
        "special",
        "motorcycle",
        "trailer",
    ),
}
_SEATS: dict[str, dict[str, int]] = {
    "": {},
    "7座（含）以下": {"seats_at_most": 7},
    "9座及以下": {"seats_at_most": 9},
    "10座（含）以上": {"seats_at_least": 10},
}
_FROM: dict[str, dict[str, Any]] = {
    "": {},
    "本市号牌": {"origin": "local"},
    "外地号牌": {"origin": "non_local"},
    "非本市号牌": {"origin": "non_local"},
    "本市及外地号牌": {},
    "川A、川G号牌": {"plates": ["川A", "川G"]},
    "非鲁A、鲁S号牌": {"not_plates": ["鲁A", "鲁S"]},
}
_ONE_KIND = frozenset(_CLASSES) - {"载货汽车、专项作业车、挂车、摩托车"}
"""Of several kinds a bound before them can be about the first alone; that is a person's to decide."""
_USES = {
    "出租汽车": "taxi",
    "公交车": "bus",
    "校车": "school_bus",
    "邮政专用车": "mail",
    "环卫车": "sanitation",
    "教练车": "training",
    "消防车": "rescue",
    "制式执法车": "enforcement",
}
_LETTERS = {
    "尾号为英文字母的按0号管理": "zero",
    "尾号为英文字母的，以最后一位阿拉伯数字为准": "last_digit_before",
    "车牌尾号为字母的，按字母前最后一位阿拉伯数字计算": "last_digit_before",
    "尾号为英文字母的视为双号": "even",
    "": "unknown",
}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
_SIGNS = "一二三四五"


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A notice, and the fields of the draft that it must give."""

    text: str
    clause: dict[str, Any]
    validity: dict[str, Any]
    document_no: str
    sanction: dict[str, Any] | None


Tail = tuple[str, dict[str, Any]]


@st.composite
def tails(draw: Callable[[Any], Any]) -> Tail:
    """A sentence about tails, and `[clause.tail]` without its letters."""
    kind = draw(st.sampled_from(["parity", "each", "spread", "backward", "groups", "rotation", "all"]))
    pairs = [tuple(draw(st.permutations(range(10)))[at : at + 2]) for at in range(0, 10, 2)]
    named = {word: list(pair) for word, pair in zip(_WEEKDAYS, pairs, strict=True)}
    if kind == "all":
        return "", {"rule": "all"}
    if kind == "parity":
        return "按车牌尾号实行单双号限行，单日单号通行、双日双号通行", {"rule": "parity"}
    week = draw(st.sampled_from(["星期", "周"]))
    link = draw(st.sampled_from(["和", "、", "与"]))
    if kind == "each":
        mark = draw(st.sampled_from(["；", "，"]))
        said = mark.join(
            f"{week}{sign}限行尾号{link.join(map(str, pair))}"
            for sign, pair in zip(_SIGNS, pairs, strict=True)
        )
        return said, {"rule": "weekday_pairs", "pairs": named}
    if kind == "backward":
        said = "，".join(
            f"尾号为{link.join(map(str, pair))}的{week}{sign}停驶"
            for sign, pair in zip(_SIGNS, pairs, strict=True)
        )
        return said, {"rule": "weekday_pairs", "pairs": named}
    spread = "、".join(f"{one}和{other}" for one, other in pairs)
    if kind == "spread":
        return f"星期一至星期五分别限行尾号{spread}", {"rule": "weekday_pairs", "pairs": named}
    if kind == "groups":
        tails_at = draw(st.integers(1, 5))
        dates = [day for day in range(1, 32) if day % 5 == tails_at % 5]
        listed = "、".join(f"{day}日" for day in dates)
        group = {"tails": list(pairs[0]), "dates": dates}
        return f"尾号为{pairs[0][0]}、{pairs[0][1]}的每月{listed}限行", {
            "rule": "date_groups",
            "group": [group],
        }
    first = date(2026, 3, 30)
    last = first + timedelta(days=90)
    later = last + timedelta(days=91)
    turned = dict(zip(_WEEKDAYS, [named[word] for word in (*_WEEKDAYS[1:], _WEEKDAYS[0])], strict=True))
    moved = "、".join(f"{one}和{other}" for one, other in turned.values())
    said = (
        f"自{_day(first)}至{_day(last)}，星期一至星期五限行车牌尾号分别为：{spread}；"
        f"自{_day(last + timedelta(days=1))}至{_day(later)}，星期一至星期五限行车牌尾号分别为：{moved}"
    )
    periods = [
        {"from": first, "to": last, **named},
        {"from": last + timedelta(days=1), "to": later, **turned},
    ]
    return said, {"rule": "rotation", "period": periods}


@st.composite
def hours(draw: Callable[[Any], Any]) -> tuple[str, list[str]]:
    """One window or two, or the whole day, in one of the spellings."""
    if draw(st.integers(0, 5)) == 0:
        return "全天", ["all_day"]
    points = sorted(draw(st.sets(st.integers(1, 47), min_size=2, max_size=2)))
    pairs = [points]
    if draw(st.booleans()):
        more = sorted(draw(st.sets(st.integers(1, 47), min_size=4, max_size=4)))
        pairs = [more[:2], more[2:]]
    spell = draw(st.sampled_from([_chinese, _colon, _dot]))
    to = draw(st.sampled_from(["至", "—", "到"]))
    said = draw(st.sampled_from(["、", "，"])).join(f"{spell(one)}{to}{spell(other)}" for one, other in pairs)
    return said, [f"{_card(one)}-{_card(other)}" for one, other in pairs]


def _chinese(half: int) -> str:
    return f"{half // 2}时{'30分' if half % 2 else ''}"


def _colon(half: int) -> str:
    return f"{half // 2}:{'30' if half % 2 else '00'}"


def _dot(half: int) -> str:
    return f"{half // 2}点{'半' if half % 2 else ''}"


def _card(half: int) -> str:
    return f"{half // 2:02}:{'30' if half % 2 else '00'}"


@st.composite
def notices(draw: Callable[[Any], Any]) -> Rendered:
    """A whole notice in one of two layouts."""
    (said_days, out), days = draw(st.sampled_from(sorted(_DAYS.items())))
    makeup_said, makeup = draw(st.sampled_from(sorted(_MAKEUP.items())))
    if days == ("daily",):
        makeup_said, makeup = "", "restricted"
    said_hours, windows = draw(hours())
    vehicles, classes = draw(st.sampled_from(sorted(_CLASSES.items())))
    said_seats, seats = draw(st.sampled_from(sorted(_SEATS.items())))
    said_from, plates = draw(st.sampled_from(sorted(_FROM.items())))
    if vehicles not in _ONE_KIND:
        said_seats, seats, said_from, plates = "", {}, "", {}
    said_tail, tail = draw(tails())
    if tail["rule"] in ("weekday_pairs", "rotation") and "workday" not in days:
        said_days, out, days = "工作日", "", ("workday",)
        makeup_said, makeup = "", "unknown"
    said_letter, letter = (
        draw(st.sampled_from(sorted(_LETTERS.items()))) if tail["rule"] != "all" else ("", None)
    )
    uses = draw(st.lists(st.sampled_from(sorted(_USES)), unique=True, max_size=4))
    green_said, green = draw(st.sampled_from([("新能源汽车", True), ("", "unknown")]))
    free = [*uses, *([green_said] if green_said else [])]
    whom = f"{said_from}{'的' if said_from else ''}{said_seats}{vehicles}"
    when = f"{said_days}{said_hours}{f'（{out}）' if out else ''}"
    if draw(st.booleans()):
        lines = [
            f"限行时间：{when}" + (f"；{makeup_said}" if makeup_said else ""),
            f"限行车辆：{whom}",
            *([f"限行措施：{said_tail}"] if said_tail else ["限行措施：禁止通行"]),
            *([said_letter] if said_letter else []),
            *([f"下列车辆不受上述措施限制：{'、'.join(free)}"] if free else []),
        ]
    else:
        ban = f"，{said_tail}" if said_tail else "禁止通行"
        lines = [
            f"{when}，{whom}{ban}",
            *([makeup_said] if makeup_said else []),
            *([said_letter] if said_letter else []),
            *([f"{'、'.join(free)}除外"] if free else []),
        ]
    validity_said, validity = draw(_validity())
    sanction_said, sanction = draw(_sanctions())
    number = f"清公交通〔{draw(st.integers(2010, 2026))}〕{draw(st.integers(1, 99))}号"
    lines += [*([sanction_said] if sanction_said else []), validity_said]
    numbered = [f"{sign}、{line}。" for sign, line in zip("一二三四五六七八", lines, strict=False)]
    text = "\n".join([TITLE, number, "为保障道路安全畅通，现通告如下：", *numbered, ISSUER, "2026年1月5日"])
    who = {
        "classes": list(classes),
        "exempt_uses": sorted(_USES[one] for one in uses),
        "exempt_new_energy": green,
        **seats,
        **plates,
    }
    tail = tail if letter is None else tail | {"letter": letter}
    clause = {"days": list(days), "makeup_workday": makeup, "hours": windows, "who": who, "tail": tail}
    return Rendered(text=text, clause=clause, validity=validity, document_no=number, sanction=sanction)


@st.composite
def _validity(draw: Callable[[Any], Any]) -> tuple[str, dict[str, Any]]:
    start = draw(st.dates(date(2018, 1, 1), date(2027, 12, 31)))
    since = _midnight(start)
    kind = draw(st.sampled_from(["open", "until", "years", "hour"]))
    if kind == "open":
        return f"本通告自{_day(start)}起施行，至另行通知为止", {"from": since, "until": "further_notice"}
    if kind == "years":
        start = start.replace(day=min(start.day, 28))
        since = _midnight(start)
        end = since.replace(year=since.year + 2)
        return f"本通告自{_day(start)}起施行，有效期二年", {"from": since, "until": end}
    last = start + timedelta(days=draw(st.integers(1, 400)))
    end = _midnight(last) + timedelta(days=1)
    if kind == "hour":
        end += timedelta(hours=14 - 24)
        return f"本通告执行时间自{_day(start)}7时至{_day(last)}14时", {
            "from": since + timedelta(hours=7),
            "until": end,
        }
    return f"本通告执行时间自{_day(start)}至{_day(last)}", {"from": since, "until": end}


@st.composite
def _sanctions(draw: Callable[[Any], Any]) -> tuple[str, dict[str, Any] | None]:
    kind = draw(st.sampled_from(["none", "fine", "points", "warned"]))
    if kind == "none":
        return "", None
    fine = draw(st.sampled_from([100, 200, 50]))
    law = "《中华人民共和国道路交通安全法》第九十条"
    row = {"kind": "fine", "fine_fen": fine * 100, "legal_basis": law}
    if kind == "fine":
        return f"违反本通告的，依据{law}，处以{fine}元罚款", row
    if kind == "points":
        points = draw(st.sampled_from([1, 3]))
        return f"违反禁令标志的，依据{law}罚款{fine}元，记{points}分", row | {"points": points}
    return f"首次违反的给予警告，再次违反的，依据{law}处{fine}元罚款", row | {"warn_first": 1}


def _midnight(day: date) -> datetime:
    """Naive, as a card is written."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
