"""The campaign's judge finds what is planted."""

from __future__ import annotations

from typing import Any

import pytest
from prove.relay_judge import Told, _faults
from prove.relay_messages import Kind, Sent

COVERS = {"没看懂"}
ANSWER = "<xml><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[供应商答 1]]></Content></xml>"


def sent(kind: Kind) -> Sent:
    return Sent(number=0, kind=kind, openid="oNobody", created=0, key="1", fields="", repeat_after_s=None)


def tried(said: str | None, ms: float = 10.0) -> dict[str, Any]:
    return {"status": 0 if said is None else 200, "ms": ms, "said": said}


SEEN = {"said": ANSWER}
LATE = ("供应商答 1", "sent")


@pytest.mark.parametrize(
    ("kind", "told", "fault"),
    [
        (Kind.PASSED, Told(tries=[tried("供应商答 1")], seen=[SEEN, SEEN]), "asked_twice"),
        (Kind.PASSED, Told(tries=[tried("供应商答 1"), tried("没看懂")], seen=[SEEN]), "answered_twice"),
        (Kind.PASSED, Told(tries=[tried("供应商答 1")], seen=[SEEN], late=[LATE]), "both"),
        (Kind.PASSED, Told(tries=[tried("")], seen=[SEEN], late=[LATE, LATE]), "both"),
        (Kind.PASSED, Told(tries=[tried(None)] * 3), "lost"),
        (Kind.PASSED, Told(tries=[tried("")]), "lost"),
        (Kind.PASSED, Told(tries=[tried("")], seen=[SEEN]), "wasted"),
        (Kind.PASSED, Told(tries=[tried("供应商答 2")], seen=[SEEN]), "wrong"),
        (Kind.PASSED, Told(tries=[tried("没看懂", 5001)]), "over_5s"),
        (Kind.PASSED, Told(tries=[tried(None, 5000), tried("没看懂")]), "over_5s"),
        (Kind.DANGER, Told(tries=[tried("打120")], seen=[SEEN]), "leaked"),
        (Kind.DANGER, Told(tries=[tried("打120", 2500)]), "danger_waited"),
        (Kind.OURS, Told(tries=[tried("没看懂")]), "wrong"),
        (Kind.OURS, Told(tries=[tried("")]), "lost"),
        (Kind.EVENT, Told(tries=[tried("")], seen=[SEEN], late=[LATE]), "wrong"),
        (Kind.PICTURE, Told(tries=[tried("别的话")]), "wrong"),
    ],
)
def test_each_planted_fault_is_named(kind: Kind, told: Told, fault: str) -> None:
    assert fault in list(_faults(sent(kind), told, COVERS, has_kills=False))


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (Kind.PASSED, Told(tries=[tried("供应商答 1")], seen=[SEEN])),
        (Kind.PASSED, Told(tries=[tried("")], seen=[SEEN], late=[LATE])),
        (Kind.PASSED, Told(tries=[tried("没看懂"), tried("没看懂")])),
        (Kind.PASSED, Told(tries=[tried("")], seen=[{"said": ""}])),
        (Kind.OURS, Told(tries=[tried(None), tried("尾号5")])),
        (Kind.EVENT, Told(tries=[tried("")], seen=[SEEN])),
    ],
)
def test_what_is_as_promised_is_no_fault(kind: Kind, told: Told) -> None:
    assert list(_faults(sent(kind), told, COVERS, has_kills=False)) == []
