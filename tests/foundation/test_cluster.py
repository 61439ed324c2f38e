from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from daxiang.foundation.database.cluster import Cluster, _worth_telling, accepts_connections
from daxiang.foundation.database.failures import AnotherLauncher, BinariesMissing, DiskFull, OtherVersion, why
from daxiang.foundation.database.place import own_folder, password, place_of
from daxiang.foundation.database.url import cluster_url
from daxiang.foundation.environment import SettingWrong

from .processes import FAKE_CLI, Started, is_alive, started, wait_for

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home whose cluster is made once for all tests of this file; mode 700, as root's home is."""
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o700)
    cluster = Cluster(home)
    cluster.start()
    with psycopg.connect(cluster_url(home)) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    cluster.stop()
    yield home
    Cluster(home).purge()
    assert not place_of(home).state.exists()


@pytest.fixture
def cluster(made: Path) -> Iterator[Cluster]:
    one = Cluster(made)
    yield one
    one.stop()


def answers(home: Path) -> bool:
    try:
        with psycopg.connect(cluster_url(home), connect_timeout=2) as connection:
            connection.execute("SELECT count(*) FROM kept")
    except psycopg.OperationalError:
        return False
    return True


def launcher_of(home: Path) -> Started:
    env = {**os.environ, "DAXIANG_HOME": str(home)}
    one = Started([sys.executable, FAKE_CLI, "database"], env)
    wait_for(lambda: answers(home), what="the database")
    return one


def postmaster_pid(home: Path) -> int:
    return int((place_of(home).data / "postmaster.pid").read_text().split("\n")[0])


def test_it_keeps_its_tables_over_a_restart_and_syncs_to_disk(cluster: Cluster, made: Path) -> None:
    cluster.start()
    with psycopg.connect(cluster_url(made)) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_a_wrong_password_is_refused(cluster: Cluster, made: Path) -> None:
    cluster.start()
    wrong = cluster_url(made).replace(password(place_of(made)), "guess")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_the_server_and_its_socket_are_for_one_user_without_root_rights(cluster: Cluster) -> None:
    cluster.start()
    owner = place_of(cluster.place.home).data.stat()
    assert owner.st_uid != 0
    assert cluster.place.socket_dir.stat().st_mode & 0o777 == 0o700
    assert cluster.place.password_file.stat().st_mode & 0o077 == 0
    told = subprocess.run(["ps", "-o", "uid=", "-p", str(cluster.pid)], capture_output=True, text=True).stdout
    assert int(told) == owner.st_uid


def test_a_killed_postmaster_is_seen_and_started_again(cluster: Cluster, made: Path) -> None:
    cluster.start()
    assert cluster.pid
    with psycopg.connect(cluster_url(made)):
        os.kill(cluster.pid, signal.SIGKILL)
        assert cluster.wait() == -signal.SIGKILL
        cluster.stop()
        cluster.start()
    assert answers(made)


def test_a_killed_launcher_leaves_no_server_and_the_next_one_starts(made: Path) -> None:
    first = launcher_of(made)
    postmaster = postmaster_pid(made)
    first.kill()
    second = launcher_of(made)
    assert postmaster_pid(made) != postmaster
    assert not is_alive(postmaster)
    assert second.end() == 0
    first.close()
    second.close()


def test_a_second_launcher_is_refused_in_one_sentence(cluster: Cluster, made: Path) -> None:
    cluster.start()
    with pytest.raises(AnotherLauncher, match=f"already run by process {os.getpid()}"):
        Cluster(made).start(lock_patience_s=0)
    assert answers(made)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="zombies are told by /proc")
def test_a_lock_held_by_a_zombie_is_cleared(cluster: Cluster, made: Path) -> None:
    zombie = subprocess.Popen(["/bin/true"])
    wait_for(lambda: not is_alive(zombie.pid))
    leave_lock(cluster, zombie.pid)
    cluster.start()
    assert answers(made)
    zombie.wait()


def test_a_lock_that_names_a_process_of_another_kind_is_cleared(cluster: Cluster, made: Path) -> None:
    leave_lock(cluster, os.getpid())
    cluster.start()
    assert answers(made)


