"""Each callback looks as other projects' tests and the official pages have it, but for what is explained."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.callee import Callee
from tests.simulator.conftest import Simulator
from tests.simulator.shapes import Shape, read_shape, shape_of_xml
from tests.simulator.shapes.stories import Scene
from tests.simulator.shapes.stories_of_events import EVENTS

HELD = tomllib.loads((Path(__file__).parent / "shapes/callbacks.toml").read_text("utf-8"))
COMMON = "ToUserName:text FromUserName:text CreateTime:bare MsgType:text"


def expected(raw: dict[str, Any], common: str) -> Shape:
    """What the callback must be: what the source has, without what is gone, with what is new."""
    has = read_shape(raw["has"])
    gone, new = (
        frozenset().union(*(read_shape(part) for part, reason in raw.get(name, []) if reason))
        for name in ("gone", "new")
    )
    assert gone <= has
    assert not new & has
    return read_shape(common) | (has - gone) | new


@pytest.fixture
def scene(simulator: Simulator, callee: Callee) -> Scene:
    return Scene(simulator=simulator, callee=callee)


async def told(scene: Scene, event: str) -> str:
    """The last callback of this event, after everything that is due was told."""
    await scene.simulator.post("/_sim/settle")
    return [call.plain for call in scene.callee.calls if call.fields.get("Event") == event][-1]


@pytest.mark.parametrize("raw", HELD["event"], ids=lambda raw: raw["name"])
async def test_an_event_has_every_element_and_no_other(scene: Scene, raw: dict[str, Any]) -> None:
    name = raw["name"]
    if "fields" in raw:
        user = (await scene.person())[0]
        message = {"type": "event", "event": name, "fields": raw["fields"]}
        body = {"account": "service", "message": message}
        await scene.simulator.post(f"/_sim/users/{user}/send", body)
    else:
        await EVENTS[name](scene)
    plain = await told(scene, name.partition("#")[0])
    assert shape_of_xml(plain) == expected(raw, f"{COMMON} Event:text")


@pytest.mark.parametrize("raw", HELD["message"], ids=lambda raw: raw["name"])
async def test_a_message_has_every_element_and_no_other(scene: Scene, raw: dict[str, Any]) -> None:
    await scene.simulator.set(speech_recognition=True)
    user = (await scene.person())[0]
    body = {"account": "service", "message": raw["message"]}
    await scene.simulator.post(f"/_sim/users/{user}/send", body)
    assert shape_of_xml(scene.callee.calls[-1].plain) == expected(raw, f"{COMMON} MsgId:bare")


def test_every_event_that_happens_is_compared() -> None:
    assert {raw["name"] for raw in HELD["event"] if "fields" not in raw} == EVENTS.keys()


@pytest.mark.parametrize(
    ("body", "shape"),
    [
        ("<xml><A>1</A><B><![CDATA[x]]></B></xml>", "A:bare B:text"),
        ("<xml><A><item><B/></item></A><C><![CDATA[]]></C></xml>", "A( item[]( B:bare ) ) C:text"),
    ],
)
def test_a_shape_is_read_from_xml(body: str, shape: str) -> None:
    assert shape_of_xml(body) == read_shape(shape)


def test_an_element_that_comes_twice_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="A comes twice"):
        shape_of_xml("<xml><A/><A/></xml>")
