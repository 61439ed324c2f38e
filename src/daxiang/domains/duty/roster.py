"""The roster: shifts by file, who is on duty, swaps that both agree to, hand-over notes, gaps to come."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from daxiang.domains.duty.errors import RosterWrong, SwapRefused
from daxiang.domains.officers.people_marks import PeopleMarks
from daxiang.domains.officers.people_queries import Cursor
from daxiang.kernel.clock import SHANGHAI

COLUMNS = ("岗位", "警号", "开始", "结束", "带班")
LONGEST_SHIFT = timedelta(hours=26)
LONGEST_NOTE = 500
AHEAD = timedelta(days=7)
"""A gap in so many days is an alarm."""

ADD_SHIFTS = """
INSERT INTO duty_shift AS known (unit, post, officer, starts_at, ends_at, is_lead)
SELECT officer.unit, fresh.post, officer.id, fresh.starts_at, fresh.ends_at, fresh.is_lead
FROM unnest(%(posts)s::text[], %(marks)s::bytea[], %(starts)s::timestamptz[], %(ends)s::timestamptz[],
    %(leads)s::boolean[]) AS fresh (post, mark, starts_at, ends_at, is_lead)
JOIN officer ON officer.mark = fresh.mark AND officer.is_active
ON CONFLICT (officer, starts_at) DO UPDATE SET post = excluded.post, ends_at = excluded.ends_at,
    is_lead = excluded.is_lead, unit = excluded.unit
RETURNING id
"""
KNOWN_MARKS = "SELECT mark FROM officer WHERE is_active AND mark = ANY(%(marks)s::bytea[])"
_SHIFT = "shift.id, shift.unit, shift.post, shift.officer, shift.starts_at, shift.ends_at, shift.is_lead"
ON_DUTY = f"""
SELECT {_SHIFT} FROM duty_shift AS shift JOIN officer_unit AS unit ON unit.id = shift.unit
WHERE shift.starts_at <= %(now)s AND shift.ends_at > %(now)s
    AND (%(place)s = '' OR shift.post ILIKE %(like)s OR unit.name ILIKE %(like)s)
ORDER BY shift.post, shift.is_lead DESC, shift.id LIMIT 50
"""  # noqa: S608 (a text of this file)
NEXT_LEAD = f"""
SELECT {_SHIFT} FROM duty_shift AS shift
WHERE shift.post = %(post)s AND shift.is_lead AND shift.starts_at >= %(from)s
ORDER BY shift.starts_at, shift.id LIMIT 1
"""  # noqa: S608
OWN_SHIFTS = f"""
SELECT {_SHIFT} FROM duty_shift AS shift WHERE shift.officer = %(officer)s AND shift.ends_at > %(now)s
ORDER BY shift.starts_at LIMIT %(most)s
"""  # noqa: S608
ASK_SWAP = """
INSERT INTO duty_swap (shift, asker, taker, status, asked_at)
VALUES (%(shift)s, %(asker)s, %(taker)s, 'asked', %(now)s)
ON CONFLICT (shift) WHERE status = 'asked' DO NOTHING RETURNING id
"""
OPEN_SWAP = """
SELECT swap.id, swap.shift, swap.asker, shift.starts_at, shift.ends_at, shift.post
FROM duty_swap AS swap JOIN duty_shift AS shift ON shift.id = swap.shift
WHERE swap.taker = %(taker)s AND swap.status = 'asked' AND (%(id)s = 0 OR swap.id = %(id)s)
ORDER BY swap.id LIMIT 2 FOR UPDATE OF swap, shift
"""
END_SWAP = "UPDATE duty_swap SET status = %(status)s, ended_at = %(now)s WHERE id = %(id)s"
CLASH = """
SELECT 1 FROM duty_shift WHERE officer = %(officer)s AND starts_at < %(ends_at)s AND ends_at > %(starts_at)s
    AND id <> %(shift)s LIMIT 1