def leave_lock(cluster: Cluster, pid: int) -> None:
    (cluster.place.data / "postmaster.pid").write_text(
        f"{pid}\n{cluster.place.data}\n1\n5432\n\n\n0\nready\n"
    )
    (cluster.place.socket_dir / ".s.PGSQL.5432").touch()


def test_a_stop_cuts_clients_off_and_leaves_nothing(cluster: Cluster, made: Path) -> None:
    cluster.start()
    pid = cluster.pid
    connection = psycopg.connect(cluster_url(made))
    cluster.stop()
    connection.close()
    assert pid
    assert not is_alive(pid)
    assert not (cluster.place.data / "postmaster.pid").exists()


def test_a_cluster_of_another_version_is_not_touched(cluster: Cluster) -> None:
    held = cluster.place.data / "PG_VERSION"
    true_version = held.read_text()
    held.write_text("9\n")
    try:
        with pytest.raises(OtherVersion, match="was made by PostgreSQL 9"):
            cluster.start()
    finally:
        held.write_text(true_version)


def test_wrong_binaries_are_told_with_their_variable(made: Path, tmp_path: Path) -> None:
    with pytest.raises(BinariesMissing, match="DAXIANG_POSTGRES_BIN"):
        Cluster(made, values={"DAXIANG_POSTGRES_BIN": str(tmp_path)}).start()


def test_a_full_disk_is_one_sentence() -> None:
    failure = why("initdb", "creating...\ninitdb: error: could not write: No space left on device\nremoving")
    assert isinstance(failure, DiskFull)
    assert "\n" not in str(failure)


def test_the_address_is_known_before_the_cluster_is_made_and_stays(tmp_path: Path) -> None:
    url = cluster_url(tmp_path)
    assert url == cluster_url(tmp_path)
    assert not place_of(tmp_path).data.exists()
    shutil.rmtree(place_of(tmp_path).state)


def test_a_long_path_gets_a_short_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    place = place_of(deep)
    assert place.state == deep / "postgres"
    assert place.socket_dir.parent == Path("/tmp")  # noqa: S108 - where it must be
    assert len(str(place.socket_dir / ".s.PGSQL.5432.lock")) < 100


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(SettingWrong, match="belongs to another user"):
        own_folder(tmp_path / "link", uid=os.geteuid(), gid=os.getegid())
    with pytest.raises(SettingWrong, match="belongs to another user"):
        own_folder(tmp_path / "real", uid=os.geteuid() + 1, gid=os.getegid())


def test_the_role_ends_when_postgres_does_and_says_so(made: Path) -> None:
    with started([FAKE_CLI, "database"], {**os.environ, "DAXIANG_HOME": str(made)}) as launcher:
        wait_for(lambda: answers(made), what="the database")
        os.kill(postmaster_pid(made), signal.SIGKILL)
        assert launcher.process.wait(10) == 1
        assert "PostgreSQL ended by itself." in launcher.said


@pytest.mark.parametrize(
    ("line", "is_told"),
    [
        ("FATAL:  the database system is starting up", False),
        ("FATAL:  the database system is shutting down", False),
        ("FATAL:  the database system is in recovery mode", False),
        ("FATAL:  the database system is not yet accepting connections", False),
        ("FATAL:  terminating connection due to administrator command", False),
        ("FATAL:  could not write lock file: No space left on device", True),
        ("PANIC:  could not locate a valid checkpoint record", True),
    ],
)
def test_of_a_server_that_starts_people_read_only_what_they_must_do_something_about(
    line: str, is_told: bool
) -> None:
    assert _worth_telling(line) is is_told


def test_a_cluster_says_when_it_accepts_connections(cluster: Cluster) -> None:
    lock = cluster.place.data / "postmaster.pid"
    assert accepts_connections(cluster.place)
    lock.write_text(lock.read_text().replace("ready   ", "starting"))
    assert not accepts_connections(cluster.place)
    cluster.stop()
    assert not accepts_connections(cluster.place)
