"""What the account says where no rule has to be asked: short, warm, exact.

Danger words are answered from here alone, so that they are answered whatever else is out of order.
"""

from __future__ import annotations

import re

from daxiang.domains.conversation.meaning import Danger
from daxiang.domains.restrictions.values import VehicleClass

DIGITS = tuple("0123456789")

_CALL = {
    Danger.FIRE: "着火打119",
    Danger.WATER: "水里救人打119",
    Danger.CRIME: "有人行凶打110",
    Danger.INJURY: "马上打120，再打122",
    Danger.CRASH: "有人受伤：马上打120，再打122",
    Danger.BREAKDOWN: "车坏在路上：打122；有人受伤打120",
    Danger.HAZARD: "路上有危险：打122；有人受伤打120",
}
_DO = {
    Danger.FIRE: "人离开车，走远些，别回去拿东西，别开引擎盖。",
    Danger.WATER: (
        "在车里：解安全带，开侧窗出来；打不开就砸侧窗的角。\n在岸上：别下水，扔绳子、长杆、救生圈。"
    ),
    Danger.CRIME: "先到人多的地方，别和对方争。",
    Danger.INJURY: "别移动伤者，车别动，守住现场，开双闪。",
    Danger.CRASH: "没人受伤：开双闪，人先到路边安全的地方。\n您现在是哪一种？",
    Danger.BREAKDOWN: (
        "开双闪，人到护栏外或路边安全的地方，别留在车里，别站在车道上。\n"
        "三角牌放车后50到100米；高速路上放150米外，人别走回头路。\n"
        "告诉122：在哪座桥、哪条隧道、往哪个方向。"
    ),
    Danger.HAZARD: (
        "慢下来，离远些，别停在车道上，别下车去捡、去拦。\n告诉122：在哪条路、往哪个方向、看到了什么。"
    ),
}
_AGAIN = "打不通就接着打，也可以打110请他们帮忙。"
_DIALLED = {
    "120": f"说清在哪里、几个人、伤得怎样。别移动伤者，车别动，开双闪。\n是交通事故，再打122。\n{_AGAIN}",
    "119": f"说清在哪里、烧的是什么。\n人离开车，走远些，别回去拿东西。有人受伤再打120。\n{_AGAIN}",
    "110": "说清在哪里、出了什么事。\n先到人多的地方，别和对方争。有人受伤再打120。\n打不通就接着打。",
    "122": (
        "说清在哪里、往哪个方向、有没有人受伤；有人受伤先打120。\n"
        f"开双闪，人到护栏外或路边，别站在车道上。\n{_AGAIN}"
    ),
}
"""What to say to whom, for whoever typed the number here instead of dialling it."""
_IN_ENGLISH = {"119": "fire", "110": "police", "120": "ambulance", "122": "traffic police"}
_NUMBER = re.compile("11[09]|12[02]")
_BOTH = "马上打110和120。\n先顾好自己，站到安全的地方；能看着人就看着，等民警和救护车来。"
_SAY_BOTH_NUMBERS = {Danger.INJURY, Danger.CRASH, Danger.BREAKDOWN, Danger.HAZARD}
CRASH_CHOICES = ("有人受伤", "没人受伤，车能动", "没人受伤，车动不了")


def danger(dangers: frozenset[Danger], *, dialled: str = "", is_english: bool = False) -> str:
    """What to do now: every number on the first line, then the first steps for each danger.

    `dialled`: the number was typed, and this account can call nobody: it says so.
    """
    if dialled in _DIALLED:
        return f"请用电话直接打{dialled}，我这里不能替您打。\n{_DIALLED[dialled]}"
    said = _danger(dangers)
    if not is_english:
        return said
    numbers = dict.fromkeys(_NUMBER.findall(said.split("\n")[0]))
    return f"{said}\nCall {', '.join(f'{number} ({_IN_ENGLISH[number]})' for number in numbers)}."


def _danger(dangers: frozenset[Danger]) -> str:
    present = [kind for kind in _CALL if kind in dangers]
    if Danger.INJURY in present and Danger.CRASH in present:
        present.remove(Danger.CRASH)
    if dangers == {Danger.INJURY, Danger.CRIME}:
        return _BOTH  # somebody is in danger of her life, by another's hand or her own: nothing is presumed
    calls = [_CALL[kind] for kind in present]
    if not dangers & _SAY_BOTH_NUMBERS:
        calls.append("有人受伤打120，交通报警打122")
    first = "；".join(calls) + "。"
    if present == [Danger.CRASH]:
        first += "车别动，守住现场。"
    return "\n".join([first, *(_DO[kind] for kind in present)])


def danger_choices(dangers: frozenset[Danger]) -> tuple[str, ...]:
    """What is asked next: only after a crash of which no more is known."""
    return CRASH_CHOICES if dangers == {Danger.CRASH} else ()


EMERGENCY_LINE = "有人受伤打120，交通报警打122。"

