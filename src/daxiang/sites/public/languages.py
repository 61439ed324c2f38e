"""The site's own words, both languages side by side. Answers about driving: `told` and `told_english`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Texts:
    """Every fixed sentence of a page. `{…}` is filled in by whoever says it."""

    lang: str
    is_english: bool
    tones: Mapping[str, str]
    vehicles: Mapping[str, str]
    home: str
    question: str
    press: str
    field: str
    placeholder: str
    ask: str
    begin: str
    letters: str
    failed: str
    failed_help: str
    again: str
    answered: str
    undecided: str
    elsewhere: str
    danger_injury: str
    danger_crash: str
    nav_home: str
    nav_rules: str
    nav_cities: str
    nav_label: str
    other_language: str
    why: str
    source: str
    bridge: str
    tunnel: str
    no_navigation: str
    positions: str
    ahead: str
    share: str
    share_open: str
    share_save: str
    share_alt: str
    sources: str
    sources_lead: str
    all_rules: str
    all_cities: str
    on_the_spot: str
    no_account: str
    in_wechat: str
    unsure: str
    unsure_how: str
    by_day_vehicle: str
    by_day_date: str
    by_day_ask: str


VEHICLE_KINDS = ("car", "green", "taxi", "truck")

_TONES = {
    "may": ("能走", "You may drive"),
    "maynot": ("不能走", "No entry"),
    "closed": ("封闭", "Closed"),
    "unknown": ("不确定", "Not certain"),
}
_VEHICLES = {
    "car": ("蓝牌小客车", "Car, blue plate"),
    "green": ("绿牌小客车", "Car, green plate"),
    "taxi": ("出租车", "Taxi"),
    "truck": ("货车", "Truck"),
}
_SAID = {
    "home": ("/", "/en/"),
    "question": ("今天走哪座桥", "Which bridge today?"),
    "press": ("点一下车牌最后一位", "Press the last digit of your plate"),
    "field": ("或者打字问", "Or ask in your own words"),
    "placeholder": ("比如：明天 5 长江大桥", "e.g. plate 5, Saturday"),
    "ask": ("问", "Ask"),
    "begin": (
        "点一下车牌最后一位，这里就告诉您今天走哪座桥。",
        "Press the last digit of your plate, and this page tells you which bridges you may use today.",
    ),
    "letters": (
        "尾号是字母的，看字母前面最后一个数字：1234K 按4算，71B2Z 按2算。",
        "If it ends in a letter, the last digit before it counts: 4 for 1234K, 2 for 71B2Z.",
    ),
    "failed": (
        "这会儿查不到，不敢说能走",
        "We cannot look it up right now, so we do not say that you may drive",
    ),
    "failed_help": (
        "您填的没有丢。过一会儿再点一次，或者看路口标志、问民警。",
        "What you entered is not lost. Try again in a while, follow the signs, or ask an officer.",
    ),
    "again": ("再查一次", "Try again"),
    "answered": ("回答", "Answer"),
    "undecided": (
        "还没问清楚，先都画成不确定",
        "Not clear yet what is meant, so all is drawn as not certain",
    ),
    "elsewhere": (
        "问的是别的城市，本地的桥和隧道先不标",
        "You asked about another city, so our own crossings are not marked",
    ),
    "danger_injury": ("有人受伤打", "Somebody hurt:"),
    "danger_crash": ("交通报警打", "Traffic police:"),
    "nav_home": ("过江", "Today"),
    "nav_rules": ("规定", "Rules"),
    "nav_cities": ("各地", "Cities"),
    "nav_label": ("全站", "Site"),
    "other_language": ("English", "中文"),
    "why": ("为什么：", "Why: "),
    "source": ("依据：", "Rule: "),
    "bridge": ("桥", "bridge"),
    "tunnel": ("隧道", "tunnel"),
    "no_navigation": ("示意图，不作导航用。", "A sketch, not for navigation."),
    "positions": (
        "位置参考 ©\u00a0OpenStreetMap\u00a0contributors",
        "Positions after ©\u00a0OpenStreetMap\u00a0contributors",
    ),
    "ahead": ("往后14天", "The next 14 days"),
    "share": ("给家人", "For the family"),
    "share_open": ("打开图片", "Open the picture"),
    "share_save": ("存下来", "Save it"),
    "share_alt": (
        "当天过江图，图上的话和旁边的文字一样",
        "The day's picture in Chinese; the text beside it says the same",
    ),
    "sources": ("依据和核对", "Rules and checks"),
    "sources_lead": (
        "每条规定都写明出处和最近核对的日子。",
        "Every rule names its source and the day on which it was last checked.",
    ),
    "all_rules": ("全部规定，旧的也在", "All rules, former ones too"),
    "all_cities": ("各地限行", "Other cities, in Chinese"),
    "on_the_spot": (
        "现场有标志或民警指挥时，以现场为准。",
        "A sign on the road or an officer's signal comes before anything said here.",
    ),
    "no_account": ("不登录，不记您的车牌。", "No account, and your plate is not kept."),
    "in_wechat": ("在微信里问", "In WeChat"),
    "unsure": ("说“不确定”的时候", "When we say “Not certain”"),
    "unsure_how": (
        "是手上的通告没写清楚，或者过期了。不猜，只说怎么走稳妥。",
        "The notice at hand is silent, or has run out. We do not guess; we say which way is safe.",
    ),
    "by_day_vehicle": ("车", "Vehicle"),
    "by_day_date": ("日子", "Day"),
    "by_day_ask": ("查", "Look up"),
}
"""Field of `Texts` -> its Chinese and its English."""


def _column(table: Mapping[str, tuple[str, str]], number: int) -> dict[str, str]:
    return {name: said[number] for name, said in table.items()}


def _texts(number: int, lang: str) -> Texts:
    return Texts(
        lang=lang,
        is_english=lang == "en",
        tones=_column(_TONES, number),
        vehicles=_column(_VEHICLES, number),
        **_column(_SAID, number),
    )


CHINESE, ENGLISH = _texts(0, "zh-CN"), _texts(1, "en")
