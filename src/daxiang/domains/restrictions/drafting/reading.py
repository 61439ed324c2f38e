"""A notice's text as a proposed card. Pure: the text and the pack's places come in, a draft goes out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time

from daxiang.domains.restrictions.drafting.clauses import ClauseDraft, draft_clause, said_by_clause
from daxiang.domains.restrictions.drafting.dates import read_validity, stretches
from daxiang.domains.restrictions.drafting.drafts import (
    Draft,
    Leftover,
    Line,
    Table,
    filled,
    optional,
    sentences_in,
    silent,
)
from daxiang.domains.restrictions.drafting.exemptions import read_exceptions, without_exceptions
from daxiang.domains.restrictions.drafting.findings import Doubt, Found, Reading, Unread
from daxiang.domains.restrictions.drafting.identity import (
    read_alert,
    read_document_no,
    read_issuer,
    read_title,
)
from daxiang.domains.restrictions.drafting.places import PlacesTold, read_places
from daxiang.domains.restrictions.drafting.roles import Roles, bans, roles_of
from daxiang.domains.restrictions.drafting.sanctions import SanctionTold, joined, read_sanction
from daxiang.domains.restrictions.drafting.sentences import Sentence, sentences_of, unnumbered
from daxiang.domains.restrictions.drafting.tails import has_pairs, is_about_tails
from daxiang.domains.restrictions.drafting.vehicles import read_classes, read_plates
from daxiang.domains.restrictions.drafting.whom import Said
from daxiang.domains.restrictions.fields import NOT_ON_RECORD
from daxiang.domains.restrictions.values import Layer, SanctionKind

LONGEST = 20_000
"""Signs. A notice is a page or two; more is a book."""
_SANCTION_ID = "sanction-1"
_STRONG = re.compile(r"禁止|限行|不得|不准|禁行|除外|不受|允许|调休|尾号|单双号|处罚|罚款|废止|预警")
_LIFTS = re.compile(r"(?:暂停|停止|取消|解除|放开)[^,;]{0,16}(?:限行|尾号|单双号|措施|限制)")
_ENDS_OTHERS = re.compile(r"同时废止|同时作废|同时停止|不再执行")
_EDGE = re.compile(
    r"(?<=[路环桥线道])\((?:不含|含)\)|\((?:不含|含|不包括|包括)[^()]*[路环桥线道][^()]*\)|,不[含包][^,;]*"
)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known beside the notice. `places`: name -> id, of the city's pack; empty without a city."""

    city: str = ""
    card: str = ""
    places: Mapping[str, str] = field(default_factory=dict)


def draft_of(notice: str, known: Known) -> Draft:
    """The card that this text proposes. Any text gives a draft; what it does not say stays to be written."""
    sentences = sentences_of(notice)
    roles = roles_of(sentences)
    said = said_by_clause(roles)
    since, until = _validity(roles)
    places = _places(roles.body, known) or _places(roles.purpose, known)
    sanction, rows, sanction_left = _sanctions(roles, since)
    clauses = [
        draft_clause(
            one,
            [other for other in said if other is not one],
            number=number,
            places=_own_places(one, places) if len(said) > 1 else None,
            has_sanction=sanction,
        )
        for number, one in enumerate(said, start=1)
    ]
    tables = (
        Table(header="", lines=_top(roles, known, places)),
        Table(header="[provenance]", lines=_provenance(roles)),
        Table(header="[validity]", lines=_validity_lines(since, until)),
        *(table for clause in clauses for table in clause.tables),
        *rows,
    )
    leftovers = [*_leftovers(roles, said, clauses), *sanction_left]
    return _with_the_untouched(
        Draft(tables=tables, leftovers=tuple(leftovers), untouched=()), sentences, roles
    )


def _places(sentences: Sequence[Sentence], known: Known) -> dict[Sentence, PlacesTold]:
    """What each sentence that binds, or begins with a label, says of places."""
    found = {}
    for one in sentences:
        text = without_exceptions(one.plain)
        told = read_places(text, known.places) if bans(text) or ":" in text else None
        if told is not None:
            found[one] = told
    return found


def _own_places(said: Said, places: Mapping[Sentence, PlacesTold]) -> PlacesTold | None:
    own = [places[one] for one in said.own if one in places]
    return _joined_places(own) if own else None


def _joined_places(told: Iterable[PlacesTold]) -> PlacesTold:
    found = tuple(told)
    ids = dict.fromkeys(one for told_one in found for one in told_one.ids)
    phrases = dict.fromkeys(one for told_one in found for one in told_one.phrases)
    return PlacesTold(ids=tuple(ids), phrases=tuple(phrases))


