"""The site's own words in both languages. Answers about driving are in `told` and `told_english`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Texts:
    """Every fixed sentence of a page. `{…}` is filled in by whoever says it."""

    lang: str
    is_english: bool
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
    danger_injury: str
    danger_crash: str
    nav_home: str
    nav_rules: str
    nav_label: str
    other_language: str
    tones: dict[str, str]
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
    on_the_spot: str
    no_account: str
    in_wechat: str
    unsure: str
    unsure_how: str
    by_day_vehicle: str
    by_day_date: str
    by_day_ask: str
    vehicles: dict[str, str]


VEHICLE_KINDS = ("car", "green", "taxi", "truck")

CHINESE = Texts(
    lang="zh-CN",
    is_english=False,
    home="/",
    question="今天走哪座桥",
    press="点一下车牌最后一位",
    field="或者打字问",
    placeholder="也可以打字，比如：明天 5 长江大桥",
    ask="问",
    begin="点一下车牌最后一位，这里就告诉您今天走哪座桥。",
    letters="尾号是字母的，看字母前面最后一个数字：1234K 按4算，71B2Z 按2算。",
    failed="这会儿查不到，不敢说能走",
    failed_help="您填的没有丢。过一会儿再点一次，或者看路口标志、问民警。",
    again="再查一次",
    danger_injury="有人受伤打",
    danger_crash="交通报警打",
    nav_home="过江",
    nav_rules="规定",
    nav_label="全站",
    other_language="English",
    tones={"may": "能走", "maynot": "不能走", "closed": "封闭", "unknown": "不确定"},
    why="为什么：",
    source="依据：",
    bridge="桥",
    tunnel="隧道",
    no_navigation="示意图，不作导航用。",
    positions="位置参考 © OpenStreetMap contributors",
    ahead="往后14天",
    share="给家人",
    share_open="打开图片",
    share_save="存下来",
    share_alt="当天过江图，图上的话和旁边的文字一样",
    sources="依据和核对",
    sources_lead="每条规定都写明出处和最近核对的日子。",
    all_rules="全部规定，旧的也在",
    on_the_spot="现场有标志或民警指挥时，以现场为准。",
    no_account="不登录，不记您的车牌。",
    in_wechat="在微信里问",
    unsure="说“不确定”的时候",
    unsure_how="是手上的通告没写清楚，或者过期了。不猜，只说怎么走稳妥。",
    by_day_vehicle="车",
    by_day_date="日子",
    by_day_ask="查",
    vehicles={"car": "蓝牌小客车", "green": "绿牌小客车", "taxi": "出租车", "truck": "货车"},
)

ENGLISH = Texts(
    lang="en",
    is_english=True,
    home="/en/",
    question="Which bridge today?",
    press="Press the last digit of your plate",
    field="Or type a question in Chinese",
    placeholder="Or type a plate, or ask in Chinese",
    ask="Ask",
    begin="Press the last digit of your plate, and this page tells you which bridges you may use today.",
    letters="If it ends in a letter, the last digit before it counts: 4 for 1234K, 2 for 71B2Z.",
    failed="We cannot look it up right now, so we do not say that you may drive",
    failed_help="What you entered is not lost. Try again in a while, follow the signs, or ask an officer.",
    again="Try again",
    danger_injury="Somebody hurt:",
    danger_crash="Traffic police:",
    nav_home="Today",
    nav_rules="Rules",
    nav_label="Site",
    other_language="中文",
    tones={"may": "You may drive", "maynot": "No entry", "closed": "Closed", "unknown": "Not certain"},
    why="Why: ",
    source="Rule: ",
    bridge="bridge",
    tunnel="tunnel",
    no_navigation="A sketch, not for navigation.",
    positions="Positions after © OpenStreetMap contributors",
    ahead="The next 14 days",
    share="For the family",
    share_open="Open the picture",
    share_save="Save it",
    share_alt="The day's picture in Chinese; the text beside it says the same",
    sources="Rules and checks",
    sources_lead="Every rule names its source and the day on which it was last checked.",
    all_rules="All rules, former ones too",
    on_the_spot="A sign on the road or an officer's signal comes before anything said here.",
    no_account="No account, and your plate is not kept.",
    in_wechat="In WeChat",
    unsure="When we say “Not certain”",
    unsure_how="The notice at hand is silent, or has run out. We do not guess; we say which way is safe.",
    by_day_vehicle="Vehicle",
    by_day_date="Day",
    by_day_ask="Look up",
    vehicles={"car": "Car, blue plate", "green": "Car, green plate", "taxi": "Taxi", "truck": "Truck"},
)
