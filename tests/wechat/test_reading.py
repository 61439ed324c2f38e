"""Every message and event: a typed value, the same from XML and from JSON, the same from the fast path."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prove.wechat_bodies import ACCOUNT, EVENTS, MESSAGES, as_json, as_xml, genuine

from daxiang.integrations.wechat import events, messages
from daxiang.integrations.wechat.bodies import BodyRefused
from daxiang.integrations.wechat.reading import read_message
from daxiang.integrations.wechat.values import Message, OtherMessage, Place

KINDS = (*MESSAGES, *EVENTS)
HEAD = {
    "to_user": ACCOUNT,
    "from_user": "oInvented",
    "created_at": datetime.fromtimestamp(1795479000, UTC),
}


def event(name: str, inner: str) -> bytes:
    return (
        f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName><FromUserName>oInvented</FromUserName>"
        f"<CreateTime>1795479000</CreateTime><MsgType>event</MsgType><Event>{name}</Event>{inner}</xml>"
    ).encode()


def read(name: str, inner: str) -> Message:
    return read_message(event(name, inner))


@given(st.randoms(), st.sampled_from(KINDS))
def test_xml_and_json_give_the_same_value(rng: Random, kind: str) -> None:
    fields = genuine(rng, kind)
    assert read_message(as_xml(fields, rng)) == read_message(as_json(fields, rng))


@pytest.mark.parametrize("kind", KINDS)
def test_every_known_kind_has_a_type_of_its_own(kind: str) -> None:
    message = read_message(as_xml(genuine(Random(1), kind), Random(1)))
    assert not isinstance(message, OtherMessage)
    assert message.kind == (kind if kind in MESSAGES else f"event:{kind}")


@given(st.randoms())
def test_an_unknown_event_is_kept_as_another_message(rng: Random) -> None:
    message = read_message(as_json(genuine(rng, "invented_next_year"), rng))
    assert isinstance(message, OtherMessage)


@pytest.mark.parametrize("ending", ["\r\n", "\r", "&#13;", "&#13;\n", "\n"])
def test_every_end_of_a_line_is_a_newline(ending: str) -> None:
    message = read("CLICK", f"<EventKey>a{ending}b</EventKey>")
    assert isinstance(message, events.ClickEvent)
    assert message.key == "a\nb"


def test_a_location_has_its_latitude_in_x() -> None:
    body = as_xml({**genuine(Random(2), "location"), "Location_X": "30.5", "Location_Y": "114.3"}, Random(2))
    message = read_message(body)
    assert isinstance(message, messages.LocationMessage)
    assert message.place == Place(latitude=30.5, longitude=114.3)


@pytest.mark.parametrize("latitude", ["", "north", "91", "1e1", "nan", "٣", "9" * 5000])
def test_a_location_that_is_no_place_is_kept_as_another_message(latitude: str) -> None:
    body = as_xml({**genuine(Random(2), "location"), "Location_X": latitude}, Random(2))
    assert isinstance(read_message(body), OtherMessage)


def test_a_scanned_code_says_what_it_carried() -> None:
    message = read(
        "scancode_waitmsg",
        "<EventKey>rego</EventKey><ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>2</ScanResult></ScanCodeInfo>",
    )
    assert message == events.ScanCodeEvent(
        **HEAD,
        kind="event:scancode_waitmsg",
        identity=message.identity,
        key="rego",
        scan_type="qrcode",
        result="2",
    )


def test_chosen_pictures_are_told_by_their_digests() -> None:
    message = read(
        "pic_weixin",
        "<EventKey>k</EventKey><SendPicsInfo><Count>2</Count><PicList><item><PicMd5Sum>aa</PicMd5Sum></item>"
        "<item><PicMd5Sum>bb</PicMd5Sum></item></PicList></SendPicsInfo>",
    )
    assert isinstance(message, events.PicturesEvent)
    assert message.digests == ("aa", "bb")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("success", events.TemplateOutcome.RECEIVED),
        ("failed:user block", events.TemplateOutcome.BLOCKED),
        ("failed: system failed", events.TemplateOutcome.FAILED),
        ("failed:system failed", events.TemplateOutcome.FAILED),
        ("new words", events.TemplateOutcome.UNKNOWN),
    ],
)
@pytest.mark.parametrize("spelling", ["MsgID", "MsgId"])
def test_a_template_message_ends_in_one_of_the_known_ways(
    status: str, outcome: events.TemplateOutcome, spelling: str
) -> None:
    message = read("TEMPLATESENDJOBFINISH", f"<{spelling}>7</{spelling}><Status>{status}</Status>")
    assert isinstance(message, events.TemplateSentEvent)
    assert (message.outcome, message.message_id) == (outcome, "7")


def test_a_mass_send_that_no_administrator_confirmed_says_so() -> None:
    message = read(
        "MASSSENDJOBFINISH",
        "<MsgID>9</MsgID><Status>err(40002)</Status><TotalCount>3000</TotalCount><SentCount>0</SentCount>"
        "<CopyrightCheckResult><Count>1</Count><ResultList><item><ArticleIdx>1</ArticleIdx>"
        "<CanReprint>1</CanReprint></item></ResultList><CheckState>2</CheckState></CopyrightCheckResult>"
        "<ArticleUrlResult><Count>1</Count><ResultList><item><ArticleIdx>1</ArticleIdx>"
        "<ArticleUrl>u</ArticleUrl></item></ResultList></ArticleUrlResult>",
    )
    assert isinstance(message, events.MassSentEvent)
    assert (message.error, message.total, message.sent, message.check_state) == (40002, 3000, 0, 2)
    assert [(row.index, row.may_reprint) for row in message.originality] == [(1, True)]
    assert message.articles == (events.ArticleAddress(index=1, url="u"),)


def test_a_publication_names_its_articles_or_those_that_failed() -> None:
    done = read(
        "PUBLISHJOBFINISH",
        "<PublishEventInfo><publish_id>1</publish_id><publish_status>0</publish_status><article_id>a</article_id>"
        "<article_detail><count>1</count><item><idx>1</idx><article_url>u</article_url></item></article_detail>"
        "</PublishEventInfo>",
    )
    failed = read(
        "PUBLISHJOBFINISH",
        "<PublishEventInfo><publish_id>1</publish_id><publish_status>2</publish_status><fail_idx>1</fail_idx>"
        "<fail_idx>2</fail_idx></PublishEventInfo>",
    )
    assert isinstance(done, events.PublishedEvent)
    assert isinstance(failed, events.PublishedEvent)
    assert (done.status, done.articles) == (0, (events.ArticleAddress(index=1, url="u"),))
    assert (failed.status, failed.failed_indexes) == (2, (1, 2))


@pytest.mark.parametrize("wrapper", ["SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent"])
def test_a_refused_notice_is_read_in_either_wrapping(wrapper: str) -> None:
    row = "<List><TemplateId>t</TemplateId><SubscribeStatusString>reject</SubscribeStatusString></List>"
    message = read("subscribe_msg_change_event", f"<{wrapper}>{row}</{wrapper}>")
    assert isinstance(message, events.SubscriptionChosenEvent)
    assert message.choices == (events.SubscriptionChoice(template_id="t", is_accepted=False),)


@pytest.mark.parametrize("shape", ["[%s]", "%s", '{"List": %s}', '{"List": [%s]}'])
def test_a_list_of_one_is_read_however_json_writes_it(shape: str) -> None:
    row = '{"TemplateId": "t", "MsgID": 7, "ErrorCode": 0, "ErrorStatus": "success"}'
    head = f'"ToUserName":"{ACCOUNT}","FromUserName":"o","CreateTime":1795479000,"MsgType":"event"'
    name = "SubscribeMsgSentEvent" if "List" in shape else "List"
    body = f'{{{head},"Event":"subscribe_msg_sent_event","{name}":{shape % row}}}'
    message = read_message(body.encode())
    assert isinstance(message, events.SubscriptionSentEvent)
    assert message.sendings == (
        events.SubscriptionSending(template_id="t", message_id="7", code=0, status="success"),
    )


def test_a_withdrawn_consent_names_whom_it_concerns() -> None:
    message = read("user_authorization_revoke", "<OpenID>oOther</OpenID><RevokeInfo>1</RevokeInfo>")
    assert isinstance(message, events.ConsentEvent)
    assert (message.openid, message.revoked) == ("oOther", "1")


def test_an_agents_session_names_both_agents_when_it_is_switched() -> None:
    message = read("kf_switch_session", "<FromKfAccount>a@x</FromKfAccount><ToKfAccount>b@x</ToKfAccount>")
    assert isinstance(message, events.StaffSessionEvent)
    assert (message.from_account, message.account) == ("a@x", "b@x")


def test_a_verification_that_lapses_says_when() -> None:
    message = read("annual_renew", "<ExpiredTime>1795479000</ExpiredTime>")
    assert isinstance(message, events.VerificationEvent)
    assert message.expires_at == HEAD["created_at"]


@pytest.mark.parametrize(
    "inner",
    [
        "<Event>other</Event>",
        "<EventKey>a</EventKey><EventKey>b</EventKey>",
        "<FromUserName>oOther</FromUserName>",
        "<CreateTime>1</CreateTime>",
    ],
)
def test_what_identifies_a_message_may_not_be_said_twice(inner: str) -> None:
    with pytest.raises(BodyRefused):
        read("CLICK", inner)


@pytest.mark.parametrize("created", ["", "-1", "٣", "1_0", "1e9", "9" * 11, "9" * 50_000, "1.0"])
def test_a_moment_that_is_none_is_refused(created: str) -> None:
    body = event("CLICK", "").replace(b"1795479000", created.encode())
    with pytest.raises(BodyRefused):
        read_message(body)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<Ticket>a</Ticket>", "<Ticket>b</Ticket>"),
        ("<MsgID>1</MsgID>", "<MsgID>2</MsgID>"),
        ("<EventKey>a</EventKey>", "<EventKey>b</EventKey>"),
        ("<KfAccount>a</KfAccount>", "<KfAccount>b</KfAccount>"),
        ("<OpenID>a</OpenID>", "<OpenID>b</OpenID>"),
        ("<List><TemplateId>a</TemplateId></List>", "<List><TemplateId>b</TemplateId></List>"),
        ("<EventKey>ab</EventKey><Ticket>c</Ticket>", "<EventKey>a</EventKey><Ticket>bc</Ticket>"),
    ],
)
def test_events_of_one_second_are_told_apart(one: str, other: str) -> None:
    assert read("SCAN", one).identity != read("SCAN", other).identity
