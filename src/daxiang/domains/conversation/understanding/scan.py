"""One pass over a text that consumes it in pieces, so that what was not read is known."""

from __future__ import annotations

import re

from daxiang.domains.conversation.understanding.names import READERS, Names
from daxiang.domains.conversation.understanding.parts import Part, Token
from daxiang.domains.conversation.understanding.places import STREET_ENDINGS, almost

_Span = tuple[int, int, tuple[str, ...]]
_BEYOND: _Span = (10**9, 10**9, ())
DIGITS = frozenset("0123456789")
BEHIND_DIGITS = frozenset(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ年月日号点时座米吨个人天分小钟刻半使位到至./:-"
)
"""Signs that make more of a digit than a tail; without one of them no reader needs to be asked."""
LONGEST_SLIP = 4
LONGEST_NAME = 8
_OF_A_PLATE = re.compile("的?(?:(?:牌照|车牌|号牌|牌)(?!照?(?:尾|号|是))|车(?![牌辆子号主]))")
"""成都牌照, 成都车: a car from there. 成都 车牌尾号4 asks about 成都: in doubt the city is not swallowed."""
_COMING = ("过来", "来的", "来", "出发", "开过来", "回来")


def scan(text: str, names: Names) -> list[Token]:
    """The normalised text in pieces, in order, gapless but for signs that are no words; the longest wins."""
    spans = _places(text, names)
    tokens: list[Token] = []
    at, size = 0, len(text)
    next_place = 0
    spans.append(_BEYOND)
    start, end, ids = spans[0]
    limit = min(size, start)
    while at < size:
        if at == start:
            tokens.append(Token(Part.PLACE, ids, at, end))
            at, next_place = end, next_place + 1
            start, end, ids = spans[next_place]
            limit = min(size, start)
            continue
        token = _longest(text, at, limit, names)
        if token.part is Part.UNREAD and token.value is None:
            _put_unread(tokens, token, text)
        else:
            tokens.append(token)
        at = token.end
    return _settled(tokens, text, names) if _is_unsettled(tokens) else tokens


def _places(text: str, names: Names) -> list[_Span]:
    """Every name of a place, from left to right, the longest first: no other word may bite into one."""
    found: list[_Span] = []
    by_sign, end_of_last = names.places, 0
    for at, sign in enumerate(text):
        if at < end_of_last or sign not in by_sign:
            continue
        for name, ids in by_sign[sign]:
            if text.startswith(name, at):
                end_of_last = at + len(name)
                found.append((at, end_of_last, ids))
                break
    return found


def _longest(text: str, at: int, limit: int, names: Names) -> Token:
    sign = text[at]
    if sign in DIGITS and (limit == at + 1 or text[at + 1] not in BEHIND_DIGITS) and _stands_alone(text, at):
        return Token(Part.NUMBER, sign, at, at + 1)
    end, part, value = at, Part.UNREAD, None
    if sign in names.words:
        lengths, words = names.words[sign]
        for length in lengths:
            if at + length <= limit and (meaning := words.get(text[at : at + length])) is not None:
                end, (part, value) = at + length, meaning
                break
    for reader in READERS.get(sign, ()):
        found = reader(text, at, limit)
        if found is not None and found[2] > end:
            part, value, end = found
    if end == at:
        return Token(Part.UNREAD, None, at, at + 1)
    if part is Part.UNREAD:
        value = text[at:end]
    return Token(part, value, at, end)


def _stands_alone(text: str, at: int) -> bool:
    """Whether a blank behind a digit parts it from a unit as well: 5 号 is a day."""
    return text[at + 1 : at + 2] != " " or text[at + 2 : at + 3] not in BEHIND_DIGITS


def _put_unread(tokens: list[Token], token: Token, text: str) -> None:
    """One sign more that was not read; blanks and signs that are no words say nothing."""
    sign = text[token.start]
    if not sign.isalnum():
        if sign != " ":
            return
        tokens.append(Token(Part.BREAK, None, token.start, token.end))
        return
    if tokens and tokens[-1].part is Part.UNREAD and tokens[-1].end == token.start:
        first = tokens.pop()
        token = Token(Part.UNREAD, None, first.start, token.end)
    tokens.append(Token(Part.UNREAD, text[token.start : token.end], token.start, token.end))