"""
HAND_SHIFT = (
    "UPDATE duty_shift SET officer = %(taker)s WHERE id = %(shift)s AND officer = %(asker)s RETURNING id"
)
ADD_NOTE = (
    "INSERT INTO duty_note (unit, officer, words, at) VALUES (%(unit)s, %(officer)s, %(words)s, %(now)s)"
)
LAST_NOTES = """
SELECT officer, words, at FROM duty_note WHERE unit = %(unit)s AND at > %(since)s ORDER BY id DESC LIMIT 5
"""
POSTS = "SELECT DISTINCT post FROM duty_shift WHERE ends_at > %(since)s ORDER BY post"
SHIFTS_BETWEEN = f"""
SELECT {_SHIFT} FROM duty_shift AS shift
WHERE shift.ends_at > %(start)s AND shift.starts_at < %(end)s ORDER BY shift.post, shift.starts_at, shift.id
"""  # noqa: S608
STATEMENTS = {
    "ADD_SHIFTS": ADD_SHIFTS,
    "KNOWN_MARKS": KNOWN_MARKS,
    "ON_DUTY": ON_DUTY,
    "NEXT_LEAD": NEXT_LEAD,
    "OWN_SHIFTS": OWN_SHIFTS,
    "ASK_SWAP": ASK_SWAP,
    "OPEN_SWAP": OPEN_SWAP,
    "END_SWAP": END_SWAP,
    "CLASH": CLASH,
    "HAND_SHIFT": HAND_SHIFT,
    "ADD_NOTE": ADD_NOTE,
    "LAST_NOTES": LAST_NOTES,
    "POSTS": POSTS,
    "SHIFTS_BETWEEN": SHIFTS_BETWEEN,
}


class Shift(NamedTuple):
    """One officer at one post for a while."""

    id: int
    unit: int
    post: str
    officer: int
    starts_at: datetime
    ends_at: datetime
    is_lead: bool


class Swap(NamedTuple):
    """A shift that one asks another to take."""

    id: int
    shift: int
    asker: int
    starts_at: datetime
    ends_at: datetime
    post: str


class Note(NamedTuple):
    """What a shift leaves to the next."""

    officer: int
    words: str
    at: datetime


class Gap(NamedTuple):
    """A stretch in which a post that is otherwise held has nobody, or nobody who leads."""

    post: str
    start: datetime
    end: datetime
    only_lead: bool


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A shift of a file."""

    post: str
    number: str
    starts_at: datetime
    ends_at: datetime
    is_lead: bool


def read_roster(data: bytes) -> list[Planned]:
    """The shifts of a CSV file. Raises `RosterWrong` with every line that is wrong, at most ten."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise RosterWrong("文件读不了：引号没有配对，或者有不能出现的字符。") from error
    if not rows or tuple(one.strip() for one in rows[0]) != COLUMNS:
        raise RosterWrong(f"第1行要写列名：{'，'.join(COLUMNS)}。")
    found, faults = [], []
    for line, row in enumerate(rows[1:], start=2):
        if not any(one.strip() for one in row):
            continue
        try:
            found.append(_planned([one.strip() for one in row]))
        except ValueError as error:
            faults.append(f"第{line}行：{error}")
    if faults:
        raise RosterWrong("\n".join(faults[:10]) + (f"……共{len(faults)}行有错。" if len(faults) > 10 else ""))
    return found


def _planned(row: list[str]) -> Planned:
    if len(row) != len(COLUMNS) or any(len(one) > 60 or not one.isprintable() for one in row):
        raise ValueError(f"要有{len(COLUMNS)}列，每格最多60字。")
    post, number, start, end, lead = row
    if not post or not number:
        raise ValueError("岗位、警号都要写。")
    starts_at, ends_at = _moment(start), _moment(end)
    if not timedelta() < ends_at - starts_at <= LONGEST_SHIFT:
        raise ValueError("结束要在开始之后，一个班最多26小时。")
    if lead not in ("是", "否", ""):
        raise ValueError("带班写“是”或“否”。")
    return Planned(post=post, number=number, starts_at=starts_at, ends_at=ends_at, is_lead=lead == "是")


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"时间要写成 2026-11-24 08:00，这里是“{text[:20]}”。") from None
    return at.replace(tzinfo=SHANGHAI) if at.tzinfo is None else at


def bring_roster(cursor: Cursor, planned: Sequence[Planned], *, marks: PeopleMarks) -> int:
    """Take over a file; how many shifts. Raises `RosterWrong`, with nothing taken, for an unknown number."""
    wanted = [marks.of_number(one.number) for one in planned]
    cursor.execute(KNOWN_MARKS, {"marks": sorted(set(wanted))})
    known = {bytes(row[0]) for row in cursor.fetchall()}
    missing = sorted({one.number for one, mark in zip(planned, wanted, strict=True) if mark not in known})
    if missing:
        raise RosterWrong(f"名册里没有这些警号：{'、'.join(missing[:10])}。")
    last = {(mark, one.starts_at): (one, mark) for one, mark in zip(planned, wanted, strict=True)}
    rows = list(last.values())
    cursor.execute(
        ADD_SHIFTS,
        {
            "posts": [one.post for one, _ in rows],
            "marks": [mark for _, mark in rows],
            "starts": [one.starts_at for one, _ in rows],
            "ends": [one.ends_at for one, _ in rows],
            "leads": [one.is_lead for one, _ in rows],
        },
    )
    return len(cursor.fetchall())


def on_duty(cursor: Cursor, *, now: datetime, place: str = "") -> list[Shift]:
    """Who is on duty, at a post or in a unit of that name (empty: anywhere); who leads stands first."""
    escaped = place.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    cursor.execute(ON_DUTY, {"now": now, "place": place, "like": f"%{escaped}%"})
    return [Shift(*row) for row in cursor.fetchall()]


def next_lead(cursor: Cursor, post: str, *, after: datetime) -> Shift | None:
    """Who leads at a post next."""
    cursor.execute(NEXT_LEAD, {"post": post, "from": after})
    row = cursor.fetchone()
    return None if row is None else Shift(*row)


def own_shifts(cursor: Cursor, officer: int, *, now: datetime, most: int = 5) -> list[Shift]:
    """An officer's shifts that are not over, the next first."""
    cursor.execute(OWN_SHIFTS, {"officer": officer, "now": now, "most": most})
    return [Shift(*row) for row in cursor.fetchall()]