def _top(roles: Roles, known: Known, places: Mapping[Sentence, PlacesTold]) -> tuple[Line, ...]:
    asked = "由命令写的"
    return (
        Line(key="id", value=known.card, note=asked)
        if known.card
        else Line(key="id", missing="卡的编号，和文件名一样，比如 WH-BRIDGE-2019"),
        Line(key="city", value=known.city, note=asked)
        if known.city
        else Line(key="city", missing="城市文件夹的名字"),
        filled("title", read_title(roles.head), wanted="公告的标题"),
        Line(key="short_title", missing="人说的短名，比如“两桥单双号通告”"),
        _layer(roles),
        Line(key="supersedes", value=(), note="公告废止了哪张卡，写在这里"),
        _places_line(places, known),
        *optional(
            "alert",
            read_alert((*roles.head, *roles.inside)),
            wanted='只在预警期间执行的写级别，比如 ["orange"]；不是就删掉这一行',
        ),
    )


def _layer(roles: Roles) -> Line:
    temporary = tuple(
        one
        for one in (*roles.head, *roles.purpose, *roles.body)
        if re.search(r"临时(?!行驶|号牌|牌照|车牌)", one.plain)
    )
    wanted = "base 长期的、addition 临时加的过了就没有、waiver 临时放开别的卡"
    if lifting := tuple(one for one in (*roles.head, *roles.inside) if _LIFTS.search(one.plain)):
        return Line(key="layer", missing=wanted, sentences=lifting)
    if temporary:
        return Line(key="layer", value=Layer.ADDITION.value, sentences=temporary[:1])
    if further := tuple(one for one in roles.inside if re.search(r"另行(?:通知|通告|公告)", one.plain)):
        return Line(key="layer", value=Layer.BASE.value, sentences=further[:1])
    return Line(key="layer", missing=wanted)


def _places_line(places: Mapping[Sentence, PlacesTold], known: Known) -> Line:
    told = _joined_places(places.values())
    wanted = "管哪些地方，写 places.toml 或 crossings.toml 里的 id"
    if not told.ids and not told.phrases:
        return Line(key="places", missing=wanted)
    missing = None
    if told.phrases:
        missing = f"{'、'.join(told.phrases)} 还没有录入；{wanted}" if known.places else wanted
    return Line(key="places", value=(*told.ids, *told.phrases), sentences=tuple(places), missing=missing)


def _provenance(roles: Roles) -> tuple[Line, ...]:
    number = read_document_no(roles.head)
    return (
        filled("issuer", read_issuer(roles.head, roles.signature), wanted="谁发的"),
        silent("document_no", number, note="公告上没有文号"),
        Line(key="url", missing="公告的网址，或在哪里看到的"),
        _quote(roles),
        Line(key="confidence", missing="L 读过原文、S 读过转载、S~ 只有弱转载"),
        Line(key="verified_on", missing="哪一天核对的，比如 2026-11-25，不加引号"),
        Line(key="verified_by", value=NOT_ON_RECORD, note="谁核对的，没有人签字就这样"),
    )


def _quote(roles: Roles) -> Line:
    banning = [one for one in roles.body if bans(one.plain)]
    banning = [one for one in banning if is_about_tails(one.plain)] or banning
    if not banning:
        return Line(key="quote", value=NOT_ON_RECORD, note="没有找到限行的那一句")
    return Line(key="quote", value=unnumbered(banning[0].text) or banning[0].text, sentences=(banning[0],))


def _validity(roles: Roles) -> tuple[Reading[datetime], Reading[datetime | None]]:
    """A single stretch beside weekday pairs is the notice's own; several are the rotation's."""
    rotating = [one for one in roles.body if has_pairs(one.plain) and stretches(one.plain)]
    about = [one for one in roles.inside if len(rotating) == 1 or one not in rotating]
    return read_validity(about, roles.signature)


def _validity_lines(since: Reading[datetime], until: Reading[datetime | None]) -> tuple[Line, ...]:
    further = "further_notice" if isinstance(until, Found) and until.value is None else None
    return (
        filled("from", since, wanted="从什么时候起，比如 2019-11-02T00:00:00"),
        filled("until", until, wanted='到什么时候止；没有期限就写 "further_notice"', value=further),
    )


