"""The checks of an edition against the library and the list of words: at scheduling, −60 and −5 minutes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from daxiang.domains.briefings.checks import Finding, Weight, findings
from daxiang.domains.briefings.content import Content
from daxiang.domains.briefings.media import media_in, media_of
from daxiang.domains.briefings.operations import Cursor

SENSITIVE = ("内部资料", "机密", "秘密文件", "嫌疑人姓名")
"""Words that stop an edition whatever the city's own list says: by custom of the service, not by law."""


def checked(
    cursor: Cursor, content: Content, *, day: date, sensitive: Iterable[str] = SENSITIVE
) -> list[Finding]:
    """Everything that stands in the way of sending this text on that day, or should be looked at."""
    library = {name: one.checked for name, one in media_of(cursor, media_in(content)).items()}
    return findings(content, day=day, media=library, sensitive=sensitive)


def stops(found: Iterable[Finding]) -> list[Finding]:
    """Those that keep an edition from being scheduled."""
    return [one for one in found if one.weight is Weight.STOPS]
