"""A short slice of `prove workflow`."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from prove import workflow

from tests.inbox.test_inbox import conninfo


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
async def test_nothing_is_sent_that_no_second_person_has_approved(tmp_path: Path) -> None:
    with psycopg.connect(conninfo(), autocommit=True) as opened:
        opened.execute("TRUNCATE briefing_edition, briefing_revision, briefing_move, briefing_send CASCADE")
    found = await workflow.campaign(seed=7, folder=tmp_path, sequences=40, attempts=25, database=conninfo())
    assert found["ok"], found["examples"]
    assert found["sent"] > 0
