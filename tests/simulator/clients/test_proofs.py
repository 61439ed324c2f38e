"""A declaration of a proof holds only if the call was made."""

from __future__ import annotations

import pytest

from tests.simulator.conftest import Simulator
from tests.simulator.proofs import HEARD, Heard, Proof, declared, declared_by, missing, proves

STABLE = "POST /cgi-bin/stable_token"
PAGE = "service/api/base/api_getstableaccesstoken"
ASKED = {"grant_type": "client_credential", "appid": "wx0123456789abcdef", "secret": "secret"}


@proves(STABLE, code=40125)
async def test_a_refusal_counts_for_its_code_only(simulator: Simulator, heard: Heard) -> None:
    await simulator.post("/cgi-bin/stable_token", ASKED | {"secret": "another"})
    assert heard.answers == {(STABLE, 40125)}


async def test_a_call_that_was_made_is_proved(simulator: Simulator, request: pytest.FixtureRequest) -> None:
    request.applymarker(proves(STABLE, body=PAGE))  # not a declaration: nothing is compared here
    before = missing(request.node)
    await simulator.post("/cgi-bin/stable_token", ASKED)
    assert (len(before), missing(request.node)) == (1, [])


def test_a_test_without_a_simulator_would_prove_nothing(request: pytest.FixtureRequest) -> None:
    request.applymarker(proves(STABLE, body=PAGE))
    assert missing(request.node) == [f"{STABLE} was not answered with 0"]
    made = Heard()
    request.node.stash[HEARD] = made
    made.answers.add((STABLE, 0))


def test_an_unknown_call_and_a_proof_by_nothing_are_mistakes() -> None:
    with pytest.raises(ValueError, match="has no call"):
        proves("GET /cgi-bin/stable_token", body=PAGE)
    with pytest.raises(ValueError, match="by what"):
        proves(STABLE)


def test_declarations_of_tests_are_found() -> None:
    assert Proof(call=STABLE, code=40125) in declared()


def test_declarations_of_parameters_are_found_too_and_those_of_a_skipped_test_are_not() -> None:
    case = pytest.param(1, marks=[proves(STABLE, body=PAGE), proves(STABLE, code=40002)])

    @pytest.mark.parametrize("number", [case, 2])
    def tried(number: int) -> None: ...

    assert list(declared_by(tried)) == [Proof(call=STABLE, body=PAGE), Proof(call=STABLE, code=40002)]
    assert list(declared_by(pytest.mark.skip(reason="never runs")(tried))) == []
