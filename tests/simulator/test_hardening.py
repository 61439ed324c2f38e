"""What a hostile page, article or account can do to the simulator: nothing that runs, nothing unasked."""

from __future__ import annotations

import io
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from daxiang_simulator.app import make_app
from daxiang_simulator.guard import is_ours
from daxiang_simulator.platform.cleaning import cleaned
from daxiang_simulator.replies import ReplyRefused, read_reply
from daxiang_simulator.world import Options
from tests.simulator.conftest import Simulator
from tests.simulator.test_articles import drafted


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('<form action="/_sim/reset"><input name=a>好</form>', "好"),
        ("一<script src=//x.example/a.js></script x>二", "一二"),
        ("一<script>never closed", "一"),
        ("<img src=x onerror=alert(1)>好", "好"),
        ("<img/src='https://x.example/a.png'/onerror=alert(1)>", '<img src="https://x.example/a.png">'),
        ('<a href="javascript:alert(1)">点</a>', "<a>点</a>"),
        ('<a href=" java\nscript:alert(1)">点</a>', "<a>点</a>"),
        ('<a href="&#106;avascript:alert(1)">点</a>', "<a>点</a>"),
        ('<a href="//x.example/">点</a>', "<a>点</a>"),
        ('<a href="/\\x.example/">点</a>', "<a>点</a>"),
        (
            '<a href="https://x.example/?a=1&amp;b=2">点</a>',
            '<a href="https://x.example/?a=1&amp;b=2">点</a>',
        ),
        ('<p style="x" id=y onclick=z()>好</p>', "<p>好</p>"),
        ("<svg><script>x</script></svg><p>好", "<p>好</p>"),
        ("</div></main><div><b>粗</div>", "<div><b>粗</b></div>"),
        ("&lt;script&gt;1 &amp; 2", "&lt;script&gt;1 &amp; 2"),
        ("<td colspan=2>a</td><br/><!-- no --><?no?>", '<td colspan="2">a</td><br>'),
        ('<p title="<img src=x onerror=y>">好</p>', "<p>好</p>"),
    ],
)
def test_of_an_articles_content_only_harmless_tags_are_left(content: str, expected: str) -> None:
    assert cleaned(content) == expected
    assert cleaned(expected) == expected


async def test_an_articles_page_forbids_scripts_and_forms(simulator: Simulator) -> None:
    content = '<form action=/_sim/reset></form><p onclick=x()>好</p><a href="javascript:x()">点</a>'
    media_id = (await drafted(simulator, content=content))["media_id"]
    async with simulator.client.get(f"/s/{media_id}/1") as response:
        policy, text = response.headers["Content-Security-Policy"], await response.text()
    assert {"default-src 'none'", "script-src 'none'", "form-action 'none'"} <= set(policy.split("; "))
    assert '<div class="content"><p>好</p><a>点</a></div>' in text


async def status(simulator: Simulator, path: str = "/_sim/users", **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with simulator.client.post(path, json={"nickname": "李强"}, headers=named) as response:
        said = await response.json()
        assert ("error" in said) == (response.status != 200)
        return response.status


async def test_a_page_of_another_origin_may_change_nothing(simulator: Simulator) -> None:
    own = str(simulator.client.make_url("/")).rstrip("/")  # type: ignore[union-attr]
    assert await status(simulator) == 200
    assert await status(simulator, Origin=own) == 200
    assert await status(simulator, Origin=own, Sec_Fetch_Site="same-origin") == 200
    assert await status(simulator, Origin="null", Sec_Fetch_Site="same-origin") == 200
    assert await status(simulator, Origin="null") == 403
    assert await status(simulator, Origin="http://127.0.0.1:1") == 403
    assert await status(simulator, Origin="https://x.example") == 403
    assert await status(simulator, Sec_Fetch_Site="cross-site") == 403
    assert await status(simulator, "/_sim/reset", Origin="https://x.example") == 403
    people = (await simulator.get("/_sim/users"))["users"]
    assert len(people) == 4
    page = f"/_sim/users/{people[0]['user']}/web/m/"  # without a website the proxy itself says 400
    assert await status(simulator, page, Origin=own) == 400
    assert await status(simulator, page, Origin="https://x.example") == 403


async def test_a_foreign_name_that_points_here_is_refused_also_for_reading(simulator: Simulator) -> None:
    for path in ("/_sim/accounts", "/", "/cgi-bin/token"):
        async with simulator.client.get(path, headers={"Host": "x.example:8020"}) as response:
            assert response.status == 403


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1:8020", True),
        ("[::1]:8020", True),
        ("192.168.1.5", True),
        ("LocalHost:8020", True),
        ("phone.test", True),
        ("api.weixin.qq.com", True),
        ("x.example", False),
        ("127.0.0.1.x.example", False),
        ("xweixin.qq.com", False),
        ("[::1", False),
        ("", False),
    ],
)
def test_a_name_is_an_address_localhost_or_one_that_was_given(host: str, expected: bool) -> None:
    assert is_ours(host, frozenset({"phone.test"})) is expected


