"""Danger in a text: crash, injury, fire, crime, in whatever spelling. Needs nothing but the text.

In doubt it is danger: a number too many costs a glance, one too few may cost a life. Words that only sound
so (撞色, 火锅, 打车) are taken out first. Talk of prevention silences a crash, and nothing that is graver.
"""

from __future__ import annotations

import re

from daxiang.domains.conversation.meaning import Danger, InCrash, InDanger
from daxiang.domains.conversation.understanding import danger_words as told
from daxiang.domains.conversation.understanding import english
from daxiang.domains.conversation.understanding.normal import bare, normal

_SIGNS = re.compile(
    "[撞追翻祸故刮剐蹭擦碰挂怼坠掉落失冲沟肇逃压轧碾辗伤商血昏晕克醒识觉吸喘脉断咽奄沫搐癫痫梗脏暑毒折"
    "骨瘫困夹卷救命死亡舒胸羊产杀轻跳活割药吊短淹溺火烟燃烧炸爆漏泄抢劫匪刀捅砍刺枪打揍殴架绑拐贩跟随"
    "踪威胁恐吓勒诈讹瓷奸猥骚礼摸砸拦偷盗警凶棍掐装壮状創生哮敏塞颅抱呕事疼痛栽省摔锁爬倒躺弹刹抽底味"
    "歹徒乘庄桩顶锥破脑噎卡埋沉械斧棒锤亲挤滚别咸戏围堵逼扒拘缉扎丢洒管急"
    "甩抛创透静脸漂滑废泡锚趴窝胎熄横故栏塌垮陷逆醉酒疯拱飞怼撂掀碎坏烂瘪报喊唤摇叫紫乌尸徘悬滴趴躺]"
    "|要生|不行了|触电|暴|不见了|车货|车着了|着伙|有火|没气|起不来|不活了|断了|中风|下车"
    "|跑了|反应|没得气|电到|被电|轮下|来人|起货|不行|没了|没命|发黑|站不"
    "|想不|关在|不见|带走|伙了|开进|开下|开入|开了进|开了下|开了入|着了|没心|动不|不动|走不|不走|没法动|动手|动脚|没油|得油|没电|得电|打不|发动|开锅|水温|进水|水进|方向|油门|郊|荒|一了百了|活着|活得|解脱"
    "|没声|车或|车获|猪|逆着|反着|大树|杆|架|有了|发生|出车|有个车|着走|着骑|头牛|货着|椅着|头着|室着|胎着|池着|擎着|机着|鞋|往下走|往里走|[江水湖]里走|[江水湖]走|往.{0,4}偏|好多|几个|来了人|来了个|法走|法动|得法|进车|进来了|不准|不让|不放|不停|进车里|能动了|大烟|有人|老人|小孩|孩子|行人|有个|婆婆|爹爹|老头|太婆|个人|狗|牛|桥顶|桥架|钢梁|桥边|桥墩|桥栏|喝了|喝多|车着|倒车|下坡|下山|下了坡|下了山"
)
"""No word of danger is without one of these: most texts are done with one look."""


_ONLY_TALK = re.compile(
    "预防|防范|避免|讲座|课堂|如何防|怎么防|保险怎么|宣传|知识|案例|小说|电影|电视剧|游戏|新闻里|理论|科目|考题|题目"
)
"""A crash that is only spoken about."""


_NONE = "(?:没有?|无|冇得|没得|木有|冇)"
_WHO = "(?:双方|两边|两车|大家|我们|我|司机|乘客|对方|都|也|还好|幸好|人员|人)*"
_UNHURT = re.compile(
    f"{_WHO}{_NONE}(?:什么)?(?:人员伤亡|人员受伤|人受伤|人伤到?|受到?伤|伤亡|伤[着到]人?|伤人|人有伤|受什么伤)"
    "|(?:双方|两边|大家|我们|我|司机|乘客|人|都|也)+(?:没什么事|没有事|没得事|没大碍|没事儿?|平安|好好的|没伤[着到]?|没问题|没关系)|人没伤|没伤$"
)
_MOVES = re.compile(
    "(?:两|我|我的|对方|对方的|辆|的)?(?:车子|车辆|车)?都?还?是?(?:能|可以)正?常?(?:动|开走|开|跑|行驶|移动|启动|发动)(?![吗么不没])"
    "|(?:两|我|我的)?车都?还?能走(?![吗么不没])"
)
_STUCK = re.compile(
    "(?:两|我|我的|的)?(?:车子|车辆|车)?都?(?:已经)?(?:[开动走]不(?:了|得|起来|走)|(?:不能|没法|无法)(?:动|开|走|移动|行驶|启动)|发动不了|启动不了|趴窝|抛锚)了?"
)
_LIGHT = re.compile(
    "(?:只|就|是|有|点|车|轻微|小|稍微|被|车子|互相|两车|我)*(?:[刮剐][蹭擦碰]|蹭|刮|擦|碰)(?:了|到|掉|花)*(?:一下下?|一点点?|点)?(?:车漆|漆|皮)?"
)
_LITTLE = re.compile("但是?|不过|就是|只是|而且|现在|还好|幸好|[了的啊呀吧哦都嗯但]")
_FRAGMENTS = (_UNHURT, _MOVES, _STUCK, _LIGHT, _LITTLE)
_STEP_SIGNS = re.compile("伤|人|动|开|车|没事")
LONGEST_STEP = 30
NONE: frozenset[Danger] = frozenset()


def _any(table: str) -> re.Pattern[str]:
    """Any of a table's patterns."""
    return re.compile("|".join(patterns_of(table)))


def patterns_of(table: str) -> list[str]:
    """The patterns of a table, its lists filled in."""
    for name, words in told.LISTS.items():
        table = table.replace(name, words)
    return table.split()


