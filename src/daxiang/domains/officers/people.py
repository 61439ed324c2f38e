"""Officers: the roll is brought by a file, they bind themselves by a code, and lose everything on leaving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from daxiang.domains.officers import people_sql as sql
from daxiang.domains.officers.errors import CodeUnfit, OfficerUnknown
from daxiang.domains.officers.people_marks import PeopleMarks
from daxiang.domains.officers.people_queries import Cursor, Unit, units
from daxiang.domains.officers.people_sealed import name_context, number_context, openid_context, phone_context
from daxiang.domains.officers.roll import (
    CODE_FOR,
    MOST_TRIES,
    TRIES_COUNT_FOR,
    Listed,
    Refused,
    kind_of,
    new_code,
)
from daxiang.foundation.sealing import Sealer

UNFIT = "这个绑定码用不了。请到本单位管理员那里换一个，10分钟内发给我。"
"""Of a wrong, a used, a late one, and after too many: always the same."""


class Row(NamedTuple):
    """What became of one line of a file."""

    line: int
    outcome: str
    """`added`, `changed`, `same`, `back` (had left) or `refused`."""
    why: str = ""


@dataclass(kw_only=True)
class Brought:
    """What an import did."""

    rows: list[Row] = field(default_factory=list)
    left: int = 0
    """Who stood on the roll and is not in the file, where leavers were to be ended."""

    def count(self, outcome: str) -> int:
        return sum(one.outcome == outcome for one in self.rows)


def bring_roll(
    cursor: Cursor,
    roll: Sequence[Listed | Refused],
    *,
    ends_leavers: bool,
    marks: PeopleMarks,
    sealer: Sealer,
    now: datetime,
) -> Brought:
    """Take over a file, inside the caller's transaction. Units that are not there yet are made. A line that
    is wrong is told and left out; while there is one, nobody is ended: her line may be the wrong one.
    """
    cursor.execute(sql.LOCK_ROLL, {})
    cursor.execute(sql.READ_ROLL, {})
    known = {bytes(mark): (ident, bytes(digest), active) for mark, ident, digest, active in cursor.fetchall()}
    tree = _Tree(cursor)
    brought, fresh, seen = Brought(), [], set()
    for one in roll:
        if isinstance(one, Refused):
            brought.rows.append(Row(one.line, "refused", one.why))
            continue
        mark = marks.of_number(one.number)
        seen.add(mark)
        digest = marks.of_line(one.number, one.name, "/".join(one.unit), one.rank, one.phone)
        outcome = _outcome(known.get(mark), digest)
        brought.rows.append(Row(one.line, outcome))
        if outcome != "same":
            fresh.append((one, mark, digest, tree.of(one.unit)))
    _write(cursor, fresh, sealer)
    if ends_leavers and not brought.count("refused"):
        gone = [ident for mark, (ident, _, active) in known.items() if active and mark not in seen]
        brought.left = end_officers(cursor, gone, now=now)
    return brought


def _outcome(known: tuple[int, bytes, bool] | None, digest: bytes) -> str:
    if known is None:
        return "added"
    if not known[2]:
        return "back"
    return "same" if known[1] == digest else "changed"


class _Tree:
    """The units by their paths; what is asked for and not there is made."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._known: dict[tuple[int | None, str], Unit] = {
            (one.parent, one.name): one for one in units(cursor)
        }

    def of(self, path: Sequence[str]) -> int:
        parent: int | None = None
        for name in path:
            parent = self._one(parent, name)
        assert parent is not None  # noqa: S101 (a path has a name)
        return parent

    def _one(self, parent: int | None, name: str) -> int:
        held = self._known.get((parent, name))
        if held is None:
            kind = kind_of(name)
            self._cursor.execute(sql.ADD_UNIT, {"parent": parent, "kind": kind, "name": name})
            row = self._cursor.fetchone()
            held = self._known[parent, name] = Unit(int(row[0]), parent, kind, name, True)
        return held.id