CRASH_UNHURT = (
    "有人受伤马上打120，再打122。人没事就好，车还能不能开？\n开双闪，人先到路边安全的地方，别站在车道上。"
)
CRASH_CAN_MOVE = (
    "人没事就好；谁不舒服，马上打120、122。先拍，再挪：\n"
    "1 拍三张：车前、车后、碰到的地方，车牌要看得清。\n"
    "2 马上把车挪到不挡路的地方。\n"
    "3 互相看驾驶证和保险，记下姓名、电话、保单号。\n"
    "对方喝了酒、没驾照、没车牌，或者要走：别挪车，打122。\n"
    "挪好车还谈不拢：打122。"
)
CRASH_STUCK = (
    "车动不了：打122报警，有人不舒服马上打120。\n"
    "开双闪，人到护栏外或路边，别留在车里。\n"
    "三角牌放车后50到100米；高速路上放150米外，人别走回头路。\n"
    "拍三张：车前、车后、碰到的地方，车牌要看得清。"
)
CRASH_MOVE_CHOICES = ("没人受伤，车能动", "没人受伤，车动不了", "有人受伤")
CRASH_LAST_CHOICES = ("有人不舒服",)


def welcome(account_name: str) -> str:
    return (
        f"您好，这里是{account_name}。\n"
        "点一下您车牌的最后一位（是字母就点它前面的数字），我告诉您今天怎么过江：\n"
        "也可以打字、说话、发位置，比如“明天 5 长江大桥”。\n"
        f"{EMERGENCY_LINE}"
    )


def stranger(account_name: str) -> str:
    """The internal account's one line for whoever is not bound."""
    return (
        f"这里是{account_name}内部号，只对本单位民警开放。\n"
        f"您要办事、查路，请关注“{account_name}”服务号。\n{EMERGENCY_LINE}"
    )


