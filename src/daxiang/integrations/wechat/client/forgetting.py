"""What nobody asks for any more: counts of past minutes and days, dead sign-in codes, files that are gone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import psycopg

from daxiang.integrations.wechat.client.kept_media import USED_FOR
from daxiang.integrations.wechat.client.sql import FORGET_MEDIA, FORGET_QUOTA, FORGET_SIGN_INS

KEEP_MINUTES, KEEP_DAYS = timedelta(hours=1), timedelta(days=62)


def forget_old(connection: psycopg.Connection[Any], *, now: datetime) -> None:
    """Drop counts of minutes after an hour, of days after two months; sign-in codes after a day; media when
    they are used no more.

    May run at any time and twice; `now` is business time.
    """
    before = {"minutes_before": now - KEEP_MINUTES, "days_before": now - KEEP_DAYS}
    connection.execute(FORGET_QUOTA.encode(), before)
    connection.execute(FORGET_SIGN_INS.encode())
    connection.execute(FORGET_MEDIA.encode(), {"before": now - USED_FOR})
