"""The page that says which call is proved how says what the tests prove."""

from __future__ import annotations

from daxiang_simulator.platform.frame import SPECS
from daxiang_simulator.platform.purposes import PURPOSES
from tests.simulator.clients.table import PAGE, PROVED, page, unproved
from tests.simulator.proofs import Proof, declared

RERUN = "run python -m tests.simulator.clients.table"


def test_the_page_is_what_the_tests_declare_and_wechatpy_called() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(PROVED, declared()), RERUN


def test_every_call_is_said_in_words() -> None:
    assert PURPOSES.keys() == {path for path, spec in SPECS.items() if spec.method != "*"}


def test_a_call_that_is_only_refused_is_not_proved() -> None:
    call = "POST /cgi-bin/clear_quota"
    assert call in unproved({}, [Proof(call=call, code=40013)])
    assert call not in unproved({}, [Proof(call=call, body="a page")])
    assert call not in unproved({"1.8.18": {call: [0]}}, [])
    assert call in unproved({"1.8.18": {call: [40013]}}, [])
