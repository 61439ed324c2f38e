"""Where an answer stands: the notice, or our own statement about several of them. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from daxiang.domains.restrictions.states import State
from daxiang.domains.restrictions.values import Card


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where the answer stands. None: not on record, or (`until`) until further notice.

    `checked_text`: the day of the last check as far as it is known (2021年); `checked_by`: who signed.
    """

    title: str
    short_title: str
    document_no: str | None
    issuer: str | None
    url: str | None
    quote: str | None
    since: datetime
    until: datetime | None
    checked_on: date
    checked_text: str
    checked_by: str | None

    @property
    def checked_line(self) -> str:
        """The line that asks to look at the signs, with the day of the last check."""
        return f"这条规定最近核对于 {self.checked_text}，请留意现场标志"

    @property
    def line(self) -> str:
        """Title and document number on one line."""
        if self.issuer is None:  # a statement of ours about several notices, not a notice
            return self.title
        return f"{self.title}，{self.document_no or '文号未录入'}"


def source_of(state: State) -> Source | None:
    """Where a state stands; None where nothing is on record."""
    if state.card:
        return card_source(state.card)
    if state.open_to:
        said = state.open_to
        return Source(
            title=said.source,
            short_title=said.source,
            document_no=None,
            issuer=None,
            url=None,
            quote=None,
            since=said.since,
            until=None,
            checked_on=said.checked_on,
            checked_text=said.checked_text,
            checked_by=None,
        )
    return None


def card_source(card: Card) -> Source:
    """The notice of a card."""
    told = card.provenance
    return Source(
        title=card.title,
        short_title=card.short_title,
        document_no=told.document_no,
        issuer=told.issuer,
        url=told.url,
        quote=told.quote,
        since=card.valid_from,
        until=card.valid_until,
        checked_on=told.verified_on,
        checked_text=told.verified_text,
        checked_by=told.verified_by,
    )
