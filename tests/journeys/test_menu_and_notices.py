"""The account's menu, a picture that is asked for, the evening before a restricted day: all processes up."""

from __future__ import annotations

import io
import urllib.request
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from PIL import Image
from prove.instance import Instance, request

from tests.foundation.processes import wait_for

pytestmark = pytest.mark.system

T = TypeVar("T")
MONDAY_EVENING = "2026-11-23T19:00:00+08:00"
ANSWER = "明天（24日 周二）：长江大桥、江汉桥7:00–22:00不能走，其他时间能走。"


def menu(instance: Instance, user: str) -> list[dict[str, Any]]:
    said = request(instance.url("simulator", f"/_sim/users/{user}/menu?account=service"))
    return (said["menu"] or {}).get("button", [])


def shown_menu(instance: Instance, user: str) -> list[dict[str, Any]]:
    return wait_for(lambda: menu(instance, user), what="the menu")


def tap(instance: Instance, user: str, key: str) -> dict[str, Any]:
    body = {"account": "service", "menu": key}
    answer: dict[str, Any] = request(instance.url("simulator", f"/_sim/users/{user}/tap"), body)
    return answer


def received(instance: Instance, user: str, kind: str, has: Callable[[dict[str, Any]], bool]) -> Any:
    """The first message of that kind that the person got and that `has` what is looked for."""

    def found() -> dict[str, Any] | None:
        held = request(instance.url("simulator", f"/_sim/users/{user}/inbox?account=service"))["inbox"]
        return next((one for one in held if one["kind"] == kind and has(one)), None)

    return wait_for(found, what=f"a message of kind {kind}")


def test_the_menu_stands_on_the_phone_and_leads_somewhere(on_tuesday: Instance) -> None:
    user = on_tuesday.new_user()
    on_tuesday.follow(user)
    names = [button["name"] for button in shown_menu(on_tuesday, user)]
    assert names == ["今天能走", "今天的图", "更多"]
    below = shown_menu(on_tuesday, user)[2]["sub_button"]
    for button in below:
        if button["type"] == "click":
            assert tap(on_tuesday, user, button["key"])["outcome"] == "answered", button["name"]
        else:
            with urllib.request.urlopen(button["url"], timeout=10) as page:  # noqa: S310 (our own copy)
                assert page.status == 200


def test_one_tap_answers_for_the_car_that_is_remembered(on_tuesday: Instance) -> None:
    user = on_tuesday.new_user()
    on_tuesday.follow(user)
    shown_menu(on_tuesday, user)
    assert len(tap(on_tuesday, user, "today")["reply"]["choices"]) == 10
    for words in ("5", "记住我的车", "同意，记住"):
        on_tuesday.send(user, words)
    on_tuesday.set_clock("2026-11-24T08:11:00+08:00")  # two taps within a second are one event, repeated
    first = tap(on_tuesday, user, "today")["reply"]["content"].splitlines()[0]
    assert first == "尾号5，今天（24日 周二）：长江大桥、江汉桥不能走，22:00后能走。"


def test_the_picture_comes_as_a_picture(on_tuesday: Instance) -> None:
    user = on_tuesday.new_user()
    on_tuesday.follow(user)
    shown_menu(on_tuesday, user)
    on_tuesday.send(user, "5")
    assert "图" in tap(on_tuesday, user, "picture")["reply"]["content"]
    came = received(on_tuesday, user, "image", lambda one: True)
    address = on_tuesday.url("simulator", f"/_sim/media/{came['media_id']}")
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 (our own copy)
        assert Image.open(io.BytesIO(answer.read())).size == (1080, 1440)


def test_on_the_evening_before_the_one_who_asked_is_told(on_tuesday: Instance) -> None:
    on_tuesday.set_clock(MONDAY_EVENING)
    asked, other = on_tuesday.new_user(), on_tuesday.new_user()
    for user in (asked, other):
        on_tuesday.follow(user)
        for words in ("5", "记住我的车", "同意，记住"):
            on_tuesday.send(user, words)
    on_tuesday.send(asked, "晚上提醒我")
    on_tuesday.set_clock("2026-11-23T20:00:00+08:00")
    came = received(on_tuesday, asked, "text", lambda one: one["content"].startswith(ANSWER))
    assert "说的是您记着的尾号5。" in came["content"]
    held = request(on_tuesday.url("simulator", f"/_sim/users/{other}/inbox?account=service"))["inbox"]
    assert not any(one.get("content", "").startswith(ANSWER) for one in held)
