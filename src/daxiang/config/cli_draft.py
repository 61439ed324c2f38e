"""`daxiang rules draft FILE`: a card proposed from a notice's text, for a person to finish."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any, ClassVar

from daxiang.config.cli_packs import cities_of
from daxiang.domains.restrictions.drafting.drafts import Draft
from daxiang.domains.restrictions.drafting.places import names_of
from daxiang.domains.restrictions.drafting.reading import LONGEST, Known, draft_of
from daxiang.domains.restrictions.drafting.writing import toml
from daxiang.domains.restrictions.queries import load_city
from daxiang.kernel.errors import DomainError

STANDARD_INPUT = "-"
_CARD_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,60}")


class NoticeUnreadable(DomainError):
    """There is no text to read, or nowhere to write it; `str(error)` says what to do."""

    code: ClassVar[str] = "notice_unreadable"


def register(parts: argparse._SubParsersAction[Any]) -> None:
    """Add `draft` to the parts of `daxiang rules`."""
    draft = parts.add_parser("draft", help="propose a card from a notice's text; a person finishes it")
    draft.add_argument("file", metavar="FILE", help="the text in UTF-8; - is standard input")
    draft.add_argument("--city", metavar="CITY", help="the city whose places the notice names")
    draft.add_argument("--id", dest="card", metavar="ID", default="", help="the card's id (that of --out)")
    draft.add_argument("--out", metavar="FILE", type=Path, help="write there, not on standard output")
    draft.set_defaults(run=_draft)


def _draft(args: argparse.Namespace) -> int:
    known = _known(args)
    if args.out and args.out.exists():
        raise NoticeUnreadable(f"{args.out} 已经有了，没有动它；换一个名字，或先移走。")
    draft = draft_of(_text(args.file), known)
    _write(toml(draft), args.out)
    for line in _summary(draft, args.out):
        print(line, file=sys.stderr)
    return 0


def _known(args: argparse.Namespace) -> Known:
    card = args.card or (args.out.stem if args.out else "")
    if card and not _CARD_ID.fullmatch(card):
        raise NoticeUnreadable(f"卡的编号只用英文字母、数字、点、横线和下划线：{card}。")
    if not args.city:
        return Known(card=card)
    with cities_of(args.packs, only=args.city):
        places = names_of(load_city(args.city).places.values())
    return Known(city=args.city, card=card, places=places)


def _text(named: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if named == STANDARD_INPUT else Path(named).read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise NoticeUnreadable(f"读不了这个文件：{named}（{error.strerror}）。") from error
    except UnicodeDecodeError as error:
        raise NoticeUnreadable("这不是 UTF-8 的文字，请另存成 UTF-8 再来。") from error
    if not text.strip():
        raise NoticeUnreadable("里面没有文字，请把公告全文放进去。")
    if len(text) > LONGEST:
        raise NoticeUnreadable(f"超过{LONGEST}字，不像一份公告；请只留公告的正文。")
    return text


def _write(text: str, path: Path | None) -> None:
    if path is None:
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise NoticeUnreadable(f"写不了：{path}（{error.strerror}）。") from error


def _summary(draft: Draft, path: Path | None) -> list[str]:
    missing, left = draft.missing, draft.leftovers
    told = [f"读出{len(draft.read)}个字段，每个都附了原句。"]
    if missing:
        told.append(f"还要人写{len(missing)}处：{'、'.join(missing)}。")
    if left:
        told.append(f"还有{len(left)}处写在公告里、没有读完：")
        told += [f"  {one.text}" for one in left]
    told.append(f"写完后再 daxiang rules check。{f'草稿在 {path}。' if path else ''}")
    return told
