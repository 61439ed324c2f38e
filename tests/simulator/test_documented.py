"""Each call is answered, and refused, as its page says."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.callee import APP_ID, Callee
from tests.simulator.conftest import Simulator
from tests.simulator.proofs import CALLS, proves
from tests.simulator.shapes import Shape, read_shape, shape_of
from tests.simulator.shapes.scene import AMR, MP4, PNG
from tests.simulator.shapes.stories import STORIES, Scene

PAGES = Path(__file__).parent / "shapes" / "documented.toml"


@dataclass(frozen=True, kw_only=True)
class Documented:
    """What a page says of a call's answer, for an account with these settings."""

    call: str
    page: str
    has: Shape
    settings: dict[str, Any] = field(default_factory=dict)


ANSWERS = [
    Documented(**raw | {"has": read_shape(raw["has"])})
    for raw in tomllib.loads(PAGES.read_text("utf-8"))["answer"]
]


@pytest.fixture
def scene(simulator: Simulator, callee: Callee) -> Scene:
    return Scene(simulator=simulator, callee=callee)


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(
            one, marks=proves(one.call.partition("#")[0], body=one.page), id=f"{one.call} {one.page}"
        )
        for one in ANSWERS
    ],
)
async def test_an_answer_has_what_its_page_says(scene: Scene, told: Documented) -> None:
    await scene.simulator.set(**told.settings)
    assert shape_of(await STORIES[told.call](scene)) == told.has


@proves("GET /cgi-bin/media/get", body="subscription/api/material/temporary/api_getmedia")
@proves("GET /cgi-bin/media/get/jssdk", body="subscription/api/material/temporary/api_gethdvoice")
@pytest.mark.parametrize("content", [PNG, AMR], ids=["picture", "sound"])
async def test_a_medium_is_answered_by_its_bytes(scene: Scene, content: bytes) -> None:
    kind = "image" if content == PNG else "voice"
    number = (await scene.upload("/cgi-bin/media/upload", content, type=kind))["media_id"]
    for path in ("/cgi-bin/media/get", "/cgi-bin/media/get/jssdk"):
        content_type, body = await scene.raw(path, media_id=number)
        assert (content_type, body) == ("image/png" if kind == "image" else "audio/amr", content)


@proves("POST /cgi-bin/material/get_material", body="subscription/api/material/permanent/api_getmaterial")
async def test_a_picture_of_the_library_is_answered_by_its_bytes(scene: Scene) -> None:
    body = {"media_id": await scene.picture()}
    assert await scene.raw("/cgi-bin/material/get_material", body) == ("image/png", PNG)


@proves("GET /cgi-bin/showqrcode", body="offiaccount/Account_Management/Generating_a_Parametric_QR_Code")
async def test_the_drawing_of_a_code_is_a_picture(scene: Scene) -> None:
    ticket = (await STORIES["POST /cgi-bin/qrcode/create"](scene))["ticket"]
    content_type, body = await scene.raw("/cgi-bin/showqrcode", ticket=ticket)
    assert content_type in {"image/png", "image/jpg", "image/jpeg"}
    assert body.startswith(b"\x89PNG")


ASKED = {"grant_type": "client_credential", "appid": APP_ID, "secret": "secret"}
CLEAR = {"appid": APP_ID, "appsecret": "secret"}
CHECK = {"action": "all", "check_operator": "DEFAULT"}


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A code that a page lists, and the request that brings it."""

    call: str
    code: int
    body: Any = None
    query: dict[str, str] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)


def refusals(call: str, *rows: tuple[int, Any] | tuple[int, Any, dict[str, Any]]) -> list[Refusal]:
    """One call's refusals: code, body (or, of a GET, query), perhaps settings."""
    made = []
    for code, given, *more in rows:
        settings = more[0] if more else {}
        asked = {"query": given} if call.startswith("GET") else {"body": given}
        made.append(Refusal(call=call, code=code, settings=settings, **asked))
    return made


