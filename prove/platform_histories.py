"""How histories are drawn: which steps, how often, and which limits an account has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from hypothesis import strategies as st

from prove.platform_desk import NOBODY, PEOPLE
from prove.platform_quotas import Rules
from prove.platform_steps import (
    Act,
    Block,
    Clear,
    Confirm,
    CreateTags,
    Crowd,
    Custom,
    DeleteMass,
    DeleteTag,
    Follow,
    Followers,
    Mass,
    Peek,
    Preview,
    Quota,
    Scan,
    Step,
    TagThem,
    Take,
    Template,
    Unfollow,
    Wait,
)

LONGEST, ENDS_IN = 60, 40
BEGINNINGS = (
    "2026-11-24T09:00:00+08:00",
    "2026-11-24T23:58:30+08:00",
    "2026-11-30T23:40:00+08:00",
    "2026-12-31T22:00:00+08:00",
    "2027-02-28T23:59:20+08:00",
)
WAITS = (
    1,
    29,
    31,
    58,
    61,
    290,
    301,
    590,
    605,
    1790,
    1805,
    5400,
    6910,
    7190,
    7250,
    40_000,
    86_000,
    172_000,
    175_000,
)
LONG_WAITS = (3 * 86_400, 15 * 86_400, 31 * 86_400)
PATHS = (
    "/cgi-bin/message/template/send",
    "/cgi-bin/message/custom/send",
    "/cgi-bin/token",
    "/cgi-bin/user/get",
    "/cgi-bin/message/mass/sendall",
    "/cgi-bin/message/mass/preview",
)
ODD_PATHS = ("/sns/userinfo", "/nothing/here")


@dataclass(frozen=True, kw_only=True)
class History:
    rules: dict[str, Rules]
    begins_at: float
    steps: tuple[Step, ...]

    def heading(self) -> str:
        accounts = "\n".join(f"  {name}: {rules}" for name, rules in self.rules.items())
        return f"{datetime.fromtimestamp(self.begins_at).astimezone().isoformat()} with\n{accounts}"


def _seldom(usual: int, *others: int) -> st.SearchStrategy[int]:
    return st.sampled_from([usual] * 8 + list(others))


_account = st.sampled_from(["service", "service", "service", "subscription"])
_person = st.sampled_from(PEOPLE)
_anybody = st.sampled_from((*PEOPLE, *PEOPLE, *PEOPLE, NOBODY))
_friends = st.lists(_person, min_size=2, max_size=4, unique=True).map(tuple)
_people = st.one_of(_friends, _friends, st.lists(_anybody, max_size=3, unique=True).map(tuple))
_tag = st.integers(0, 5)
_token = st.one_of(st.none(), st.none(), st.none(), st.integers(0, 7))
_client_id = st.sampled_from([None, "a", "b"])
_mass_id = st.sampled_from([None, None, None, "m", "n", "长" * 21 + "x", "长" * 22])
_times = st.sampled_from([1, 1, 1, 2, 4, 6])
_names = st.sampled_from(["民警", "骨干", "组", "组", "组", "", "长" * 11])
_deeds = st.sampled_from(["say", "say", "say", "picture", "click", "view", "scan_menu", "choice"])
_wait = st.builds(Wait, seconds=st.sampled_from(WAITS))

_SINGLE: tuple[tuple[int, st.SearchStrategy[Step]], ...] = (
    (8, _wait),
    (1, st.builds(Wait, seconds=st.sampled_from(LONG_WAITS))),
    (5, st.builds(Follow, account=_account, who=_person)),
    (2, st.builds(Unfollow, account=_account, who=_person)),
    (2, st.builds(Scan, account=_account, who=_person)),
    (6, st.builds(Act, account=_account, who=_person, deed=_deeds)),
    (2, st.builds(Block, account=_account, who=_person, refuses=st.booleans())),
    (3, st.builds(Peek, account=_account, token=st.integers(0, 9))),
    (3, st.builds(CreateTags, account=_account, name=_names, times=_seldom(1, 3, 22))),
    (1, st.builds(DeleteTag, account=_account, tag=st.integers(0, 6))),
    (6, st.builds(Custom, account=_account, who=_anybody, times=_times, token=_token)),
    (
        4,
        st.builds(
            Confirm, account=_account, which=st.integers(0, 2), is_accepted=st.integers(0, 2).map(bool)
        ),
    ),
    (1, st.builds(DeleteMass, account=_account, which=st.integers(0, 3), times=_seldom(1, 11))),
    (2, st.builds(Preview, account=_account, who=_anybody, times=st.just(1))),
    (3, st.builds(Quota, account=_account, path=st.sampled_from((*PATHS, *PATHS, *ODD_PATHS)))),
    (1, st.builds(Followers, account=_account, times=st.just(1))),
    (1, st.builds(Crowd, account=_account, count=st.sampled_from([3, 55, 55]))),
)
_single = st.sampled_from([kind for weight, kind in _SINGLE for _ in range(weight)]).flatmap(
    lambda kind: kind
)
_take = st.builds(
    Take,
    account=_account,
    family=st.sampled_from(["plain", "plain", "stable", "forced"]),
    times=_seldom(1, 2, 2, 4, 21),
    apart=st.sampled_from([0.0, 31.0]),
)
_tagging = st.builds(
    TagThem,
    account=_account,
    tag=_tag,
    people=_people,
    of_crowd=_seldom(0, 3, 50, 51),
    off=st.sampled_from([False, False, False, True]),
    all_tags=st.sampled_from([False, False, False, True]),
)
_template = st.builds(
    Template,
    account=st.sampled_from(["service"] * 9 + ["subscription"]),
    who=_anybody,
    client_id=_client_id,
    is_known=st.sampled_from([True] * 9 + [False]),
    times=_times,
    token=_token,
)
_mass = st.builds(
    Mass,
    account=_account,
    to=st.sampled_from(["all", "tag", "tag", "list"]),
    tag=_tag,
    people=_people,
    client_id=_mass_id,
    times=_seldom(1, 2, 5),
    token=_token,
)
_clear = st.builds(
    Clear,
    account=_account,
    how=st.sampled_from(["token", "secret", "path"]),
    path=st.sampled_from(PATHS),
    times=_seldom(1, 2, 11),
)
_RARE: tuple[st.SearchStrategy[Step], ...] = (
    st.builds(Crowd, account=_account, count=st.just(10_003)),
    st.builds(CreateTags, account=_account, name=st.just("多"), times=st.just(101)),
    st.builds(
        Mass,
        account=st.just("service"),
        to=st.just("list"),
        tag=st.just(0),
        people=_friends,
        client_id=st.none(),
        times=st.just(61),
        token=st.none(),
    ),
    st.builds(Take, account=_account, family=st.just("plain"), times=st.just(2_001), apart=st.just(0.0)),
    st.builds(Preview, account=_account, who=_person, times=st.just(101)),
    st.builds(Followers, account=_account, times=st.just(251)),
    st.builds(Clear, account=_account, how=st.just("path"), path=st.sampled_from(PATHS), times=st.just(51)),
)
"""Limits that take many calls; one history in some twenty meets one."""


@st.composite
def _scene(draw: st.DrawFn) -> tuple[Step, ...]:
    """Steps that belong together: something is opened, time passes, it is used."""
    who, account = draw(_person), draw(_account)
    act = Act(account=account, who=who, deed=draw(_deeds))
    custom = Custom(account=account, who=who, times=draw(_times), token=None)
    template, mass, clear = draw(_template), draw(_mass), draw(_clear)
    tagging, pause = draw(_tagging), draw(_wait)
    block = Block(account=template.account, who=template.who if template.who in PEOPLE else who, refuses=True)
    scenes: tuple[tuple[Step, ...], ...] = (
        (act, custom),
        (act, pause, custom),
        (act, replace(custom, times=6), act, custom),
        (template, pause, template),
        (block, template, replace(custom, account=template.account, who=block.who)),
        (mass, pause, mass),
        (mass, replace(mass, client_id=None)),
        (
            replace(mass, to="all", client_id=None),
            pause,
            Confirm(account=mass.account, which=0, is_accepted=True),
        ),
        (replace(template, times=6), replace(clear, account=template.account), template),
        (replace(mass, to="list", account="service", client_id=None, times=5), pause, mass),
        (draw(_take), draw(_take), pause, Peek(account=account, token=draw(st.integers(0, 9)))),
        (tagging, replace(tagging, off=True)),
        (tagging, Unfollow(account=tagging.account, who=who), Follow(account=tagging.account, who=who)),
        (clear, draw(_clear)),
        (tagging, mass),
    )
    return draw(st.sampled_from(scenes))


@st.composite
def _rules(draw: st.DrawFn, kind: str) -> Rules:
    return Rules(
        kind=kind,
        verified=draw(st.integers(0, 19)) != 7,
        token_daily=draw(st.sampled_from([2000, 2000, 3])),
        template_daily=draw(st.sampled_from([100_000, 5])),
        custom_daily=draw(st.sampled_from([500_000, 500_000, 6])),
        service_mass_daily=draw(st.sampled_from([100, 100, 3])),
        mass_protection=draw(st.sampled_from([True, True, False])),
    )


@st.composite
def _steps(draw: st.DrawFn) -> tuple[Step, ...]:
    """Some forty steps."""
    steps = list(draw(st.sampled_from(_PRELUDES)))
    while len(steps) < LONGEST and draw(st.integers(0, ENDS_IN)) != ENDS_IN // 2:
        steps += draw(_scene()) if draw(st.booleans()) else (draw(_single),)
    if draw(st.integers(0, 11)) == 5:
        steps.append(draw(st.one_of(*_RARE)))
    return tuple(steps)


_KINDS = ("service", "subscription")
_EVERYBODY = tuple(Follow(account=account, who=who) for account in _KINDS for who in PEOPLE)
_TAGS = tuple(CreateTags(account=account, name="班", times=3) for account in _KINDS)
_MANY = (CreateTags(account="service", name="班", times=22), Crowd(account="service", count=55))
_OVER_MIDNIGHT = (
    Mass(to="all", tag=0, people=(), client_id=None, times=1, token=None),
    Wait(seconds=1790),
    Confirm(which=0, is_accepted=True),
    Mass(to="list", tag=0, people=PEOPLE[:2], client_id=None, times=5, token=None),
)
"""Where a history begins at a month's end the administrator says yes in the next one."""
_PRELUDES: tuple[tuple[Step, ...], ...] = (
    (),
    _EVERYBODY,
    (*_EVERYBODY[:3], *_EVERYBODY[5:], *_TAGS),
    (*_EVERYBODY, *_TAGS),
    (*_EVERYBODY[:6], *_MANY),
    (*_EVERYBODY[:4], *_OVER_MIDNIGHT),
)


@st.composite
def histories(draw: st.DrawFn) -> History:
    return History(
        rules={kind: draw(_rules(kind)) for kind in _KINDS},
        begins_at=datetime.fromisoformat(draw(st.sampled_from(BEGINNINGS))).timestamp(),
        steps=draw(_steps()),
    )
