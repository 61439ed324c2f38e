"""The checks of an edition against the library and the lists of words: at scheduling, −60 and −5 minutes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from daxiang.domains.briefings.checks import Finding, Weight, findings
from daxiang.domains.briefings.content import Content
from daxiang.domains.briefings.media import media_in, media_of
from daxiang.domains.briefings.operations import Cursor

SENSITIVE = ("内部资料", "机密", "秘密文件", "嫌疑人姓名")
"""Words that stop an edition whatever the city's own list says: by custom of the service, not by law."""
LONGEST_WORD, MOST_WORDS = 40, 2000

ADD_WORD = """
INSERT INTO briefing_word (word, added_by, added_at)
SELECT %(word)s, %(who)s, %(now)s WHERE (SELECT count(*) FROM briefing_word) < %(most)s
ON CONFLICT DO NOTHING
"""
DROP_WORD = "DELETE FROM briefing_word WHERE word = %(word)s"
LIST_WORDS = "SELECT word, added_by, added_at FROM briefing_word ORDER BY word"
STATEMENTS = {"ADD_WORD": ADD_WORD, "DROP_WORD": DROP_WORD, "LIST_WORDS": LIST_WORDS}


class Word(NamedTuple):
    """One word of the city's own list."""

    word: str
    added_by: str
    added_at: datetime


def checked(cursor: Cursor, content: Content, *, day: date) -> list[Finding]:
    """Everything that stands in the way of sending this text on that day, or should be looked at."""
    library = {name: one.checked for name, one in media_of(cursor, media_in(content)).items()}
    sensitive = (*SENSITIVE, *(one.word for one in stop_words(cursor)))
    return findings(content, day=day, media=library, sensitive=sensitive)


def stops(found: Iterable[Finding]) -> list[Finding]:
    """Those that keep an edition from being scheduled."""
    return [one for one in found if one.weight is Weight.STOPS]


def stop_words(cursor: Cursor) -> list[Word]:
    """The city's own list."""
    cursor.execute(LIST_WORDS, {})
    return [Word(*row) for row in cursor.fetchall()]


def add_word(cursor: Cursor, word: str, *, who: str, now: datetime) -> None:
    """From now on no edition that holds it is sent for review or scheduled; one that is scheduled already
    raises an alarm at the checks before it goes. Once more changes nothing.
    """
    cursor.execute(ADD_WORD, {"word": word, "who": who, "now": now, "most": MOST_WORDS})


def drop_word(cursor: Cursor, word: str) -> None:
    """It stops nothing any more; of one that is not there nothing happens."""
    cursor.execute(DROP_WORD, {"word": word})
