"""The page that says which call is proved how says what the tests prove."""

from __future__ import annotations

from daxiang_simulator.platform.frame import SPECS
from daxiang_simulator.platform.purposes import PURPOSES
from tests.simulator.clients.table import PAGE, PROVED, page, unproved
from tests.simulator.proofs import Proof, declared

RERUN = "run python -m tests.simulator.clients.table"
NEITHER_WECHATPY_HAS = {
    "GET /cgi-bin/get_api_domain_ip",
    "GET /cgi-bin/media/get/jssdk",
    "GET /wxaapi/newtmpl/getpubtemplatetitles",  # the newest has it and leaves out `ids`
    "POST /cgi-bin/clear_quota",
    "POST /cgi-bin/clear_quota/v2",
    "POST /cgi-bin/draft/switch",
    "POST /cgi-bin/message/custom/typing",
    "POST /cgi-bin/message/mass/speed/get",
    "POST /cgi-bin/message/mass/speed/set",
    "POST /cgi-bin/openapi/quota/clear",
    "POST /cgi-bin/openapi/quota/get",
    "POST /cgi-bin/openapi/rid/get",
    "POST /cgi-bin/stable_token",
    "POST /customservice/kfaccount/inviteworker",
}


def test_the_page_is_what_the_tests_declare_and_wechatpy_called() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(PROVED, declared()), RERUN


def test_wechatpy_proves_all_but_the_calls_that_neither_version_has() -> None:
    assert unproved(PROVED, []) == NEITHER_WECHATPY_HAS


def test_every_call_is_said_in_words() -> None:
    assert PURPOSES.keys() == {path for path, spec in SPECS.items() if spec.method != "*"}


def test_a_call_that_is_only_refused_is_not_proved() -> None:
    call = "POST /cgi-bin/clear_quota"
    assert call in unproved({}, [Proof(call=call, code=40013)])
    assert call not in unproved({}, [Proof(call=call, body="a page")])
    assert call not in unproved({"1.8.18": {call: [0]}}, [])
    assert call in unproved({"1.8.18": {call: [40013]}}, [])
