"""Who drives no car of the cards: on foot, by bicycle, on duty, by ferry. Pure."""

from __future__ import annotations

import re

_NO_CAR = {
    "foot": re.compile("行人|走路|步行(?!街)|徒步|跑步|散步"),
    "cycle": re.compile(
        "自行车|(?:共享)?单车|电动车|电瓶车|电驴|三轮|滑板车|平衡车|人力车|板车|马车|BICYCLE|TRICYCLE|SCOOTER"
    ),
    "emergency": re.compile("警车|救护车|消防车|抢险车|救险车"),
    "ferry": re.compile("轮渡|渡轮|渡船"),
    "army": re.compile("军车"),
}


def no_car_in(words: str) -> str | None:
    """foot, cycle, emergency, ferry or army, where words that were not read name one of them; else None."""
    return next((kind for kind, pattern in _NO_CAR.items() if pattern.search(words)), None)
