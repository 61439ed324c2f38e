"""Generations: a pack is checked, stored by digest and in force in every process, or nothing has changed."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from daxiang.domains.restrictions.errors import PackWrong
from daxiang.domains.restrictions.generations.operations import activate
from daxiang.domains.restrictions.generations.seeding import SEED, is_seeded, seed
from daxiang.domains.restrictions.generations.sql import LIST_SWITCHES
from daxiang.domains.restrictions.generations.watch import Watch
from daxiang.domains.restrictions.packs import (
    PackFiles,
    checked_files,
    lay_out,
    read_files,
    read_pack,
    stored_files,
)
from daxiang.domains.restrictions.queries import abandon, load_city, packs_folder
from daxiang.kernel.clock import SHANGHAI
from tests.inbox.test_inbox import conninfo

AT = datetime(2026, 11, 24, 17, tzinfo=SHANGHAI)


@pytest.fixture
def database() -> str:
    """The address of a migrated database with no generation in it."""
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        connection.execute("TRUNCATE restrictions_generation, restrictions_active, restrictions_switch")
    return conninfo()


@pytest.fixture(autouse=True)
def unadopted() -> Iterator[None]:
    yield
    abandon("wuhan")


def wuhan(**changed: str) -> PackFiles:
    """The carried pack, with some texts in its city.toml put in place of others."""
    files = dict(read_files(packs_folder() / "wuhan", city="wuhan").files)
    for old, new in changed.items():
        files["city.toml"] = files["city.toml"].replace(old, new)
    return PackFiles(city="wuhan", files=files)


def test_a_pack_is_the_same_by_its_files_not_by_their_order() -> None:
    pack = wuhan()
    backwards = PackFiles(city="wuhan", files=dict(reversed(list(pack.files.items()))))
    assert stored_files("wuhan", pack.text).digest == pack.digest == backwards.digest
    assert wuhan(武汉交警="武汉公安交警").digest != pack.digest
    assert PackFiles(city="hankou", files=pack.files).digest != pack.digest


@pytest.mark.parametrize("name", ["../city.toml", "/etc/passwd.toml", "a/../../b.toml", ".hidden.toml", ""])
def test_no_stored_file_lies_outside_its_pack(name: str) -> None:
    with pytest.raises(PackWrong):
        checked_files("wuhan", {name: ""})


def test_a_pack_laid_out_by_ten_at_once_is_whole_and_one(tmp_path: Path) -> None:
    pack, found = wuhan(), []
    threads = [
        threading.Thread(target=lambda: found.append(lay_out(pack, under=tmp_path))) for _ in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [tmp_path / pack.digest / "wuhan"] * 10
    assert read_files(found[0], city="wuhan").digest == pack.digest
    assert [path.name for path in tmp_path.iterdir()] == [pack.digest]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_switch_is_adopted_and_its_history_kept(database: str, tmp_path: Path) -> None:
    first, second = wuhan(), wuhan(武汉交警="武汉公安交警")
    watch = Watch(lambda: database, folder=tmp_path)
    with psycopg.connect(database, autocommit=True) as connection:
        activate(connection, pack=first, at=AT, by="甲")
        watch.look(connection)
        before = load_city("wuhan")
        done = activate(connection, pack=second, at=AT + timedelta(hours=1), by="乙")
        again = activate(connection, pack=second, at=AT + timedelta(hours=2), by="乙")
        watch.look(connection)
        rows = connection.execute(LIST_SWITCHES, {"city": "wuhan", "most": 9}).fetchall()
    assert before.generation == first.digest
    assert before.accounts["service"] == "武汉交警"
    assert load_city("wuhan").generation == second.digest
    assert load_city("wuhan").accounts["service"] == "武汉公安交警"
    assert (done.is_change, again.is_change) == (True, False)
    assert [(row[1], row[2], row[3]) for row in rows[:2]] == [
        (first.digest, second.digest, "乙"),
        (rows[1][1], first.digest, "甲"),
    ]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_leave_a_history_without_a_gap(database: str) -> None:
    packs = [wuhan(武汉交警=f"武汉交警{number}") for number in range(6)]

    def act(pack: PackFiles) -> None:
        with psycopg.connect(database, autocommit=True) as connection:
            activate(connection, pack=pack, at=AT, by="editor")

    threads = [threading.Thread(target=act, args=(pack,)) for pack in packs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with psycopg.connect(database, autocommit=True) as connection:
        rows = connection.execute(LIST_SWITCHES, {"city": "wuhan", "most": 6}).fetchall()
    befores, afters = [row[1] for row in rows], [row[2] for row in rows]
    assert befores[:-1] == afters[1:]
    assert set(afters) == {pack.digest for pack in packs}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_new_program_brings_its_pack_but_never_takes_back_a_persons_decision(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(packs_folder() / "wuhan", tmp_path / "hubei")
    city = tmp_path / "hubei" / "city.toml"
    city.write_text(
        city.read_text(encoding="utf-8").replace('id = "wuhan"', 'id = "hubei"'), encoding="utf-8"
    )
    for card in (tmp_path / "hubei" / "restrictions").glob("*.toml"):
        text = card.read_text(encoding="utf-8")
        card.write_text(text.replace('city = "wuhan"', 'city = "hubei"'), encoding="utf-8")
    monkeypatch.setattr("daxiang.domains.restrictions.generations.seeding.packs_folder", lambda: tmp_path)
    with psycopg.connect(database, autocommit=True) as connection:
        assert not is_seeded(connection, city="hubei")
        seed(connection, city="hubei", at=AT)
        assert is_seeded(connection, city="hubei")
        city.write_text(city.read_text(encoding="utf-8") + "\n# a new version\n", encoding="utf-8")
        assert not is_seeded(connection, city="hubei")
        seed(connection, city="hubei", at=AT)
        own = read_files(tmp_path / "hubei", city="hubei")
        activate(
            connection, pack=PackFiles(city="hubei", files=own.files | {"note.toml": ""}), at=AT, by="甲"
        )
        third = seed(connection, city="hubei", at=AT)
        by = connection.execute(LIST_SWITCHES, {"city": "hubei", "most": 9}).fetchall()
    assert third is None
    assert [row[3] for row in by] == ["甲", SEED, SEED]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_read_here_leaves_the_old_generation_in_force(database: str, tmp_path: Path) -> None:
    good, broken = wuhan(), PackFiles(city="wuhan", files={"city.toml": "id = 5"})
    watch = Watch(lambda: database, folder=tmp_path)
    with psycopg.connect(database, autocommit=True) as connection:
        activate(connection, pack=good, at=AT, by="甲")
        watch.look(connection)
        activate(connection, pack=broken, at=AT, by="another program")
        watch.look(connection)
    assert load_city("wuhan").generation == good.digest


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_process_that_starts_without_a_database_answers_by_the_last_generation(
    database: str, tmp_path: Path
) -> None:
    pack = wuhan(武汉交警="武汉公安交警")
    with psycopg.connect(database, autocommit=True) as connection:
        activate(connection, pack=pack, at=AT, by="甲")
        Watch(lambda: database, folder=tmp_path).look(connection)
    abandon("wuhan")
    away: Any = Watch(lambda: "postgresql://127.0.0.1:1/none", folder=tmp_path, every_s=0.01)
    away.start()
    try:
        assert load_city("wuhan").generation == pack.digest
    finally:
        away.stop()


def test_the_pack_that_the_program_carries_reads_as_a_generation() -> None:
    pack = wuhan()
    assert read_pack(packs_folder() / "wuhan", generation=pack.digest).generation == pack.digest
