"""Two unmodified versions of wechatpy, which knows nothing of the simulator, take it for the platform.

The stories are in stories/; each version tells them in a child (children.py), and what it truly called is
compared with what its source asks for.
"""

from __future__ import annotations

import asyncio

import pytest

from tests.simulator.clients.children import ADDRESSES, NEWEST, RELEASED, VERSIONS, Told, tell_all
from tests.simulator.clients.table import PROVED, as_proved

NO_SUCCESS = {
    (
        NEWEST,
        "GET /wxaapi/newtmpl/getpubtemplatetitles",
    ): "it leaves out `ids`, which the call's page demands",
}
NO_REFUSAL = {
    "GET /connect/oauth2/authorize": "a browser outside of WeChat gets one page, whatever the address says",
}
"""Calls that a version cannot show both ways, and why."""


@pytest.fixture(scope="module")
def all_told() -> dict[str, Told]:
    return asyncio.run(tell_all())


@pytest.fixture(params=list(VERSIONS))
def told(request: pytest.FixtureRequest, all_told: dict[str, Told]) -> Told:
    return all_told[request.param]


def test_it_is_the_version_that_is_meant(told: Told, all_told: dict[str, Told]) -> None:
    assert all_told[told.version] is told


def test_every_story_comes_out_as_the_documents_say(told: Told) -> None:
    assert told.differences == []
    assert told.stories >= 38


def test_every_call_that_it_shares_with_the_simulator_succeeds(told: Told) -> None:
    lacking = {call for call in told.shared if 0 not in told.codes.get(call, set())}
    assert lacking == {call for version, call in NO_SUCCESS if version == told.version}


def test_every_call_that_it_shares_is_also_refused_once(told: Told) -> None:
    assert {call for call in told.shared if not told.codes.get(call, set()) - {0}} == NO_REFUSAL.keys()


def test_every_method_that_leads_to_a_shared_call_is_used(told: Told) -> None:
    methods = {method for each in told.shared.values() for method in each}
    assert methods - told.methods == set(ADDRESSES.values())


def test_what_it_asks_for_is_read_from_its_source_and_not_from_the_run(told: Told) -> None:
    assert told.codes.keys() == told.shared.keys()


def test_the_versions_differ_where_they_are_known_to(all_told: dict[str, Told]) -> None:
    released, newest = (all_told[version].shared.keys() for version in (RELEASED, NEWEST))
    assert released - newest == {
        # The newest asks at /customservice/getkflist, an address that no page has.
        "GET /cgi-bin/customservice/getkflist",
        "GET /cgi-bin/customservice/getonlinekflist",
    }
    nouns = {call.split("/")[2] for call in newest - released}
    assert nouns == {"callback", "draft", "freepublish", "newtmpl"}


def test_the_committed_list_is_what_they_called(all_told: dict[str, Told]) -> None:
    assert as_proved(all_told) == PROVED, "run python -m tests.simulator.clients.table"