@pytest.mark.parametrize(
    "message",
    [
        {"msgtype": "news", "news": {"articles": [{"title": "甲", "url": "javascript:alert(1)"}]}},
        {"msgtype": "news", "news": {"articles": [{"title": "甲", "picurl": "data:text/html,x"}]}},
    ],
)
async def test_a_card_leads_to_the_web_or_is_refused(simulator: Simulator, message: dict[str, Any]) -> None:
    openid = await simulator.openid(await simulator.follower())
    said = await simulator.api("/cgi-bin/message/custom/send", {"touser": openid, **message})
    assert said["errcode"] == 65317


async def test_a_template_message_leads_to_the_web_or_is_refused(simulator: Simulator) -> None:
    openid = await simulator.openid(await simulator.follower())
    template = {"template_id": "t", "title": "提醒", "content": "车牌:{{car_number1.DATA}}"}
    template["kind"] = "template"
    await simulator.post("/_sim/accounts/service/templates", template)
    body = {"touser": openid, "template_id": "t", "data": {"car_number1": {"value": "鄂A12345"}}}
    codes = [
        (await simulator.api("/cgi-bin/message/template/send", body | {"url": url}))["errcode"]
        for url in ("vbscript:x", " Java\nScript:x", "https://x.example/", "")
    ]
    assert codes == [65317, 65317, 0, 0]


async def test_a_source_of_an_article_is_on_the_web(simulator: Simulator) -> None:
    assert (await drafted(simulator, content_source_url="javascript:alert(1)"))["errcode"] == 41039


def test_an_answer_with_a_card_that_runs_something_is_no_reply() -> None:
    def reply(url: str) -> str:
        head = "<ToUserName>o</ToUserName><FromUserName>g</FromUserName><CreateTime>1</CreateTime>"
        item = f"<item><Title>甲</Title><Url>{url}</Url></item>"
        return f"<xml>{head}<MsgType>news</MsgType><Articles>{item}</Articles></xml>"

    assert read_reply(reply("https://x.example/"), openid="o", original_id="g")["kind"] == "news"
    with pytest.raises(ReplyRefused):
        read_reply(reply("javascript:alert(1)"), openid="o", original_id="g")


async def test_a_link_that_a_person_sends_is_on_the_web(simulator: Simulator) -> None:
    user = await simulator.follower()
    link = {"type": "link", "title": "甲", "url": "javascript:alert(1)"}
    code, said = await simulator.call(
        "POST", f"/_sim/users/{user}/send", {"account": "service", "message": link}
    )
    assert (code, "http" in said["error"]) == (400, True)


async def test_a_picture_too_long_is_told_its_own_limit(simulator: Simulator) -> None:
    path = f"/_sim/users/{await simulator.person()}/media?account=service"
    async with simulator.client.post(path, data=io.BytesIO(b"\0" * (13 * 1024 * 1024))) as response:
        assert (response.status, (await response.json())["error"]) == (413, "太长了，最多 12 MiB。")
    code, said = await simulator.call("POST", "/_sim/users", {"nickname": "李" * 70_000})
    assert (code, said["error"]) == (413, "太长了，最多 64 KiB。")


async def test_accounts_cannot_be_replaced_by_none(simulator: Simulator) -> None:
    assert (await simulator.call("PUT", "/_sim/accounts", []))[0] == 400
    assert len((await simulator.get("/_sim/accounts"))["accounts"]) == 1


async def test_without_accounts_a_simulator_lives_and_is_not_ready(options: Options) -> None:
    empty = Options(state=options.state)
    async with TestClient(TestServer(make_app(empty))) as client:
        assert (await Simulator(client).call("GET", "/healthz"))[0] == 200
        assert (await Simulator(client).call("GET", "/readyz"))[0] == 503


async def test_nobody_has_no_events(simulator: Simulator) -> None:
    assert (await simulator.call("GET", "/_sim/events?users=nobody"))[0] == 404
