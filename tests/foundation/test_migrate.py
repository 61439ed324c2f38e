from __future__ import annotations

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from daxiang.foundation.database import migrate

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def url() -> str:
    """The address of the database of the tests."""
    held = connection.settings_dict
    address = f"postgresql://{held['USER']}:{held['PASSWORD']}@"
    address += f":{held['PORT']}" if held["PORT"] else ""
    return f"{address}/{held['NAME']}?host={held['HOST']}"


def test_a_migrated_database_needs_nothing_until_a_row_or_a_file_changes(url: str) -> None:
    apps = settings.INSTALLED_APPS
    migrate.migrate(url, apps)
    assert migrate.is_up_to_date(url, apps)
    assert not migrate.is_up_to_date(url, [*apps, "django.contrib.auth"])
    with psycopg.connect(url) as other:
        other.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('x', '0001', now())")
    assert not migrate.is_up_to_date(url, apps)
    with psycopg.connect(url) as other:
        other.execute("DELETE FROM django_migrations WHERE app = 'x'")


def test_who_comes_while_another_migrates_is_told_so(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [migrate._LOCK])
        with pytest.raises(migrate.AnotherMigrates, match="Another process has been migrating"):
            migrate.migrate(url, settings.INSTALLED_APPS, patience_s=1)


def test_an_older_server_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "OLDEST_SERVER", 990_000)
    with pytest.raises(migrate.ServerTooOld, match="99 or newer is needed"):
        migrate.is_up_to_date(url, [])


def test_a_server_that_is_not_there_is_one_sentence() -> None:
    with pytest.raises(migrate.DatabaseUnreachable, match="cannot be reached: ") as told:
        migrate.is_up_to_date("postgresql://nobody@/nothing?host=/nowhere", [])
    assert "\n" not in str(told.value)
