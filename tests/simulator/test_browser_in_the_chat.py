"""The browser inside the chat: cookies of one's own, addresses led through the proxy, sign-in in place."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from daxiang_simulator.app import make_app
from daxiang_simulator.browsers import rewritten
from daxiang_simulator.world import Options
from tests.simulator.callee import APP_ID
from tests.simulator.conftest import Simulator

PREFIX = "/_sim/users/u1/web"
WEBSITE = URL("http://127.0.0.1:8000/")


class Website:
    """A website that counts visits by a cookie and says what it was asked."""

    def __init__(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self.server = TestServer(app)
        self.location = "/elsewhere?a=1"
        self.asked: list[web.Request] = []

    async def _answer(self, request: web.Request) -> web.Response:
        self.asked.append(request)
        if request.path == "/away":
            return web.Response(status=302, headers={"Location": self.location})
        visits = int(request.cookies.get("visits", "0")) + 1
        answer = web.Response(text=f'<a href="/m/">{visits}</a>', content_type="text/html")
        answer.set_cookie("visits", str(visits), httponly=True, secure=True)
        answer.headers["X-Frame-Options"] = "DENY"
        answer.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'"
        return answer


@pytest.fixture
async def website() -> AsyncIterator[Website]:
    made = Website()
    await made.server.start_server()
    yield made
    await made.server.close()


@pytest.fixture
async def simulator(options: Options, website: Website) -> AsyncIterator[Simulator]:
    held = replace(options, web_url=str(website.server.make_url("/")))
    async with TestClient(TestServer(make_app(held))) as client:
        yield Simulator(client)


async def visit(
    simulator: Simulator, user: str, path: str = "/", **more: object
) -> tuple[ClientResponse, str]:
    address = URL(f"/_sim/users/{user}/web{path}", encoded=True)
    async with simulator.client.get(address, allow_redirects=False, **more) as answer:  # type: ignore[arg-type]
        return answer, await answer.text()


async def test_each_person_has_cookies_of_their_own_and_the_outer_browser_has_none(
    simulator: Simulator,
) -> None:
    li, wang = await simulator.person(), await simulator.person("王芳")
    seen = [(await visit(simulator, user))[1] for user in (li, li, wang, li)]
    assert ["".join(filter(str.isdigit, one.split(">")[1])) for one in seen] == ["1", "2", "1", "3"]
    answer, _ = await visit(simulator, li)
    assert "Set-Cookie" not in answer.headers


async def test_cleared_cookies_are_gone(simulator: Simulator) -> None:
    li = await simulator.person()
    await visit(simulator, li)
    await simulator.post(f"/_sim/users/{li}/web")
    assert ">1<" in (await visit(simulator, li))[1]


async def test_a_page_may_stand_in_the_phone_and_nowhere_else(simulator: Simulator) -> None:
    answer, text = await visit(simulator, await simulator.person())
    assert "X-Frame-Options" not in answer.headers
    assert answer.headers["Content-Security-Policy"] == "default-src 'self'; frame-ancestors 'self'"
    assert 'href="/_sim/users/' in text


async def test_the_website_sees_its_own_address_and_a_browser_in_the_chat(
    simulator: Simulator, website: Website
) -> None:
    li = await simulator.person()
    came_from = f"http://phone.test/_sim/users/{li}/web/m/?tail=5"
    headers = {"Referer": came_from, "Origin": "http://phone.test", "Cookie": "mine=1"}
    await visit(simulator, li, "/a%2Fb?q=%E4%BA%94&q=2", headers=headers)
    asked = website.asked[-1]
    origin = str(website.server.make_url("/")).rstrip("/")
    assert asked.raw_path == "/a%2Fb?q=%E4%BA%94&q=2"
    assert (asked.headers["Origin"], asked.headers["Referer"]) == (origin, f"{origin}/m/?tail=5")
    assert "MicroMessenger" in asked.headers["User-Agent"]
    assert "mine" not in asked.cookies


async def test_no_path_leads_to_another_host(simulator: Simulator, website: Website) -> None:
    li = await simulator.person()
    for path in ("//example.invalid/x", "/%2F%2Fexample.invalid/", "/@example.invalid/"):
        before = len(website.asked)
        answer, _ = await visit(simulator, li, path)
        assert (answer.status, len(website.asked)) == (200, before + 1)


@pytest.mark.parametrize(
    ("location", "expected"),
    [("/elsewhere?a=1", "/_sim/users/{}/web/elsewhere?a=1"), ("{site}/m/", "/_sim/users/{}/web/m/")],
)
async def test_a_redirect_stays_in_the_chat(
    simulator: Simulator, website: Website, location: str, expected: str
) -> None:
    li = await simulator.person()
    website.location = location.format(site=str(website.server.make_url("/")).rstrip("/"))
    answer, _ = await visit(simulator, li, "/away")
    assert (answer.status, answer.headers["Location"]) == (302, expected.format(li))


async def test_a_redirect_to_another_host_ends_at_a_page_that_says_so(
    simulator: Simulator, website: Website
) -> None:
    website.location = "https://example.invalid/?a=<b>"
    answer, text = await visit(simulator, await simulator.person(), "/away")
    assert answer.status == 200
    assert "不在这台机器上" in text
    assert "<b>" not in text


def authorize(website: Website, scope: str) -> str:
    back = quote(str(website.server.make_url("/m/")), safe="")
    asked = f"appid={APP_ID}&redirect_uri={back}&response_type=code&scope={scope}&state=s"
    return f"https://open.weixin.qq.com/connect/oauth2/authorize?{asked}#wechat_redirect"


async def test_a_silent_sign_in_comes_back_with_a_code_of_this_person(
    simulator: Simulator, website: Website
) -> None:
    li = await simulator.person()
    website.location = authorize(website, "snsapi_base")
    answer, _ = await visit(simulator, li, "/away")
    async with simulator.client.get(
        URL(answer.headers["Location"], encoded=True), allow_redirects=False
    ) as there:
        location = urlsplit(there.headers["Location"])
    code = parse_qs(location.query)["code"][0]
    query = f"appid={APP_ID}&secret=secret&code={code}&grant_type=authorization_code"
    said = await simulator.get(f"/sns/oauth2/access_token?{query}")
    assert location.path == f"/_sim/users/{li}/web/m/"
    assert said["openid"] == await simulator.openid(li)


async def test_a_sign_in_that_tells_more_waits_for_the_person(simulator: Simulator, website: Website) -> None:
    li = await simulator.person()
    wanted = authorize(website, "snsapi_userinfo")
    async with simulator.client.get(f"/_sim/users/{li}/sign-in", params={"url": wanted}) as answer:
        assert answer.status == 200
        assert "武汉交警想知道您的昵称" in await answer.text()


async def test_a_website_that_is_away_is_said_in_a_sentence(simulator: Simulator, website: Website) -> None:
    li = await simulator.person()
    await website.server.close()
    answer, text = await visit(simulator, li)
    assert answer.status == 502
    assert "网站没有答复" in text


PATHS = st.text("abc/?=&;%#.-", max_size=20).map(lambda rest: "/" + rest.lstrip("/"))


@given(path=PATHS, name=st.sampled_from(["href", "src", "action", "hx-get", "formaction", "data-url"]))
def test_every_address_of_the_website_in_a_page_carries_the_prefix(path: str, name: str) -> None:
    for value in (path, f"http://127.0.0.1:8000{path}"):
        page = f'<a {name}="{value}">'
        assert rewritten(page, WEBSITE, PREFIX, is_html=True) == f'<a {name}="{PREFIX}{path}">'


@given(
    value=st.sampled_from(["#top", "?tail=5", "m/", "tel:120", "https://example.invalid/", "//cdn.invalid/x"])
)
def test_every_other_address_stays_as_it_is(value: str) -> None:
    page = f'<a class="x" href="{value}">/m/</a>'
    assert rewritten(page, WEBSITE, PREFIX, is_html=True) == page


def test_a_style_sheet_finds_its_pictures() -> None:
    sheet = "a { background: url('/static/a.svg') } b { background: url(b.svg) }"
    expected = f"a {{ background: url('{PREFIX}/static/a.svg') }} b {{ background: url(b.svg) }}"
    assert rewritten(sheet, WEBSITE, PREFIX, is_html=False) == expected


async def test_one_line_tells_of_two_people_and_of_the_desk(simulator: Simulator) -> None:
    li, wang = await simulator.person(), await simulator.person("王芳")
    async with simulator.client.get(f"/_sim/events?users={li},{wang}") as line:
        assert await line.content.readline() == b"retry: 1000\n"
        await simulator.post(f"/_sim/users/{wang}/follow", {"account": "service"})
        assert await _event(line) == {"kind": "thread", "account": "service", "user": wang}
        await simulator.post("/_sim/clock", {"rate": 0})
        told: set[str] = set()
        while told != {li, wang}:
            event = await _event(line)
            told |= {event["user"]} if event["kind"] == "clock" else set()


async def _event(line: ClientResponse) -> dict[str, str]:
    while not (read := await asyncio.wait_for(line.content.readline(), 10)).startswith(b"data: "):
        assert read
    event: dict[str, str] = json.loads(read.removeprefix(b"data: "))
    return event
