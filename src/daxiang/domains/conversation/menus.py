"""What a tap on the account's menu means: the keys that its entries send. Pure.

A key that is published stays here for good: phones show an old menu for a day after it was changed.
"""

from __future__ import annotations

from daxiang.domains.conversation.meaning import (
    Danger,
    InDanger,
    Intent,
    Small,
    SmallTalk,
    WantsCar,
    Wish,
)

KEY_TODAY = "today"  # 今天能走
KEY_PICTURE = "picture"  # 今天的图
KEY_CARS = "cars"  # 我的车
KEY_MESSAGE = "message"  # 给民警留言
KEY_HELP = "help"  # 怎么用
KEY_CRASH = "crash"  # 出了事故

_MEANINGS: dict[str, Intent] = {
    KEY_TODAY: WantsCar(wish=Wish.TODAY),
    KEY_PICTURE: WantsCar(wish=Wish.PICTURE),
    KEY_CARS: WantsCar(wish=Wish.MY_CARS),
    KEY_MESSAGE: WantsCar(wish=Wish.LEAVE_MESSAGE),
    KEY_HELP: SmallTalk(kind=Small.HELP),
    KEY_CRASH: InDanger(dangers=frozenset({Danger.CRASH})),
}


def intent_of_key(key: str) -> Intent | None:
    """What a tap on this entry means; None for a key that is not ours (the former vendor's, say)."""
    return _MEANINGS.get(key)
