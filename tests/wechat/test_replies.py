"""Passive replies: what is meant is what is read, in XML and in JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.replies import deserialize_reply

from daxiang.integrations.wechat.bodies import Format, parse_fields
from daxiang.integrations.wechat.replies import (
    Article,
    Image,
    Music,
    News,
    PassiveReply,
    Text,
    TransferToStaff,
    Video,
    Voice,
    parse_reply,
    render,
)

BOTH = st.sampled_from(list(Format))
words = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")).map(
    str.strip
)
named = words.filter(bool)
articles = st.builds(Article, title=words, description=words, picture_url=words, url=words)
replies = st.one_of(
    st.builds(Text, content=named),
    st.builds(Image, media_id=named),
    st.builds(Voice, media_id=named),
    st.builds(Video, media_id=named, title=words, description=words),
    st.builds(Music, thumb_media_id=named, title=words, description=words, url=words, hq_url=words),
    st.builds(News, articles=st.lists(articles, min_size=1, max_size=8).map(tuple)),
    st.builds(TransferToStaff, account=st.none() | named),
)


def rendered(reply: PassiveReply, format: Format = Format.XML) -> bytes:  # noqa: A002 (its name everywhere else)
    return render(reply, to_user="oInvented", from_user="gh_invented", created=1795479000, format=format)


@given(replies, BOTH)
def test_every_reply_is_read_as_it_was_meant(reply: PassiveReply, form: Format) -> None:
    assert parse_reply(rendered(reply, form)) == reply


@given(replies, BOTH)
def test_a_reply_is_addressed_to_the_person_from_the_account(reply: PassiveReply, form: Format) -> None:
    fields = parse_fields(rendered(reply, form))
    assert (fields["ToUserName"], fields["FromUserName"], fields["CreateTime"]) == (
        "oInvented",
        "gh_invented",
        "1795479000",
    )


@pytest.mark.parametrize(
    "reply",
    [
        Text(content="a ]]> b"),
        Image(media_id="m"),
        Voice(media_id="m"),
        Video(media_id="m", title="t", description="d"),
        Music(thumb_media_id="m", title="t", description="d", url="u", hq_url="h"),
        News(articles=(Article(title="t", description="d", picture_url="p", url="u"),) * 2),
        TransferToStaff(account=None),
    ],
    ids=lambda reply: type(reply).__name__,
)
def test_an_independent_reader_takes_our_reply(reply: PassiveReply) -> None:
    read = deserialize_reply(rendered(reply).decode())
    assert (read.source, read.target) == ("gh_invented", "oInvented")
    assert read.type == parse_fields(rendered(reply))["MsgType"]


@given(st.text(), BOTH)
def test_no_text_makes_a_reply_that_the_platform_cannot_read(content: str, form: Format) -> None:
    fields = parse_fields(rendered(Text(content=content), form))
    assert len(fields["Content"]) <= len(content)


@pytest.mark.parametrize("form", list(Format))
@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
def test_every_end_of_a_line_reaches_the_phone_as_a_newline(ending: str, form: Format) -> None:
    body = rendered(Text(content=f"一{ending}二"), form)
    assert parse_reply(body) == Text(content="一\n二")
    assert b"\r" not in body


def test_json_is_never_escaped_to_ascii() -> None:
    body = rendered(Text(content="大象"), Format.JSON)
    assert "大象".encode() in body
    assert json.loads(body)["CreateTime"] == 1795479000


@pytest.mark.parametrize("count", [0, 9])
def test_a_reply_has_one_to_eight_articles(count: int) -> None:
    with pytest.raises(ValueError, match="articles"):
        News(articles=(Article(title="t"),) * count)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"success",
        b"<html>502</html>",
        b"{}",
        b"<xml><MsgType>text</MsgType></xml>",
        b"<xml><MsgType>image</MsgType><Image>m</Image></xml>",
        b"<xml><MsgType>news</MsgType><Articles></Articles></xml>",
        b"<xml><MsgType>news</MsgType><Articles>%b</Articles></xml>" % (b"<item><Title>t</Title></item>" * 9),
        b"<xml><MsgType>invented</MsgType><Content>x</Content></xml>",
        b"<xml><MsgType>text</MsgType><Content>a</Content><Content>b</Content></xml>",
    ],
)
def test_what_the_platform_would_not_take_is_no_reply(body: bytes) -> None:
    assert parse_reply(body) is None
