"""What operators see of the credentials and the counted calls: read from PostgreSQL when asked."""

from __future__ import annotations

from collections.abc import Callable

import psycopg

from daxiang.foundation.metrics import Totals
from daxiang.integrations.wechat.client.quota import DAY, start_of
from daxiang.integrations.wechat.client.sql import COUNT_GRANTED, TOKEN_HEALTH
from daxiang.integrations.wechat.client.tokens import TokenHealth, read_health
from daxiang.kernel.clock import Clock

Figure = tuple[tuple[str, ...], float]


CREDENTIALS: dict[str, tuple[str, Callable[[TokenHealth], float]]] = {
    "good": ("1 while a credential is there that the platform honours", lambda one: float(one.is_good)),
    "refused_code": (
        "The code with which the platform refuses our credentials; 0: it does not",
        lambda one: float(one.code or 0),
    ),
    "left_seconds": ("Until the credential ends", lambda one: one.left_s),
}
"""Figure of a credential -> what it means, and how it is read."""


def totals(url: str, clock: Clock) -> tuple[Totals, ...]:
    """For `metrics.register_totals`, in one process of a city."""

    def credentials(figure: Callable[[TokenHealth], float]) -> Callable[[], list[Figure]]:
        def read() -> list[Figure]:
            with psycopg.connect(url, autocommit=True, connect_timeout=3) as connection:
                found = read_health(connection.execute(TOKEN_HEALTH.encode()).fetchall())
            return [((one.account, one.kind), figure(one)) for one in found]

        return read

    def granted() -> list[Figure]:
        today = {"starts_at": start_of(clock.now(), DAY)}
        with psycopg.connect(url, autocommit=True, connect_timeout=3) as connection:
            rows = connection.execute(COUNT_GRANTED.encode(), today).fetchall()
        return [((account, path), float(count)) for account, path, count in rows]

    of_credentials = (
        Totals(
            name=f"daxiang_wechat_credential_{name}",
            meaning=meaning,
            labels=("account", "kind"),
            read=credentials(figure),
        )
        for name, (meaning, figure) in CREDENTIALS.items()
    )
    meaning = "Calls given out to processes today, of paths that have a limit"
    path_calls = Totals(
        name="daxiang_wechat_calls_granted_today", meaning=meaning, labels=("account", "path"), read=granted
    )
    return (*of_credentials, path_calls)
