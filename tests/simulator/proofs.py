"""Which call of the platform is proved how: tests declare it, and are held to it while they run.

    @proves("POST /cgi-bin/draft/add", body="service/api/draftbox/draftmanage/api_draft_add")
    @proves("POST /cgi-bin/draft/add", code=40007)
    async def test_…(simulator): …

A test so marked fails unless the simulator answered that call inside it: with success, or, where `code` is
given, with that code. The page docs/reference/simulator-calls.md is written from these declarations
(`python -m tests.simulator.clients.table`) and compared by a test.
"""

from __future__ import annotations

import importlib
import inspect
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from daxiang_simulator.platform.frame import SPECS
from daxiang_simulator.platform.routes import NOUNS

assert NOUNS  # importing them registered their calls
HERE = Path(__file__).parent
NOT_SURE = frozenset({"skip", "skipif", "xfail"})
CALLS = frozenset(f"{spec.method} {spec.path}" for spec in SPECS.values() if spec.method != "*")
"""Every call, as `METHOD /path`."""


@dataclass(frozen=True, kw_only=True, order=True)
class Proof:
    """One declaration: this call, by the documented body on a page, by a fixture's shape, or one refusal."""

    call: str
    body: str = ""
    shape: str = ""
    code: int = 0


def proves(call: str, *, body: str = "", shape: str = "", code: int = 0) -> pytest.MarkDecorator:
    """Mark a test (or a `pytest.param`, by `marks=`) as the proof of a call.

    `body`: the page whose documented answer it was compared with. `shape`: the fixture whose shape it has, as
    `wechatpy:tests/fixtures/token.json`. `code`: the refusal shown; alone it proves the refusal only.
    """
    if call not in CALLS:
        raise ValueError(f"the simulator has no call {call}")
    if not (body or shape or code):
        raise ValueError(f"{call}: proved by what?")
    return pytest.mark.proves(Proof(call=call, body=body, shape=shape, code=code))


class Heard:
    """What simulators answered during one test: (call, code); code 0 is success."""

    def __init__(self) -> None:
        self.answers: set[tuple[str, int]] = set()

    def listen(self, app: web.Application) -> None:
        """Hear what this simulator answers."""
        app.on_response_prepare.append(self._hear)

    async def _hear(self, request: web.Request, response: web.StreamResponse) -> None:
        code = _code(response)
        if code is not None:
            self.answers.add((f"{request.method} {request.path}", code))


HEARD = pytest.StashKey[Heard]()


def _code(response: web.StreamResponse) -> int | None:
    """The errcode of an answer, 0 where it is none; None for what is no answer of the platform."""
    if response.status >= 400:
        return None
    body = getattr(response, "body", None)
    if "json" not in response.content_type or not isinstance(body, bytes):
        return 0
    code: int = json.loads(body).get("errcode", 0)
    return code


def proofs_of(marks: Iterable[pytest.Mark]) -> Iterator[Proof]:
    """The declarations among a test's marks."""
    for mark in marks:
        if mark.name == "proves":
            yield mark.args[0]


def missing(item: pytest.Item) -> list[str]:
    """What a test declares and did not do, a line each."""
    declared = list(proofs_of(item.iter_markers("proves")))
    if not declared:
        return []
    heard = item.stash.get(HEARD, Heard()).answers
    return [
        f"{one.call} was not answered with {one.code}"
        for one in declared
        if (one.call, one.code) not in heard
    ]


def declared() -> list[Proof]:
    """All declarations of the tests of the simulator, each once, in order."""
    return sorted({proof for path in sorted(HERE.rglob("test_*.py")) for proof in _declared_in(path)})


def _declared_in(path: Path) -> Iterator[Proof]:
    name = ".".join(path.relative_to(HERE.parents[1]).with_suffix("").parts)
    for label, test in inspect.getmembers(importlib.import_module(name), inspect.isfunction):
        if label.startswith("test_"):
            yield from declared_by(test)


def declared_by(test: Any) -> Iterator[Proof]:
    """The declarations of one test function; of one that may be left out, none."""
    marks = list(_marks(test))
    if not NOT_SURE & {mark.name for mark in marks}:
        yield from proofs_of(marks)


def _marks(test: Any) -> Iterator[pytest.Mark]:
    """A test's marks and those of its parameters."""
    for mark in getattr(test, "pytestmark", []):
        yield mark
        if mark.name == "parametrize":
            for value in mark.args[1]:
                for inner in getattr(value, "marks", ()):
                    yield getattr(inner, "mark", inner)
