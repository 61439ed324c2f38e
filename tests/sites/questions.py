"""Questions as people ask them, each at its instant: what the page is held to, against the chat."""

from __future__ import annotations

from datetime import datetime

from daxiang.kernel.clock import SHANGHAI


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


TUESDAY = _at("2026-11-24 08:10")
NIGHT = _at("2026-11-26 00:20")

ABOUT_DRIVING = (
    ("5", TUESDAY),
    ("6", TUESDAY),
    ("5", NIGHT),
    ("5 6", TUESDAY),
    ("尾号5 明天后天", TUESDAY),
    ("明天 5 长江大桥", TUESDAY),
    ("后天5 早高峰", TUESDAY),
    ("鄂a·１２３４k", TUESDAY),
    ("鄂AD12345", TUESDAY),
    ("二桥 5", TUESDAY),
    ("12", TUESDAY),
    ("9座商务车 尾号5 去武昌", TUESDAY),
    ("尾号6 武昌到汉口怎么走", TUESDAY),
    ("轻卡 去汉口送货", _at("2026-11-25 23:30")),
    ("长江隧道现在开着没 尾号5", NIGHT),
    ("公铁隧道现在开着没 尾号5", NIGHT),
    ("1月5号 6 大桥", _at("2026-11-23 20:00")),
    ("明天星期六 5 過長江大橋限不限", _at("2026-10-09 18:00")),
    ("大桥  ５  现在走得吗", _at("2026-10-03 10:00")),
    ("明天去东湖磨山，尾号5限不限", _at("2026-11-27 21:00")),
)
NOT_ABOUT_DRIVING = ("K", "我被撞了", "谢谢", "随便说说", "去北京", "你们就知道罚款 狗东西", "着火了")
