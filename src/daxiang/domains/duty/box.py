"""The suggestion box: nobody can link a suggestion to a person.

It is written on a page whose address is the same for everybody on a day, not in the chat, whose messages are
kept with their senders; with it goes no account, no device and no time but the day.
"""

from __future__ import annotations

import hmac
import os
from datetime import date
from typing import NamedTuple

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from daxiang.domains.officers.people_queries import Cursor

LONGEST = 1000
MOST_A_DAY = 2000
_PURPOSE = b"daxiang suggestion box v1"

ADD_SUGGESTION = "INSERT INTO duty_suggestion (id, words, day) VALUES (%(id)s, %(words)s, %(day)s)"
COUNT_SUGGESTIONS = "SELECT count(*) FROM duty_suggestion WHERE day = %(day)s"
MIX_SUGGESTIONS = """
WITH gone AS (DELETE FROM duty_suggestion WHERE day >= %(since)s RETURNING id, words, day)
INSERT INTO duty_suggestion (id, words, day) SELECT id, words, day FROM gone ORDER BY id
"""
LIST_SUGGESTIONS = (
    "SELECT words, day FROM duty_suggestion ORDER BY day DESC, id LIMIT %(most)s OFFSET %(offset)s"
)
STATEMENTS = {
    "ADD_SUGGESTION": ADD_SUGGESTION,
    "COUNT_SUGGESTIONS": COUNT_SUGGESTIONS,
    "MIX_SUGGESTIONS": MIX_SUGGESTIONS,
    "LIST_SUGGESTIONS": LIST_SUGGESTIONS,
}


class Suggestion(NamedTuple):
    words: str
    day: date


class BoxKey:
    """The day's address of the box: known to whoever is told it in the chat, the same for all of them."""

    def __init__(self, index_key: bytes) -> None:
        self._key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(index_key)

    def of(self, day: date) -> str:
        return hmac.digest(self._key, day.isoformat().encode(), "sha256").hex()[:32]

    def opens(self, token: str, day: date) -> bool:
        """Whether this is that day's, in a time that tells nothing."""
        return hmac.compare_digest(self.of(day).encode(), token.encode())


def add_suggestion(cursor: Cursor, words: str, *, day: date) -> bool:
    """Put words into the box, under a name of chance; False when it is full for the day."""
    cursor.execute(COUNT_SUGGESTIONS, {"day": day})
    if cursor.fetchone()[0] >= MOST_A_DAY:
        return False
    cursor.execute(ADD_SUGGESTION, {"id": os.urandom(16), "words": words, "day": day})
    return True


def mix_suggestions(cursor: Cursor, *, since: date) -> None:
    """Write the last days' anew, all in one transaction: a row's own number of transaction, beside those of
    the chat's rows, would else tell whoever reads the database at what minute it was written.
    """
    cursor.execute(MIX_SUGGESTIONS, {"since": since})


def suggestions(cursor: Cursor, *, most: int, offset: int) -> list[Suggestion]:
    """A page of the box, the newest day first; within a day in no order of coming."""
    cursor.execute(LIST_SUGGESTIONS, {"most": most, "offset": offset})
    return [Suggestion(*row) for row in cursor.fetchall()]