def _sanctions(
    roles: Roles, since: Reading[datetime]
) -> tuple[Line, tuple[Table, ...], tuple[Leftover, ...]]:
    """The field of every clause, the `[[sanction]]`, and what was not read of it."""
    told = [(one, found) for one in roles.sanction if (found := read_sanction(one.plain)) is not None]
    if not told:
        return Line(key="sanction", value=NOT_ON_RECORD, note="公告没写怎么处罚"), (), ()
    ones = tuple(one for one, _ in told)
    for one, found in told:
        if isinstance(found, Doubt):
            return Line(key="sanction", missing=found.why, sentences=(one,)), (), ()
    whole = _whole([found for _, found in told if isinstance(found, SanctionTold)])
    if whole is None:
        return Line(key="sanction", missing="怎么处罚：有两种说法", sentences=ones), (), ()
    if whole == SanctionTold(law=whole.law):
        return Line(key="sanction", value=NOT_ON_RECORD, sentences=ones), (), ()
    row = Table(header="[[sanction]]", lines=_sanction_lines(whole, ones, since))
    return Line(key="sanction", value=_SANCTION_ID, sentences=ones), (row,), ()


def _whole(told: Sequence[SanctionTold]) -> SanctionTold | None:
    """All sentences together; None where two speak against each other."""
    whole: SanctionTold | None = told[0]
    for one in told[1:]:
        whole = joined(whole, one) if whole is not None else None
    return whole


def _sanction_lines(
    told: SanctionTold, ones: tuple[Sentence, ...], since: Reading[datetime]
) -> tuple[Line, ...]:
    kind: Reading[str] = Found(told.kind.value, ones) if told.kind else Unread("罚款还是警告", ones)
    is_fine = told.kind is SanctionKind.FINE
    fine: Reading[int] = Found(told.fine_fen, ones) if told.fine_fen is not None else None
    points: Reading[int] = Found(told.points, ones) if told.points is not None else None
    start: Reading[datetime] = (
        Found(datetime.combine(since.value.date(), time()), since.sentences)
        if isinstance(since, Found)
        else None
    )
    law: Reading[str] = Found(told.law, ones) if told.law else None
    extras = (
        ("first_free", told.first_free),
        ("warn_first", told.warn_first),
        ("once_per", told.once_per and told.once_per.value),
    )
    return (
        Line(key="id", value=_SANCTION_ID, note="草稿起的名，可以改"),
        filled("from", start, wanted="从哪一天起这样罚，写零点"),
        filled("kind", kind, wanted="none、warning、fine 里选一个"),
        silent("fine_fen", fine, note="公告没写罚多少" if is_fine else "单位是分"),
        silent("points", points, note="公告没写记几分"),
        filled("legal_basis", law, wanted="依据哪部法的哪一条"),
        *(Line(key=key, value=value, sentences=ones) for key, value in extras if value is not None),
    )


def _leftovers(roles: Roles, said: Sequence[Said], clauses: Sequence[ClauseDraft]) -> list[Leftover]:
    found = list(dict.fromkeys(left for clause in clauses for left in clause.leftovers))
    if len(said) > 1:
        shared = (
            *said[0].exempt,
            *(one for one in said[0].general if not read_exceptions(one.plain).is_empty),
        )
        found += [Leftover(what="这些例外是不是每一段都算", sentence=one) for one in shared[:1]]
    for one in roles.inside:
        if _ENDS_OTHERS.search(one.plain):
            found.append(Leftover(what="废止了哪张卡，写进 supersedes", sentence=one))
    for one in (*roles.head, *roles.inside):
        if _LIFTS.search(one.plain):
            found.append(Leftover(what="像是放开别的规定，要另写一张 waiver", sentence=one))
    for one in roles.sanction:
        if read_plates(one.plain) or read_classes(one.plain):
            found.append(Leftover(what="这样处罚的只是一部分车", sentence=one))
    for one in roles.body:
        found += [
            Leftover(what=f"地方的边界“{match[0]}”", sentence=one) for match in _EDGE.finditer(one.plain)
        ]
    return list(dict.fromkeys(found))


def _with_the_untouched(draft: Draft, sentences: Sequence[Sentence], roles: Roles) -> Draft:
    """Sentences that no line looks at; those that restrict or free are to be finished, too."""
    touched = sentences_in(tuple(draft.lines))
    told = {one.sentence.number for one in draft.leftovers if one.sentence}
    untouched = tuple(one for one in sentences if one.number not in touched)
    strong = [
        Leftover(what="这一句没有读", sentence=one)
        for one in untouched
        if one.number not in told and _STRONG.search(one.plain) and one not in roles.purpose
        if not (one.is_heading or one.plain.endswith(":"))
    ]
    return replace(draft, leftovers=(*draft.leftovers, *strong), untouched=untouched)