_TO_SETTLE = frozenset({Part.UNREAD, Part.CITY, Part.AREA, Part.BANK})


def _is_unsettled(tokens: list[Token]) -> bool:
    return any(token.part in _TO_SETTLE for token in tokens)


def _settled(tokens: list[Token], text: str, names: Names) -> list[Token]:
    """Names that only their neighbours tell: streets, hospitals, slips of the finger, another city's car."""
    settled: list[Token] = []
    for token in tokens:
        if settled and token.start < settled[-1].end:
            continue  # a longer piece before it took this one in
        settled = _settle(settled, token, text, names)
    return settled


def _settle(before: list[Token], token: Token, text: str, names: Names) -> list[Token]:
    last = before[-1] if before and before[-1].end == token.start else None
    match token.part:
        case Part.UNREAD:
            return _slip(before, token, text, names)
        case Part.PLACE if last is not None and text[token.start : token.end] in names.generic:
            return _bridge_of(before, last, token, text)
        case Part.CITY:
            return [*before, _city(token, last, text)]
        case Part.AREA:
            return _area(before, token, text, names.city)
        case Part.BANK:
            ending = next((one for one in ("大道", "路", "街") if text.startswith(one, token.end)), "")
            return [*before, Token(token.part, token.value, token.start, token.end + len(ending))]
        case _:
            return [*before, token]


def _bridge_of(before: list[Token], last: Token, token: Token, text: str) -> list[Token]:
    """南京长江大桥 is Nanjing's, 汉南长江大桥 none that we know: a name in front makes it another bridge."""
    said = text[last.start : last.end]
    if last.part is Part.CITY:
        return [*before[:-1], last._replace(end=token.end)]
    is_name = (last.part is Part.UNREAD and not said.isascii()) or (
        last.part is Part.BANK and last.value != said
    )
    if not is_name:
        return [*before, token]
    return [*before[:-1], Token(Part.UNREAD, text[last.start : token.end], last.start, token.end)]


def _slip(before: list[Token], token: Token, text: str, names: Names) -> list[Token]:
    """The place that a misspelt name must mean, in place of the pieces that its signs were taken for."""
    if token.end - token.start > LONGEST_SLIP:
        return [*before, token]
    found = almost(text, token.start, token.end, names.slips, names.signs)
    if found is None or found[2] < token.end:
        return [*before, token]
    ids, start, end = found
    kept = [one for one in before if one.end <= start]
    if len(kept) < len(before) and before[len(kept)].start < start:
        return [*before, token]
    return [*kept, Token(Part.PLACE, ids, start, end)]


def _city(token: Token, last: Token | None, text: str) -> Token:
    """A city; or the street, the restaurant, the car that bears its name."""
    if _OF_A_PLATE.match(text, token.end):
        return token._replace(part=Part.KIND, value=({"is_local": False},))
    street = max((one for one in STREET_ENDINGS if text.startswith(one, token.end)), key=len, default="")
    if street:
        end = token.end + len(street)
        return Token(Part.UNREAD, text[token.start : end], token.start, end)
    coming = max((one for one in _COMING if text.startswith(one, token.end)), key=len, default="")
    if coming and last is not None and last.part is Part.ORIGIN:
        return Token(Part.FILLER, None, token.start, token.end + len(coming))
    return token


def _area(before: list[Token], token: Token, text: str, city: str) -> list[Token]:
    """协和医院: the end of a name with what stands before it, the city's or a bank's name as well."""
    start = token.start
    kept = list(before)
    while kept and kept[-1].end == start and _is_of_a_name(kept, text, city):
        last = kept[-1]
        start = last.start
        if last.part is Part.BANK:
            break
        kept.pop()
    if start == token.start and token.end - token.start == 1:
        return [*before, Token(Part.UNREAD, text[start : token.end], start, token.end)]
    return [*kept, Token(Part.AREA, text[start : token.end], token.start, token.end)]


def _is_of_a_name(tokens: list[Token], text: str, city: str) -> bool:
    last = tokens[-1]
    if last.part in {Part.UNREAD, Part.BANK, Part.AREA}:
        return last.end - last.start <= LONGEST_NAME
    said = text[last.start : last.end]
    if said == "和" and len(tokens) > 1:
        return tokens[-2].part is Part.UNREAD and tokens[-2].end == last.start
    return said == city