REFUSALS = [
    *refusals(
        "GET /cgi-bin/token",
        (40002, ASKED | {"grant_type": "password"}),
        (40013, ASKED | {"appid": "wx0"}),
        (40125, ASKED | {"secret": "guess"}),
        (41004, {"grant_type": "client_credential", "appid": APP_ID}),
        (40164, ASKED, {"ip_whitelist": ["192.0.2.1"]}),
        (40243, ASKED, {"secret_frozen": True}),
    ),
    *refusals(
        "POST /cgi-bin/stable_token",
        (40002, ASKED | {"grant_type": "password"}),
        (40013, ASKED | {"appid": "wx0"}),
        (40125, ASKED | {"secret": "guess"}),
        (40164, ASKED, {"ip_whitelist": ["192.0.2.1"]}),
        (41002, {"grant_type": "client_credential", "secret": "secret"}),
        (41004, {"grant_type": "client_credential", "appid": APP_ID}),
    ),
    *refusals(
        "POST /cgi-bin/callback/check",
        (40202, CHECK | {"action": "trace"}),
        (40203, CHECK | {"check_operator": "NOBODY"}),
        (40203, {"action": "all"}),
    ),
    *refusals("POST /cgi-bin/clear_quota", (40013, {"appid": "wx0"})),
    *refusals(
        "POST /cgi-bin/clear_quota/v2",
        (40013, CLEAR | {"appid": "wx0"}),
        (41002, {"appsecret": "secret"}),
        (41004, {"appid": APP_ID}),
    ),
    *refusals(
        "POST /cgi-bin/openapi/quota/get",
        (76021, {"cgi_path": "cgi-bin/user/get"}),
        (76021, {"cgi_path": "/cgi-bin/nothing"}),
        (76022, {"cgi_path": "/sns/userinfo"}),
    ),
    *refusals(
        "POST /cgi-bin/openapi/quota/clear",
        (76021, {"cgi_path": "/cgi-bin/nothing"}),
        (76022, {"cgi_path": "/sns/userinfo"}),
        (76022, {"cgi_path": "/cgi-bin/user/get"}, {"quota_clear_any_path": False}),
        (44002, None),
    ),
    *refusals(
        "POST /cgi-bin/openapi/rid/get", (76001, {"rid": "61725984-6126f6f9-040f19c4"}), (76002, {"rid": "x"})
    ),
    *refusals("POST /cgi-bin/material/get_material", (40007, {"media_id": "none"})),
    *refusals("POST /cgi-bin/material/del_material", (40007, {"media_id": "none"})),
    *refusals("POST /cgi-bin/material/batchget_material", (40004, {"type": "poem", "offset": 0, "count": 1})),
    *refusals("GET /cgi-bin/media/get", (40007, {"media_id": "none"})),
    *refusals(
        "GET /cgi-bin/media/get/jssdk",
        (40007, {"media_id": "none"}),
        (48001, {"media_id": "none"}, {"verified": False}),
    ),
    *refusals("POST /cgi-bin/draft/get", (40007, {"media_id": "none"})),
    *refusals("POST /cgi-bin/draft/delete", (40007, {"media_id": "none"})),
    *refusals("POST /cgi-bin/freepublish/get", (40002, {"publish_id": "1"})),
    *refusals("POST /cgi-bin/freepublish/getarticle", (53600, {"article_id": "none"})),
    *(
        one
        for call in ("submit", "get", "getarticle", "batchget", "delete")
        for one in refusals(
            f"POST /cgi-bin/freepublish/{call}",
            (48001, {}, {"verified": False}),
        )
    ),
    *refusals("POST /cgi-bin/message/mass/speed/set", (45083, {"speed": 5}), (45084, {})),
    *refusals("GET /customservice/kfsession/getsession", (40003, {"openid": "oNobody"})),
    *refusals(
        "POST /customservice/kfaccount/add",
        (65400, {"kf_account": "wang@gh", "nickname": "小王"}, {"new_customer_service": False}),
    ),
    *refusals(
        "POST /customservice/msgrecord/getmsglist",
        (65416, {"starttime": 2, "endtime": 1, "msgid": 1, "number": 10}),
        (65416, {"starttime": 1, "endtime": 2, "msgid": 1, "number": 10_001}),
        (65417, {"starttime": 0, "endtime": 86_401, "msgid": 1, "number": 10}),
    ),
    *refusals(
        "GET /wxaapi/newtmpl/getpubtemplatetitles",
        (200016, {"ids": "616", "start": "x", "limit": "1"}),
        (200017, {"ids": "616", "start": "0", "limit": "31"}),
        (200018, {"start": "0", "limit": "1"}),
    ),
]
OPEN = frozenset({"/cgi-bin/token", "/cgi-bin/stable_token", "/cgi-bin/clear_quota/v2"})
ERROR = read_shape("errcode:int errmsg:str")


async def refused(scene: Scene, one: Refusal) -> Any:
    method, _, path = one.call.partition(" ")
    query = one.query
    if path not in OPEN:
        token = await scene.simulator.token()
        query = query | {"access_token": token}
    await scene.simulator.set(**one.settings)
    sent = None if one.body is None else json.dumps(one.body, ensure_ascii=False).encode()
    async with scene.simulator.client.request(method, path, params=query, data=sent) as response:
        assert response.status == 200
        return await response.json()


@pytest.mark.parametrize(
    "refusal",
    [
        pytest.param(one, marks=proves(one.call, code=one.code), id=f"{one.call} {one.code} {number}")
        for number, one in enumerate(REFUSALS)
    ],
)
async def test_a_refusal_has_the_code_that_its_page_lists(scene: Scene, refusal: Refusal) -> None:
    said = await refused(scene, refusal)
    assert (said["errcode"], shape_of(said)) == (refusal.code, ERROR)


WITH_TOKEN = sorted(
    call
    for call in CALLS
    if not call.partition(" ")[2].startswith(("/sns/", "/connect/", "/cgi-bin/showqrcode"))
    and call.partition(" ")[2] not in OPEN
)