ASK_TAIL = "点一下您车牌的最后一位（是字母就点它前面的数字）："
ASK_FACT = "告诉我一声，比如“9座”“车高2米5”“外地车”。"
FACT_NAMES = {"tail": "尾号", "seats": "座位数", "height_m": "车高", "is_local": "是本地车还是外地车"}
LETTER = (
    "尾号是字母的，看字母前面最后一个数字。\n"
    "比如 1234K 按4算，71B2Z 按2算。\n"
    "点一下那个数字，或者把车牌发给我："
)
NOT_UNDERSTOOD = "这句我没看懂，对不住。\n想知道今天怎么过江，点一下您车牌的最后一位就行：\n" + EMERGENCY_LINE
NOT_UNDERSTOOD_TWICE = (
    "还是没看懂，对不住。您是不是想问下面这两样？点一下就行。\n都不是的话，给民警留言，我们会看。\n"
    + EMERGENCY_LINE
)
NOT_UNDERSTOOD_TWICE_ALONE = (
    "还是没看懂，对不住。您是不是想问下面这两样？点一下就行。\n也可以只发车牌的最后一位。\n" + EMERGENCY_LINE
)
NOT_HEARD = "这句我没听清，对不住。点一下您的尾号就行："
THANKS = "不客气，路上慢点。"
THANKS_MENU = "不客气，路上慢点。\n下次点菜单“今天能走”就行，不用打字。"
BYE = "再见，路上慢点。"
OTHER_PLATE = (
    "不确定：{plate} 这种号牌是什么车，光看号码分不出来，我不敢说能不能走。\n"
    "告诉我是客车还是货车；或者看桥头的标志，打122问民警。"
)
UNREAD_VEHICLE = (
    "{words}是什么车、拉什么，我没看懂，不敢照小客车答。\n"
    "是小客车还是货车？告诉我，我再答。\n"
    "别的车请看桥头、隧道口的标志，或者问民警。"
)
"""Words that may name a vehicle were not read: no verdict, because a small car's would be wrong."""
UNREAD_DAY = (
    "{words}是哪一天、几点，我没看懂，怕答错了日子。\n"
    "告诉我一个日子，比如“明天”“周六”“12月3日晚上10点”；几天的话，一天一天问我。"
)
"""The day or the hour was not read: no verdict of today."""
DAYS = ("今天", "明天", "后天")
UNREAD_EXCLUSION = "{words}我没看懂，怕答反了。\n请把要走的桥或隧道直接发给我，比如“5 长江二桥”。"
UNREAD_PERSONS = "{words}坐的车是几座的？我没听到，不敢照小客车答。\n告诉我座位数，比如“7座”“12座”，我再答。"
"""So many people may sit in more than a small car: the seats decide."""
NO_CAR = {
    "foot": "走路怎么过江，我这里没有录入。\n桥上、隧道口能不能走人，请看那里的标志，或者问民警。",
    "cycle": "自行车、电动车、三轮车怎么过江，我这里没有录入。\n请看桥头、隧道口的标志，或者问民警。",
    "emergency": (
        "警车、消防车、救护车、工程救险车执行紧急任务时，确保安全的前提下，不受行驶路线、方向、速度和信号灯限制"
        "（道路交通安全法第53条）。\n没有紧急任务时，请看桥头、隧道口的标志。"
    ),
    "ferry": "轮渡几点开、多少钱，我这里没有录入，请问轮渡公司。\n开车过江，发尾号给我就行。",
    "army": "军车怎么走，我这里没有录入，不敢照小客车答。\n请看桥头、隧道口的标志，听现场民警指挥。",
}
"""Who drives no car of the cards."""
NO_CAR_HERE = {
    ("wuhan", "foot"): (
        "走路不能进隧道：长江隧道、公铁隧道、东湖隧道只准9座以下小客车。\n"
        "桥上能不能走人，我这里没有录入，请看桥头的标志。"
    ),
    ("wuhan", "cycle"): (
        "长江大桥、江汉桥全天禁止非机动车（自行车、电动自行车、人力三轮车），过江隧道也不准进。\n"
        "别的桥请看桥头的标志。是绿牌的电动汽车，就告诉我“绿牌”和尾号。"
    ),
}
"""As far as a city has it on record: of Wuhan the signs on the two bridges and the tunnels' rule."""
GREEN_CAR = ("是绿牌",)
UNREAD_WORDS = (
    "{words}我没看懂，怕答错了，先不说能不能走。\n"
    "请这样发给我：尾号、哪一天几点、哪座桥，比如“尾号5 明天晚上10点 长江大桥”。"
)
"""English or a number was not read: it may be the day, the hour or the car."""
KINDS_OF_CAR = ("是小客车", "是货车")
KINDS_OF_LARGE = ("是大客车", "是货车")
OTHER_CITY = (
    "{city}不确定：那边的限行规定我这里还没有录入，不敢说能走。\n"
    "出发前看一下{city}交警的通告；外地车进城常有另外的规定，拿不准就停在城外换公交。\n"
    "{home}怎么过江，我现在就能答。"
)
SEND_PLATE = "{city}对这种号牌另有规定，请连城市一起把车牌发给我，比如“{example}”，我再答。"
OTHER_CITYS_PLACE = (
    "{city}的{words}不确定：这个地方我这里没有录入，不敢说能走。\n"
    "到那里请看路口标志；只问{city}，点下面这一个。"
)
SOMEBODY_ELSES_CAR = (
    "违法记录只给车主本人看，车主的电话我不能给。\n"
    "是您自己的车：可在“交管12123”里绑定后查看。\n"
    "是别人的车挡了您的路：可用“交管12123”的一键挪车。"
)
VIOLATIONS = (
    "这里还不能查违法。请用“交管12123”查看、处理或申诉；\n"
    "对处罚不服的，也可以带上材料到处理违法的大队窗口当面说。"
)
AREA_UNKNOWN = "“{area}”在不在限行的地方里，我这里没有记，请看路口标志。只说限行的地方："
ALERT = (
    "重污染预警期间，{city}常有另外的限行，比平时更严，我这里不敢说能走。\n"
    "当天怎么限，请看{city}交警和生态环境局的通告；拿不准，请按不能走安排。"
)
OWN_VIOLATIONS = "自己有没有违法，请用“交管12123”查看；对处罚不服，可以申诉。"
INSPECTION = "年检的日子以行驶证上写的为准。这里还不能替您算；请用“交管12123”查看和预约。"
ABUSE = "听得出您很恼火。是哪件事没办好？告诉我，我帮您看看怎么走。"
ROAD_FAULT_ALONE = (
    "谢谢您告诉我们。路上的坑、坏了的灯、丢了的井盖，会伤到人、挡着车道的，现在就打122。\n"
    "说清是哪条路、靠近哪个路口、往哪个方向。您先慢行，从旁边绕过去。"
)
ROAD_FAULT = f"{ROAD_FAULT_ALONE}\n不急的，给民警留言，写清地方，我们会看。"
"""There is no report of a road fault yet; messages to the officers are read."""
HUMAN = "您想问什么，打在一条消息里发给我，民警看得到，您会拿到一个编号。"
HUMAN_ELSEWHERE = "这里还不能转给民警。急事打122；业务上的事请到交警大队窗口问。"

SICK = re.compile(r"看病|急诊|医院|发烧|生病|生孩子|要生了|病人")

CLASS_CHOICES = {
    VehicleClass.LIGHT_TRUCK: "轻型货车",
    VehicleClass.MEDIUM_TRUCK: "中型货车",
    VehicleClass.HEAVY_TRUCK: "重型货车",
    VehicleClass.SMALL_PASSENGER: "小客车",
    VehicleClass.MEDIUM_PASSENGER: "中型客车",
    VehicleClass.LARGE_PASSENGER: "大客车",
}


def hour_choice(minute: int) -> str:
    """上午10:30, 晚上10:30: an hour that a tap can say without doubt."""
    of_day = minute % 1440
    hour, rest = divmod(of_day, 60)
    part = "凌晨" if hour < 6 else "上午" if hour < 12 else "下午" if hour < 18 else "晚上"
    shown = hour if hour <= 12 else hour - 12
    return f"{part}{shown}点{'半' if rest == 30 else f'{rest}分' if rest else ''}"