def ask_swap(cursor: Cursor, shift: Shift, *, taker: int, now: datetime) -> int:
    """Ask another to take a shift; the number of the asking. Raises `SwapRefused`."""
    if shift.starts_at <= now:
        raise SwapRefused("这个班已经开始，换不了。请直接找带班。")
    if taker == shift.officer:
        raise SwapRefused("这个班本来就是您的。")
    if _clashes(cursor, shift, taker):
        raise SwapRefused("对方那段时间自己有班，换不了。")
    cursor.execute(ASK_SWAP, {"shift": shift.id, "asker": shift.officer, "taker": taker, "now": now})
    row = cursor.fetchone()
    if row is None:
        raise SwapRefused("这个班已经在问别人了，等那边答复。")
    return int(row[0])


def answer_swap(cursor: Cursor, taker: int, *, number: int, agrees: bool, now: datetime) -> Swap:
    """Agree to an asking or refuse it; `number` 0: the only one. Raises `SwapRefused`."""
    cursor.execute(OPEN_SWAP, {"taker": taker, "id": number})
    rows = cursor.fetchall()
    if len(rows) != 1:
        raise SwapRefused("现在没有人请您换班。" if not rows else "有几个人请您换班，请回“同意换班”加编号。")
    swap = Swap(*rows[0])
    status = "agreed" if agrees else "refused"
    if agrees:
        shift = Shift(swap.shift, 0, swap.post, swap.asker, swap.starts_at, swap.ends_at, False)
        if swap.starts_at <= now or _clashes(cursor, shift, taker):
            status = "over"
        else:
            cursor.execute(HAND_SHIFT, {"shift": swap.shift, "taker": taker, "asker": swap.asker})
            status = status if cursor.fetchone() is not None else "over"
    cursor.execute(END_SWAP, {"id": swap.id, "status": status, "now": now})
    if status == "over":
        raise SwapRefused("晚了一步：这个班换不了了。")
    return swap


def add_note(cursor: Cursor, *, unit: int, officer: int, words: str, now: datetime) -> None:
    """Leave a hand-over note for the unit's next shift."""
    cursor.execute(ADD_NOTE, {"unit": unit, "officer": officer, "words": words, "now": now})


def last_notes(cursor: Cursor, *, unit: int, since: datetime) -> list[Note]:
    """The unit's notes since then, the newest first."""
    cursor.execute(LAST_NOTES, {"unit": unit, "since": since})
    return [Note(*row) for row in cursor.fetchall()]


def shifts_between(cursor: Cursor, *, start: datetime, end: datetime) -> list[Shift]:
    """Every shift that touches [start, end), by post and time."""
    cursor.execute(SHIFTS_BETWEEN, {"start": start, "end": end})
    return [Shift(*row) for row in cursor.fetchall()]


def gaps(shifts: Iterable[Shift], *, start: datetime, end: datetime) -> list[Gap]:
    """Where a post that has shifts in [start, end) has nobody, or nobody who leads. Pure.

    A post counts from its first shift to its last: what is not planned yet is no gap, but what lies between.
    """
    by_post: dict[str, list[Shift]] = {}
    for one in shifts:
        by_post.setdefault(one.post, []).append(one)
    found = []
    for post, held in sorted(by_post.items()):
        first = max(start, min(one.starts_at for one in held))
        last = min(end, max(one.ends_at for one in held))
        empty = _uncovered(held, first, last)
        found += [Gap(post, *stretch, False) for stretch in empty]
        if any(one.is_lead for one in held):
            leads = [one for one in held if one.is_lead]
            bare = _uncovered(leads, first, last)
            found += [Gap(post, *stretch, True) for stretch in bare if stretch not in empty]
    return found


def _uncovered(held: Sequence[Shift], first: datetime, last: datetime) -> list[tuple[datetime, datetime]]:
    found, at = [], first
    for one in sorted(held, key=lambda shift: shift.starts_at):
        if one.starts_at > at and at < last:
            found.append((at, min(one.starts_at, last)))
        at = max(at, one.ends_at)
    if at < last:
        found.append((at, last))
    return found


def _clashes(cursor: Cursor, shift: Shift, officer: int) -> bool:
    parameters: dict[str, Any] = {
        "officer": officer,
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
        "shift": shift.id,
    }
    cursor.execute(CLASH, parameters)
    return cursor.fetchone() is not None