async def test_every_call_that_needs_a_token_says_so_alike(simulator: Simulator) -> None:
    for call in WITH_TOKEN:
        method, _, path = call.partition(" ")
        for query, code in (("", 41001), ("?access_token=" + "x" * 40, 40001)):
            _, said = await simulator.call(method, path + query, {} if method == "POST" else None)
            assert (said["errcode"], shape_of(said)) == (code, ERROR), call
            assert " rid: " in said["errmsg"]


async def test_every_call_refuses_the_other_method(simulator: Simulator) -> None:
    token = await simulator.token()
    for call in WITH_TOKEN:
        method, _, path = call.partition(" ")
        other = "POST" if method == "GET" else "GET"
        _, said = await simulator.call(other, f"{path}?access_token={token}", {} if other == "POST" else None)
        assert said["errcode"] == (43001 if method == "GET" else 43002), call


@proves("POST /cgi-bin/message/mass/sendall", code=45065)
async def test_a_mass_send_again_names_the_first(scene: Scene) -> None:
    said = await STORIES["POST /cgi-bin/message/mass/sendall#again"](scene)
    assert shape_of(said) == read_shape("errcode:int errmsg:str msg_id:int msg_data_id:int")
    assert said["errcode"] == 45065


@proves("POST /cgi-bin/clear_quota", code=48006)
@proves("POST /cgi-bin/clear_quota/v2", code=48006)
async def test_both_ways_to_clear_share_ten_times_a_month(scene: Scene) -> None:
    ways = [STORIES["POST /cgi-bin/clear_quota"], STORIES["POST /cgi-bin/clear_quota/v2"]]
    said = [(await ways[n % 2](scene))["errcode"] for n in range(12)]
    assert said == [0] * 10 + [48006, 48006]


@proves("POST /cgi-bin/openapi/rid/get", code=76003)
@proves("POST /cgi-bin/openapi/rid/get", code=76004)
async def test_a_rid_is_for_its_own_account_and_for_seven_days(scene: Scene) -> None:
    await scene.simulator.at("2026-11-24T10:00:00+08:00")
    first = (await scene.simulator.get("/_sim/accounts"))["accounts"][0]
    more = {"name": "second", "app_id": "wx1123456789abcdef", "original_id": "gh_1123456789ab"}
    await scene.simulator.call("PUT", "/_sim/accounts", [first, first | more])
    wrong = await scene.ask("/cgi-bin/menu/create", {"button": []})
    rid = {"rid": wrong["errmsg"].rpartition("rid: ")[2]}
    path = "/cgi-bin/openapi/rid/get"
    assert (await scene.simulator.api(path, rid, account="second"))["errcode"] == 76003
    await scene.simulator.at("2026-12-01T09:59:59+08:00")
    assert (await scene.ask(path, rid))["errcode"] == 0
    await scene.simulator.at("2026-12-01T10:00:00+08:00")
    assert (await scene.ask(path, rid))["errcode"] == 76004
    await scene.simulator.set(rid_expired_code=76001)
    assert (await scene.ask(path, rid))["errcode"] == 76001


@proves("POST /cgi-bin/stable_token", code=45011)
async def test_a_forced_token_comes_every_thirty_seconds_at_most(scene: Scene) -> None:
    await scene.simulator.at("2026-11-24T10:00:00+08:00")
    forced = ASKED | {"force_refresh": True}
    said = [await scene.simulator.post("/cgi-bin/stable_token", forced) for _ in "ab"]
    assert [one.get("errcode", 0) for one in said] == [0, 45011]


@proves("POST /cgi-bin/freepublish/delete", body="subscription/api/public/api_freepublishdelete")
async def test_one_article_of_several_is_taken_back_and_marked(scene: Scene) -> None:
    number = await scene.publication(await scene.article(), await scene.article(title="雪天慢行"))
    done = await scene.ask("/cgi-bin/freepublish/get", {"publish_id": number})
    asked = {"article_id": done["article_id"]}
    await scene.ask("/cgi-bin/freepublish/delete", asked | {"index": 1})
    left = (await scene.ask("/cgi-bin/freepublish/getarticle", asked))["news_item"]
    assert [(one["title"], one["is_deleted"]) for one in left] == [("雨天慢行", True), ("雪天慢行", False)]
    await scene.ask("/cgi-bin/freepublish/delete", asked | {"index": 2})
    assert (await scene.ask("/cgi-bin/freepublish/getarticle", asked))["errcode"] == 53600


@proves("POST /cgi-bin/material/add_material", body="subscription/api/material/permanent/api_addmaterial")
async def test_a_film_needs_its_title(scene: Scene) -> None:
    path = "/cgi-bin/material/add_material"
    described = '{"title": "雨天慢行", "introduction": "一分钟"}'
    assert "media_id" in await scene.upload(path, MP4, type="video", description=described)
    assert (await scene.upload(path, MP4, type="video"))["errcode"] == 47001
