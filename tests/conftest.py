"""The database of the tests: a throw-away cluster of our launcher, started by the first test that needs it.

`DATABASE_URL` in the environment wins. `DAXIANG_POSTGRES_BIN` runs the same tests on another PostgreSQL.
pytest-django reads Django's settings before this file, so they are turned to the throw-away home here.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import settings as hypothesis_settings

from daxiang.config import django_settings
from daxiang.foundation.database.cluster import Cluster
from daxiang.foundation.database.url import cluster_url
from daxiang.foundation.demo import with_demo_values
from daxiang.foundation.settings import read_settings

GIVEN = bool(os.environ.get("DATABASE_URL"))
HOME = Path(tempfile.mkdtemp(prefix="daxiang-tests-"))


# No test asserts real time: a busy machine would fail it.
hypothesis_settings.register_profile("daxiang", deadline=None)
hypothesis_settings.load_profile("daxiang")


def _turn_to_throw_away_home() -> None:
    os.environ["DAXIANG_HOME"] = str(HOME)
    if not GIVEN:
        os.environ["DATABASE_URL"] = cluster_url(HOME)
    django_settings.DAXIANG = settings.DAXIANG = read_settings(with_demo_values())
    # In place: Django's connections hold this very dictionary.
    settings.DATABASES["default"].update(django_settings._database(os.environ["DATABASE_URL"]))


_turn_to_throw_away_home()


def pytest_unconfigure() -> None:
    if not GIVEN:
        Cluster(HOME).purge()
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a running server, fsync on, for this run of the tests only."""
    if GIVEN:
        yield os.environ["DATABASE_URL"]
        return
    cluster = Cluster(HOME)
    cluster.start()
    yield os.environ["DATABASE_URL"]
    cluster.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres_server: str) -> None:
    """pytest-django asks for this before it makes the test database."""
