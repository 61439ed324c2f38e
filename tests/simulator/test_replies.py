"""How a reply is taken apart for a phone."""

from __future__ import annotations

import pytest

from daxiang_simulator.replies import ReplyRefused, read_reply, split_links
from tests.simulator.callee import choice


def test_a_line_of_choices_leaves_the_words_and_becomes_taps() -> None:
    shown = split_links(f"几号？\n{choice('0', 'a')} {choice('我是绿牌', 'b')}\n完")
    assert shown["content"] == "几号？\n完"
    assert shown["choices"] == [
        {"label": "0", "content": "0", "id": "a", "after": 1},
        {"label": "我是绿牌", "content": "我是绿牌", "id": "b", "after": 1},
    ]


def test_a_choice_amid_words_keeps_its_label_there() -> None:
    shown = split_links(f"不对？{choice('换一个')}再来")
    assert shown["content"] == "不对？换一个再来"
    assert [one["label"] for one in shown["choices"]] == ["换一个"]


def test_an_ordinary_link_keeps_its_label_and_its_address() -> None:
    shown = split_links('依据：\n<a href="https://example.org/?a=1&amp;b=2">通告</a>')
    assert shown["content"] == "依据：\n通告"
    assert shown["links"] == [{"label": "通告", "url": "https://example.org/?a=1&b=2"}]


def test_an_address_that_is_no_web_address_is_only_words() -> None:
    assert split_links('<a href="javascript:alert(1)">点我</a>') == {
        "content": "点我",
        "choices": [],
        "links": [],
    }


@pytest.mark.parametrize(
    "body",
    [
        "不是 XML",
        '<!DOCTYPE xml [<!ENTITY a "b">]><xml>&a;</xml>',
        "<xml><ToUserName>other</ToUserName></xml>",
        (
            "<xml><ToUserName>o</ToUserName><FromUserName>g</FromUserName><CreateTime>1</CreateTime>"
            "<MsgType>poem</MsgType></xml>"
        ),
        (
            "<xml><ToUserName>o</ToUserName><FromUserName>g</FromUserName><CreateTime>now</CreateTime>"
            "<MsgType>text</MsgType><Content>好</Content></xml>"
        ),
    ],
)
def test_what_the_platform_would_not_accept_is_refused(body: str) -> None:
    with pytest.raises(ReplyRefused):
        read_reply(body, openid="o", original_id="g")
