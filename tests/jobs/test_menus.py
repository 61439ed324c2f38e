"""The account's menu: what the pack says less what is not switched on, and the platform shows just that."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import pytest
from aiohttp import ClientSession

from daxiang.config import django_settings
from daxiang.domains.conversation.account_menu import NEEDS, Planned, read_menu
from daxiang.domains.conversation.facts import Feature
from daxiang.domains.conversation.menus import intent_of_key
from daxiang.domains.restrictions.errors import PackWrong
from daxiang.domains.restrictions.queries import packs_folder
from daxiang.integrations.wechat.account_menu import menu_of
from daxiang.integrations.wechat.client import client as client_module
from daxiang.integrations.wechat.client import menus
from daxiang.integrations.wechat.client.client import WeChatClient
from daxiang.integrations.wechat.client.menus import Button, Entry, Press, Submenu, checked
from daxiang.jobs import menus as job
from daxiang.jobs.menus import Menus, is_ours
from tests.simulator.conftest import Simulator
from tests.wechat_client.conftest import ACCOUNT, address
from tests.wechat_client.test_with_simulator import SimulatorTokens

WUHAN = read_menu(packs_folder() / "wuhan")
SITE = "https://jg.example.cn"
EVERYTHING = frozenset(Feature)


def keys(entries: tuple[Entry, ...]) -> set[str]:
    leaves = itertools.chain.from_iterable(
        one.buttons if isinstance(one, Submenu) else (one,) for one in entries
    )
    return {leaf.key for leaf in leaves if leaf.key}


def in_folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / "menu.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_wuhans_menu_has_what_its_people_ask_for_most() -> None:
    first, second, more = menu_of(WUHAN, features=EVERYTHING, public_url=SITE)
    assert first == Button(name="今天能走", press=Press.CLICK, key="today")
    assert second == Button(name="今天的图", press=Press.CLICK, key="picture")
    assert isinstance(more, Submenu)
    assert Button(name="过江规定", press=Press.VIEW, url=f"{SITE}/m/") in more.buttons


@pytest.mark.parametrize("key", NEEDS)
def test_every_key_that_a_pack_may_use_is_understood(key: str) -> None:
    assert intent_of_key(key) is not None


@pytest.mark.parametrize("off", [feature for feature in NEEDS.values() if feature is not None])
def test_nothing_leads_to_what_is_switched_off(off: Feature) -> None:
    every = keys(menu_of(WUHAN, features=EVERYTHING, public_url=SITE))
    shown = keys(menu_of(WUHAN, features=EVERYTHING - {off}, public_url=SITE))
    assert shown == {key for key in every if NEEDS[key] != off} != every


def test_a_submenu_with_nothing_left_in_it_is_left_out() -> None:
    planned = (Planned(name="更多", below=(Planned(name="我的车", does="cars"),)),)
    assert menu_of(planned, features=frozenset(), public_url=SITE) == ()


def test_whatever_can_be_read_the_platform_takes() -> None:
    for size in range(len(EVERYTHING) + 1):
        for features in itertools.combinations(EVERYTHING, size):
            assert checked(menu_of(WUHAN, features=features, public_url=SITE))


ENTRY = '[[button]]\nname = "今天能走"\ndoes = "today"\n'
BELOW = '[[button.button]]\nname = "今天能走"\ndoes = "today"\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ENTRY * 4, "最多3项"),
        ('[[button]]\nname = "更多"\n' + BELOW * 6, "最多5项"),
        (ENTRY.replace("今天能走", "今天能走不能走"), "name 最多5个汉字"),
        (ENTRY.replace('"today"', '"yesterday"'), "可写的有"),
        (ENTRY.replace('does = "today"', 'page = "m/"'), "要以 / 开头"),
        (ENTRY.replace('does = "today"', 'page = "//evil.example/"'), "要以 / 开头"),
        (ENTRY + 'page = "/m/"\ncolour = "red"\n', "没有这个字段"),
        ("button = 1", "button"),
    ],
)
def test_a_slip_of_the_pen_is_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(PackWrong, match=r"menu\.toml") as failed:
        read_menu(in_folder(tmp_path, text))
    assert told in str(failed.value)


def test_a_pack_without_a_menu_has_none(tmp_path: Path) -> None:
    assert read_menu(tmp_path) == ()


@pytest.mark.parametrize(
    ("account", "features", "relay", "expected"),
    [
        ("service", "menu", None, True),
        ("service", "remember", None, False),
        ("subscription", "menu", None, False),
        ("service", "menu", "http://old.example/", False),
    ],
)
def test_only_the_citizens_menu_that_is_ours_is_kept(
    account: str, features: str, relay: str | None, expected: bool
) -> None:
    settings = dataclasses.replace(django_settings.DAXIANG, features=frozenset({features}))
    held = dataclasses.replace(settings.accounts[account], relay_url=relay)
    assert is_ours(held, settings) is expected


class Keeping:
    """A keeper of menus against the simulator, with a clock of its own."""

    def __init__(self, client: WeChatClient) -> None:
        self.client = client
        self.wanted = menu_of(WUHAN, features=EVERYTHING, public_url=SITE)
        self.seconds = 0.0
        self.menus = self.restarted()

    def restarted(self) -> Menus:
        return Menus({"service": self.client}, wanted=lambda: self.wanted, now_s=lambda: self.seconds)

    async def shown(self) -> tuple[Entry, ...]:
        held = await menus.get(self.client)
        return () if held is None else held.entries


@pytest.fixture
def keeping(simulator: Simulator, session: ClientSession, monkeypatch: pytest.MonkeyPatch) -> Keeping:
    monkeypatch.setattr(client_module, "PAUSE_S", 0.0)
    tokens = SimulatorTokens(simulator)
    return Keeping(WeChatClient(account=ACCOUNT, base_url=address(simulator), session=session, tokens=tokens))


async def test_the_menu_is_written_once_and_not_again_after_a_restart(keeping: Keeping) -> None:
    assert [await keeping.menus.round() for _ in range(3)] == [1, 0, 0]
    assert await keeping.shown() == keeping.wanted
    assert await keeping.restarted().round() == 0


async def test_a_new_generation_brings_its_menu(keeping: Keeping) -> None:
    await keeping.menus.round()
    keeping.wanted = keeping.wanted[:1]
    assert await keeping.menus.round() == 1
    assert await keeping.shown() == keeping.wanted


async def test_two_workers_that_see_a_generation_at_different_moments_end_with_the_new_one(
    keeping: Keeping,
) -> None:
    slow = Keeping(keeping.client)
    keeping.wanted = keeping.wanted[:1]
    await keeping.menus.round()
    await slow.menus.round()  # sees the old generation still, and overwrites
    slow.wanted = keeping.wanted
    await slow.menus.round()
    await keeping.menus.round()
    assert await keeping.shown() == keeping.wanted


async def test_a_menu_that_was_lost_or_changed_by_hand_is_set_right(keeping: Keeping) -> None:
    await keeping.menus.round()
    await menus.delete(keeping.client)
    assert await keeping.menus.round() == 0
    keeping.seconds += job.ASK_EVERY_S
    assert await keeping.menus.round() == 1
    assert await keeping.shown() == keeping.wanted


async def test_a_platform_that_fails_is_asked_again_later_and_not_hammered(
    simulator: Simulator, keeping: Keeping
) -> None:
    fault = {"path": "/cgi-bin/menu/create", "kind": "lost_answer", "rate": 1.0, "seed": 1, "count": 3}
    await simulator.post("/_sim/faults", fault)
    assert [await keeping.menus.round() for _ in range(3)] == [0, 0, 0]
    keeping.seconds += job.FIRST_PAUSE_S
    await keeping.menus.round()
    assert await keeping.shown() == keeping.wanted


async def test_a_pack_that_cannot_be_read_leaves_what_is_shown(keeping: Keeping) -> None:
    await keeping.menus.round()

    def unreadable() -> tuple[Entry, ...]:
        raise PackWrong("wuhan/menu.toml：写错了。")

    broken = Menus({"service": keeping.client}, wanted=unreadable)
    assert await broken.round() == 0
    assert await keeping.shown() == keeping.wanted


async def test_a_pack_without_a_menu_changes_nothing_on_the_platform(keeping: Keeping) -> None:
    await menus.create(keeping.client, [Button(name="旧菜单", press=Press.CLICK, key="old")])
    keeping.wanted = ()
    assert await keeping.menus.round() == 0
    assert keys(await keeping.shown()) == {"old"}
