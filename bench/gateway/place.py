"""The one PostgreSQL of a run: our own launcher's, fsync on, thrown away afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql

from bench.gateway.crypt import Account
from daxiang.foundation.database.cluster import Cluster
from daxiang.foundation.database.url import cluster_url
from daxiang.foundation.demo import with_demo_values
from daxiang.foundation.inbox.partitions import ensure_partitions
from daxiang.foundation.settings import read_settings
from daxiang.kernel.clock import SHANGHAI


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a run happens."""

    home: Path
    environment: dict[str, str]
    account: Account
    postgres_pid: int
    database: psycopg.Connection[tuple[object, ...]]

    @property
    def log(self) -> Path:
        return self.home / "servers.log"

    def rows(self, table: str) -> int:
        """How many messages that table holds; a peer makes its own with the first message."""
        if self.database.execute("SELECT to_regclass(%s)", [table]).fetchone() == (None,):
            return 0
        counted = self.database.execute(
            sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
        ).fetchone()
        assert counted is not None
        return int(str(counted[0]))


@contextmanager
def throw_away_place() -> Iterator[Place]:
    """A home with invented accounts and a database with our tables."""
    home = Path(tempfile.mkdtemp(prefix="daxiang-bench-"))
    cluster = Cluster(home)
    try:
        cluster.start()
        environment = _environment(home)
        subprocess.run(
            [sys.executable, "-m", "daxiang.config.cli", "migrate"], env=environment, cwd=home, check=True
        )
        with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as connection:
            ensure_partitions(connection, today=datetime.now(SHANGHAI).date())
            assert cluster.pid is not None
            yield Place(
                home=home,
                environment=environment,
                account=_account(environment),
                postgres_pid=cluster.pid,
                database=connection,
            )
    finally:
        cluster.stop()
        cluster.purge()
        shutil.rmtree(home, ignore_errors=True)


def _environment(home: Path) -> dict[str, str]:
    """Nothing of the caller's own copy, so that a bench never touches it."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("DAXIANG_") or name == "DAXIANG_POSTGRES_BIN"
    }
    return {**kept, "DAXIANG_HOME": str(home), "DATABASE_URL": cluster_url(home)}


def _account(environment: dict[str, str]) -> Account:
    service = read_settings(with_demo_values(environment)).accounts["service"]
    return Account(
        token=service.token,
        aes_key=service.aes_key,
        app_id=service.app_id,
        original_id=service.original_id,
    )
