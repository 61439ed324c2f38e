"""From when to when each card holds, in Beijing's wall time: half open, None where no end is announced.

Where the research tells no first day, the one here is a choice, listed in the package's docstring; so is the
end of a card that another one must have followed on a day nobody recorded.
"""

from __future__ import annotations

from datetime import datetime

_WRITTEN = """
WH-BRIDGE-2011    2011-08-01           2019-11-02
WH-BRIDGE-2019    2019-11-02           -
WH-2014-ADJ       2014-01-05           2015-07-22
WH-TUNNEL         2019-09-01           -
WH-EL-2022        2022-03-12           2022-07-01
WH-EL-2025        2025-05-01           2025-05-06
BJ-LOCAL          2019-07-08           -
BJ-OUT            2019-07-08           -
TJ                2019-07-08           -
TJ-TRUCK          2019-07-08           -
SH-OUT            2020-11-02           -
CQ                2025-03-01           2026-03-01
HZ-ZA             2021-01-21           -
HZ-REGION         2021-01-21           -
HZ-OUT            2021-01-21           -
CD                2025-01-01           -
CD-ALERT          2025-01-01           -
GY-2014           2015-01-01           2026-01-01
GY-2026           2026-01-01           -
LZ-2018           2018-08-01           2020-01-01
LZ-NEW            2020-01-01           -
XA-2025           2025-11-10           2026-11-07
XA-LINTONG        2025-12-22           2026-11-14
ZZ-2023           2023-02-06           -
JN                2022-11-22           -
NC-2021           2021-09-06           2022-12-29
GZ-44             2024-01-01           -
SZ-OUT            2023-01-01           -
SJZ               2023-01-02           2023-04-03
TS-2018           2018-10-08           2019-04-01
TS-TRUCK-2016     2016-11-23           2017-03-16
TS-PARITY-2020    2020-12-18           2021-01-01
TS-APEC           2018-10-08           2018-12-30T14:00
HD                2016-11-21           2017-03-16
AY-2023           2023-12-24           2024-01-01
TY-a              2023-08-01           -
TY-b              2023-08-01           -
NB                2021-01-01           -
"""


def _instant(text: str) -> datetime | None:
    return None if text == "-" else datetime.fromisoformat(text)


VALIDITY = {
    name: (_instant(first), _instant(end))
    for name, first, end in (line.split() for line in _WRITTEN.split("\n") if line)
}


def is_in_force(card: str, at: datetime) -> bool:
    """at: naive wall time. A card whose first day is not on record is never known to hold."""
    first, end = VALIDITY[card]
    return first is not None and first <= at and (end is None or at < end)