_HARMLESS = _any(told.HARMLESS)
_CRASH = _any(told.CRASH)
_GRAVE = (
    (Danger.FIRE, _any(told.SURE_FIRE), _any(told.FIRE)),
    (Danger.CRIME, _any(told.SURE_CRIME), _any(told.CRIME)),
    (Danger.INJURY, _any(told.SURE_INJURY), _any(told.INJURY)),
    (Danger.WATER, _any(told.SURE_WATER), _any(told.WATER)),
)
_PAST, _PRESENT, _SETTLED, _MATTERS = map(_any, (told.PAST, told.PRESENT, told.SETTLED, told.MATTERS))
_SURE_BREAKDOWN, _BREAKDOWN = _any(told.SURE_BREAKDOWN), _any(told.BREAKDOWN)
_FAST, _NO_BREAKDOWN, _HAZARD = _any(told.FAST), _any(told.NO_BREAKDOWN), _any(told.HAZARD)
_BEHIND = {"120": Danger.INJURY, "110": Danger.CRIME, "119": Danger.FIRE, "122": Danger.CRASH}
_DIALLED = re.compile(
    "(?:请|快|快点|帮我|帮忙|给我|我要|我想|立刻|马上|赶紧|喂)*(?:打|拨|拨打|呼叫|叫|接|联系|找|CALL|DIAL)?"
    "(?:一下|个)?(?P<number>11[09]|12[02])(?P=number)*(?:电话|号)?"
    "(?:(?:怎么|一直|都|总是|老是|又|也|也是|现在)*"
    "(?:打不通|打不进去?|打不出去?|拨不通|拨不出去?|接不通|[没无]有?人接听?|不接|占线|忙线|忙音|没反应|不通"
    "|打不了|没信号|挂断?了|不来|没来|还没来|还没到))?(?:了|啊|呀|吧|怎么办|咋办|咋搞|怎么搞|么办|快|快点|救命|PLEASE|NOW)*"
)
"""An emergency number and nothing else, as if this account could call it; or that nobody answers there."""
LONGEST_CALL = 24


def may_be_danger(line: str) -> bool:
    """Whether a bare text has any of the signs without which no word of danger can be."""
    return _SIGNS.search(line) is not None


def dangers_in(text: str) -> frozenset[Danger]:
    """Every danger that a text speaks of, or none; see `danger_in`."""
    found = danger_in(text)
    return found.dangers if found else NONE


def danger_in(text: str) -> InDanger | None:
    """Every danger that a text speaks of; all of their numbers belong on the first line.

    A step of the crash talk (没人受伤，车能动) is none: its answer names the numbers as well.
    """
    line = normal(text)
    return danger_of(bare(line), line)


def danger_of(line: str, spaced: str) -> InDanger | None:
    """As `danger_in`, of the normal text `spaced`, and of `line`, which `bare` gave of it."""
    dialled = _DIALLED.fullmatch(line) if len(line) <= LONGEST_CALL else None
    if dialled is not None:
        number = dialled["number"]
        return InDanger(dangers=frozenset({_BEHIND[number]}), dialled=number)
    found = dangers_of(line)
    in_english = english.dangers_of(spaced)
    if not found and not in_english:
        return None
    return InDanger(dangers=found | in_english, is_english=bool(in_english))


def dangers_of(line: str) -> frozenset[Danger]:
    """The dangers of a line that `bare` gave, as far as it is in Chinese."""
    if not may_be_danger(line) or crash_step(line) is not None:
        return NONE
    left = _HARMLESS.sub("+", line)
    found = {danger for danger, sure, likely in _GRAVE if sure.search(line) or likely.search(left)}
    if _CRASH.search(left) and not (_ONLY_TALK.search(line) or _is_settled(line)):
        found.add(Danger.CRASH)
    if not found and (road := _on_the_road(line, left)):
        found.add(road)
    return frozenset(found)


def _is_settled(line: str) -> bool:
    """Whether a crash is over and only its money, its law or its papers are asked about."""
    if _PRESENT.search(line):
        return False
    return bool(_MATTERS.search(line) or (_PAST.search(line) and _SETTLED.search(line)))


def _on_the_road(line: str, left: str) -> Danger | None:
    """A car that broke down where others drive fast, or a danger seen there."""
    if not _NO_BREAKDOWN.search(line) and (
        _SURE_BREAKDOWN.search(left) or (_BREAKDOWN.search(left) and _FAST.search(line))
    ):
        return Danger.BREAKDOWN
    return Danger.HAZARD if _HAZARD.search(left) and not _MATTERS.search(line) else None


def crash_step(line: str) -> InCrash | None:
    """What the person tells after a crash was spoken of: nobody is hurt, the car moves or not.

    `line` as `bare` gives it. Only when nothing else is said; whatever else is said may be graver.
    """
    if len(line) > LONGEST_STEP or not _STEP_SIGNS.search(line):
        return None
    said = _fragments(line)
    is_unhurt, is_stuck, can_move = (_pattern in said for _pattern in (_UNHURT, _STUCK, _MOVES))
    if not (is_unhurt or is_stuck or can_move) or (is_stuck and can_move):
        return None
    if not is_unhurt and _LIGHT not in said and "车" not in line:
        return None
    return InCrash(is_hurt=False if is_unhurt else None, can_move=None if is_stuck == can_move else can_move)


def _fragments(line: str) -> set[re.Pattern[str]]:
    """The kinds of fragments that make up the whole line; none when anything else stands in it."""
    said, at = set(), 0
    while at < len(line):
        for pattern in _FRAGMENTS:
            found = pattern.match(line, at)
            if found is not None and found.end() > at:
                said.add(pattern)
                at = found.end()
                break
        else:
            return set()
    return said
