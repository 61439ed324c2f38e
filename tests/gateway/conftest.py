"""The internal account: a gateway with three officers on the roll, of whom nobody is bound."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as django_conf

from daxiang.domains.officers.people import bring_roll
from daxiang.domains.officers.people_marks import PeopleMarks
from daxiang.domains.officers.roll import read_roll
from daxiang.foundation.sealing import Sealer
from daxiang.foundation.settings import Settings
from daxiang.sites.gateway import app as gateway_module
from daxiang.sites.gateway.app import Gateway
from tests.gateway.chats import Chat, settings_at
from tests.gateway.inside_stage import (
    NOW,
    NUMBERS,
)
from tests.inbox.test_inbox import conninfo
from tests.officers.rolls import roll_of


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings = settings_at(tmp_path, "2026-11-25T09:00")
    monkeypatch.setattr(django_conf, "DAXIANG", settings)
    monkeypatch.setattr(gateway_module, "database_url", lambda settings: conninfo())
    with psycopg.connect(conninfo(), autocommit=True) as link:
        link.execute(
            "TRUNCATE officer_unit, officer_try, officer_tag, briefing_edition, duty_task, duty_quiz,"
            " duty_suggestion, staff, staff_failure, staff_factor, staff_recovery, audit_deed,"
            " inbox_message, inbox_deferred, outbox_delivery, wechat_contact CASCADE"
        )
        with link.cursor() as cursor:
            bring_roll(
                cursor,
                read_roll(roll_of(NUMBERS).encode()),
                ends_leavers=False,
                marks=PeopleMarks(settings.index_key),
                sealer=Sealer(settings.data_keys),
                now=NOW,
            )
    return settings


@pytest.fixture
async def opened(city: Settings) -> AsyncIterator[Callable[[int], Chat]]:
    gateway = Gateway(city)
    await gateway.start()
    yield lambda number: Chat(city, gateway, openid=f"oInventedOfficer{number:012}", account="subscription")
    await gateway.stop()