def _write(cursor: Cursor, fresh: list[tuple[Listed, bytes, bytes, int]], sealer: Sealer) -> None:
    if not fresh:
        return
    cursor.execute(
        sql.ADD_OFFICERS,
        {
            "marks": [mark for _, mark, _, _ in fresh],
            "numbers": [sealer.seal(one.number.encode(), number_context(mark)) for one, mark, _, _ in fresh],
            "names": [sealer.seal(one.name.encode(), name_context(mark)) for one, mark, _, _ in fresh],
            "phones": [
                sealer.seal(one.phone.encode(), phone_context(mark)) if one.phone else None
                for one, mark, _, _ in fresh
            ],
            "units": [unit for _, _, _, unit in fresh],
            "ranks": [one.rank for one, _, _, _ in fresh],
            "digests": [digest for _, _, digest, _ in fresh],
        },
    )


def end_officers(cursor: Cursor, ids: Sequence[int], *, now: datetime) -> int:
    """They have left: from this transaction on they are strangers; how many were still there."""
    cursor.execute(sql.END_OFFICERS, {"ids": list(ids), "now": now})
    return len(cursor.fetchall())


def officer_of_number(cursor: Cursor, number: str, *, marks: PeopleMarks) -> int:
    """The id of an officer on the roll. Raises `OfficerUnknown`."""
    cursor.execute(sql.FIND_BY_MARK, {"mark": marks.of_number(number)})
    row = cursor.fetchone()
    if row is None or not row[1]:
        raise OfficerUnknown(f"名册里没有警号{number}。")
    return int(row[0])


class Coded(NamedTuple):
    """A code for one officer, seen this once."""

    number: str
    name: str
    code: str


def give_codes(
    cursor: Cursor,
    *,
    marks: PeopleMarks,
    sealer: Sealer,
    now: datetime,
    number: str | None = None,
    lasts: timedelta = CODE_FOR,
) -> list[Coded]:
    """New codes for every officer who is not bound, or for one; earlier ones end. Raises `OfficerUnknown`."""
    mark = None if number is None else marks.of_number(number)
    cursor.execute(sql.UNBOUND, {"mark": mark})
    rows = cursor.fetchall()
    if number is not None and not rows:
        raise OfficerUnknown(f"警号{number}不在名册里，或者已经绑定了。")
    codes = [new_code() for _ in rows]
    cursor.execute(
        sql.WRITE_CODES,
        {
            "officers": [row[0] for row in rows],
            "digests": [marks.of_code(code) for code in codes],
            "until": now + lasts,
        },
    )
    return [
        Coded(
            number=sealer.open(bytes(row[2]), number_context(bytes(row[1]))).decode(),
            name=sealer.open(bytes(row[3]), name_context(bytes(row[1]))).decode(),
            code=code,
        )
        for row, code in zip(rows, codes, strict=True)
    ]


def bind(
    cursor: Cursor,
    *,
    code: str | None,
    account: str,
    person: bytes,
    openid: str,
    marks: PeopleMarks,
    sealer: Sealer,
    now: datetime,
) -> int:
    """Bind a person of the internal account by a code; her officer's id. The caller holds the sender's lock.

    Raises `CodeUnfit`, after counting the try: the caller keeps the transaction (`CodeUnfit.counts`).
    """
    who: dict[str, Any] = {"account": account, "person": person, "now": now, "since": now - TRIES_COUNT_FOR}
    cursor.execute(sql.COUNT_TRIES, who)
    tried = cursor.fetchone()
    if code is None or (tried is not None and tried[0] >= MOST_TRIES):
        raise CodeUnfit(UNFIT)
    cursor.execute(sql.TAKE_CODE, {"digest": marks.of_code(code), "now": now})
    row = cursor.fetchone()
    if row is None:
        cursor.execute(sql.COUNT_TRY, who)
        raise CodeUnfit(UNFIT)
    cursor.execute(sql.UNBIND_PERSON, who)
    sealed = sealer.seal(openid.encode(), openid_context(person))
    cursor.execute(sql.BIND, {**who, "openid": sealed, "officer": row[0]})
    if cursor.fetchone() is None:
        raise CodeUnfit(UNFIT)
    cursor.execute(sql.FORGET_TRIES, who)
    return int(row[0])


def unbind(cursor: Cursor, *, account: str, person: bytes) -> bool:
    """The person is a stranger again; False when she was one."""
    cursor.execute(sql.UNBIND_PERSON, {"account": account, "person": person})
    return cursor.fetchone() is not None
