"""Bodies: what is read, what is refused before it is parsed, and what makes a message itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daxiang.integrations.wechat.bodies import MAX_BODY, BodyRefused, parse_fields
from daxiang.integrations.wechat.events import FollowEvent
from daxiang.integrations.wechat.messages import OtherMessage, TextMessage
from daxiang.integrations.wechat.reading import read_message
from daxiang.integrations.wechat.replies import text_reply, text_with_choices


def body(**fields: str) -> bytes:
    held = {"ToUserName": "gh_invented", "FromUserName": "oInvented", "CreateTime": "1795479000", **fields}
    return ("<xml>" + "".join(f"<{k}><![CDATA[{v}]]></{k}>" for k, v in held.items()) + "</xml>").encode()


def test_a_text_is_read_with_its_moment() -> None:
    message = read_message(body(MsgType="text", Content="5", MsgId="1"))
    assert isinstance(message, TextMessage)
    assert (message.content, message.created_at) == ("5", datetime.fromtimestamp(1795479000, UTC))


def test_a_follow_by_a_code_carries_its_scene() -> None:
    message = read_message(body(MsgType="event", Event="subscribe", EventKey="qrscene_bridge"))
    assert isinstance(message, FollowEvent)
    assert message.scene == "bridge"


@pytest.mark.parametrize("content", ["<<<<<<<<<<", "<!DOCTYPE x>", "<a><b><c><d><e><f><g><h><i>", "a]]b"])
def test_what_a_person_types_is_text_whatever_it_looks_like(content: str) -> None:
    message = read_message(body(MsgType="text", Content=content, MsgId="1"))
    assert isinstance(message, TextMessage)
    assert message.content == content


def test_an_unknown_kind_is_a_value_and_no_error() -> None:
    message = read_message(body(MsgType="event", Event="invented_next_year"))
    assert isinstance(message, OtherMessage)
    assert message.kind == "event:invented_next_year"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><a>&e;</a></xml>', "doctype"),
        (b"<xml>" + b"<a>" * 9 + b"</a>" * 9 + b"</xml>", "depth"),
        (b"<xml>" + b" " * MAX_BODY + b"</xml>", "oversized"),
        (b"<xml>" + b"<a>/>" * 9 + b"</a>" * 9 + b"</xml>", "depth"),
        ('<!DOCTYPE xml [<!ENTITY e "x">]><xml><a>&e;</a></xml>'.encode("utf-16"), "xml"),
        (b"<xml><a></xml>", "xml"),
        (b"<html></html>", "xml"),
        (b"", "xml"),
        (b"{", "json"),
    ],
)
def test_a_hostile_body_is_refused_by_name(raw: bytes, reason: str) -> None:
    with pytest.raises(BodyRefused) as refused:
        parse_fields(raw)
    assert refused.value.reason == reason


@pytest.mark.parametrize("missing", ["ToUserName", "FromUserName", "CreateTime", "MsgType"])
def test_a_message_without_a_common_field_is_refused(missing: str) -> None:
    with pytest.raises(BodyRefused):
        read_message(body(**{"MsgType": "text", "Content": "5", "MsgId": "1", missing: ""}))


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fail_in_an_unforeseen_way(raw: bytes) -> None:
    try:
        read_message(raw)
    except BodyRefused:
        return


@pytest.mark.parametrize("field", ["ToUserName", "FromUserName", "CreateTime", "MsgId"])
def test_messages_that_differ_in_one_identifying_field_are_different(field: str) -> None:
    one = {"MsgType": "text", "Content": "5", "MsgId": "1"}
    other = {**one, field: "7"}
    assert read_message(body(**one)).identity != read_message(body(**other)).identity


def test_a_repeat_is_the_same_message() -> None:
    one = body(MsgType="text", Content="5", MsgId="1")
    assert read_message(one).identity == read_message(b"\n" + one).identity


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(str.strip))
def test_a_reply_says_what_was_meant_whatever_it_holds(content: str) -> None:
    reply = text_reply(to_user="oInvented", from_user="gh_invented", created=1, content=content)
    assert parse_fields(reply)["Content"] == content


def test_ten_digits_are_ten_choices_in_two_lines() -> None:
    lines = text_with_choices("点一下", tuple("0123456789")).splitlines()
    assert [line.count("weixin://bizmsgmenu") for line in lines] == [0, 5, 5]
