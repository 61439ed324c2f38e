"""What the account says where no rule has to be asked: short, warm, exact.

Danger words are answered from here alone, so that they are answered whatever else is out of order.
"""

from __future__ import annotations

from daxiang.domains.conversation.understand import Danger

DIGITS = tuple("0123456789")

_CALL = {
    Danger.FIRE: "着火打119",
    Danger.CRIME: "有人行凶打110",
    Danger.INJURY: "马上打120，再打122",
    Danger.CRASH: "有人受伤马上打120，再打122",
}
_DO = {
    Danger.FIRE: "人离开车，走远些，别回去拿东西，别开引擎盖。",
    Danger.CRIME: "先到人多的地方，别和对方争。",
    Danger.INJURY: "别移动伤者，车别动，守住现场，开双闪。",
    Danger.CRASH: (
        "没人受伤：开双闪，人先到路边安全的地方。\n"
        "先拍车前、车后、碰到的地方，再把车挪到不挡路处。\n"
        "谈不拢，或者对方要走、喝了酒、没有驾照：打122。"
    ),
}


def danger(dangers: frozenset[Danger]) -> str:
    """What to do now: every number on the first line, then the first steps for each danger."""
    present = [kind for kind in _CALL if kind in dangers]
    if Danger.INJURY in present and Danger.CRASH in present:
        present.remove(Danger.CRASH)
    calls = [_CALL[kind] for kind in present]
    if not dangers & {Danger.INJURY, Danger.CRASH}:
        calls.append("有人受伤打120，交通报警打122")
    return "\n".join(["；".join(calls) + "。", *(_DO[kind] for kind in present)])


EMERGENCY_LINE = "有人受伤打120，交通报警打122。"


def welcome(account_name: str) -> str:
    return (
        f"您好，这里是{account_name}。\n"
        "点一下您车牌的最后一位（是字母就点它前面的数字），我告诉您今天怎么过江：\n"
        f"也可以把整个车牌发给我。\n{EMERGENCY_LINE}"
    )


def stranger(account_name: str) -> str:
    """The internal account's one line for whoever is not bound."""
    return (
        f"这里是{account_name}内部号，只对本单位民警开放。\n"
        f"您要办事、查路，请关注“{account_name}”服务号。\n{EMERGENCY_LINE}"
    )


LETTER = (
    "尾号是字母的，看字母前面最后一个数字。\n"
    "比如 1234K 按4算，71B2Z 按2算。\n"
    "点一下那个数字，或者把车牌发给我："
)
NOT_UNDERSTOOD = "这句我没看懂，对不住。\n想知道今天怎么过江，点一下您车牌的最后一位就行：\n" + EMERGENCY_LINE
THANKS = "不客气，路上慢点。"
OTHER_PLATE = (
    "{plate} 这种号牌是什么车，光看号码分不出来，我不敢说能不能走。\n请留意桥头的标志，或者打122问民警。"
)
