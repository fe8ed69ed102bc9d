"""Backups are sealed, whole, and restore to the same database with the same rights."""

import contextlib
import dataclasses
import datetime as dt
import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

import testbase
from groundswell.cli import doctor
from groundswell.cli.errors import CommandError
from groundswell.cli.joined import _require_ready
from groundswell.ground import backup, checks, environment, keys, restore, roles, sealed
from groundswell.ground.errors import BackupProblem
from groundtools import RIGHTS

AT = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
CANARY = "nightingale-7391"


@pytest.fixture(scope="module")
def ring() -> keys.KeyRing:
    return keys.load_or_make(environment.load())


@pytest.fixture(scope="module")
def origin(cluster, database_name) -> Iterator[str]:
    """A migrated database with a few rows of every kind that a backup treats in its own way."""
    name = f"{testbase.clone_name()}_origin"
    testbase.clone(cluster, name)
    with psycopg.connect(**cluster.superuser(name)) as superuser:
        superuser.execute("insert into kernel_settlemark (taken_at, stamp) values (now(), 5), (now(), 6)")
        superuser.execute("insert into keys.personkey (person_id, wrapped) values (7, '\\x0102')")
        superuser.execute("create table canary as select %s::text as bird", [CANARY])
        superuser.execute("alter table canary owner to gs_owner")
        superuser.execute("grant select on canary to gs_backup")
    yield name
    testbase.drop(cluster, name)


@pytest.fixture(scope="module")
def written(cluster, ring, origin, tmp_path_factory) -> backup.Written:
    """A backup of it, in a directory of its own; nobody changes it."""
    return backup.write(cluster, ring, tmp_path_factory.mktemp("backed up") / "backups", AT, origin)


@pytest.fixture
def empty(cluster, database_name) -> Iterator[str]:
    with _empty(cluster, "empty") as name:
        yield name


@pytest.fixture(scope="module")
def restored(cluster, ring, written) -> Iterator[str]:
    """A database into which the backup was restored; nobody changes it."""
    with _empty(cluster, "restored") as name:
        restore.restore(cluster, ring, written.data, written.keys, name)
        yield name


@contextlib.contextmanager
def _empty(cluster: Any, what: str) -> Iterator[str]:
    name = f"{testbase.clone_name()}_{what}"
    with psycopg.connect(**cluster.superuser("postgres"), autocommit=True) as superuser:
        roles.create_database(superuser, name)
    with psycopg.connect(**cluster.superuser(name)) as inside:
        roles.prepare_database(inside)
    yield name
    testbase.drop(cluster, name)


def _hashes(cluster: Any, name: str) -> dict[str, tuple[int, int]]:
    with psycopg.connect(**cluster.parameters("gs_backup", name)) as connection:
        return restore.table_hashes(connection)


def _rights(cluster: Any, name: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(**cluster.superuser(name)) as superuser:
        return superuser.execute(RIGHTS).fetchall()


def test_a_restored_database_has_the_same_rows_and_the_same_rights(cluster, origin, restored):
    before, after = _hashes(cluster, origin), _hashes(cluster, restored)
    assert before.pop("public.kernel_clock") != after.pop("public.kernel_clock")  # the generation
    assert before["keys.personkey"][0] == 1
    assert after == before
    assert _rights(cluster, restored) == _rights(cluster, origin)


def test_a_restore_advances_the_generation_of_the_clock(cluster, origin, restored):
    with (
        psycopg.connect(**cluster.superuser(origin)) as one,
        psycopg.connect(**cluster.superuser(restored)) as other,
    ):
        first = one.execute("select generation, org_stamp() from kernel_clock").fetchone()
        second = other.execute("select generation, org_stamp() from kernel_clock").fetchone()
    assert first is not None
    assert second is not None
    assert second[0] == first[0] + 1
    assert second[1] > first[1]


def test_the_main_backup_holds_no_key_of_a_person_and_the_key_backup_nothing_else(
    cluster, ring, written, empty
):
    restore.restore(cluster, ring, written.data, None, empty)
    hashes = _hashes(cluster, empty)
    assert hashes["keys.personkey"] == (0, 0)
    assert hashes["public.canary"][0] == 1
    content = b"".join(sealed.opened(written.keys, ring.backup_key))
    assert b"personkey" in content
    assert b"canary" not in content


def test_a_backup_gives_nothing_away_and_only_its_owner_may_read_it(ring, written):
    for path in (written.data, written.keys):
        raw = path.read_bytes()
        assert CANARY.encode() not in raw
        assert b"personkey" not in raw
        assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert b"canary" in b"".join(sealed.opened(written.data, ring.backup_key))
    assert sorted(path.name for path in written.data.parent.iterdir()) == [
        "groundswell-20260301T120000Z.backup",
        "groundswell-20260301T120000Z.keys",
    ]


def test_a_backup_is_restored_into_an_empty_database_only(cluster, ring, origin, written):
    before = _hashes(cluster, origin)
    with pytest.raises(BackupProblem, match=r"holds \d+ tables already"):
        restore.restore(cluster, ring, written.data, written.keys, origin)
    assert _hashes(cluster, origin) == before


def test_of_two_restores_at_once_one_is_refused_and_harms_nothing(cluster, ring, written, empty):
    def restored(_: int) -> str:
        try:
            restore.restore(cluster, ring, written.data, written.keys, empty)
        except BackupProblem as problem:
            return problem.sentence
        return "restored"

    with ThreadPoolExecutor(2) as both:
        refused, done = sorted(both.map(restored, range(2)))
    assert (done, "tables already" in refused) == ("restored", True)
    assert _hashes(cluster, empty)["public.canary"][0] == 1


def test_a_damaged_backup_is_refused_before_anything_is_restored(cluster, ring, written, empty, tmp_path):
    raw = bytearray(written.data.read_bytes())
    raw[len(raw) // 2] ^= 1
    damaged = tmp_path / written.data.name
    damaged.write_bytes(raw)
    with pytest.raises(BackupProblem, match="is damaged, cut off, or was sealed with other keys"):
        restore.restore(cluster, ring, damaged, written.keys, empty)
    assert _hashes(cluster, empty) == {}


def test_a_restore_that_fails_half_way_leaves_an_empty_database(cluster, ring, written, empty, monkeypatch):
    real = restore._run

    def fail_late(*arguments):
        if "--section=post-data" in arguments[4]:
            raise BackupProblem("The disk is full.")
        real(*arguments)

    monkeypatch.setattr(restore, "_run", fail_late)
    with pytest.raises(BackupProblem, match="The disk is full"):
        restore.restore(cluster, ring, written.data, written.keys, empty)
    monkeypatch.undo()
    restore.restore(cluster, ring, written.data, written.keys, empty)
    assert _hashes(cluster, empty)["public.canary"][0] == 1


def test_nobody_uses_what_a_restore_left_that_was_cut_off_and_the_next_one_begins_anew(
    cluster, ring, written, empty
):
    def unfinished() -> str | None:
        with psycopg.connect(**cluster.parameters("gs_app", empty)) as app:
            return checks.unfinished_restore(app)

    class Running:
        environment = cluster.environment
        parameters = staticmethod(lambda role: cluster.parameters(role, empty))

    def cut_off() -> None:
        with pytest.raises(CommandError, match="its restore was cut off"):
            _require_ready(Running, ring)
        raise SystemExit

    assert unfinished() is None
    with pytest.raises(SystemExit):
        restore.restore(cluster, ring, written.data, written.keys, empty, then=cut_off)
    assert "give the same `groundswell restore` once more" in str(unfinished())
    restore.restore(cluster, ring, written.data, written.keys, empty)
    assert unfinished() is None
    assert _hashes(cluster, empty)["public.canary"][0] == 1
    _require_ready(Running, ring)
    with psycopg.connect(**cluster.parameters("gs_owner", empty)) as owner:
        owner.execute("insert into django_migrations values (default, 'people', '9_to_come', now())")
    with pytest.raises(CommandError, match=r"people\.9_to_come is unknown here\): use that one or a later"):
        _require_ready(Running, ring)


def test_files_of_another_kind_or_of_other_keys_are_refused(cluster, ring, written, empty, tmp_path):
    with pytest.raises(BackupProblem, match="is not the file of the data; its kind is keys"):
        restore.restore(cluster, ring, written.keys, None, empty)
    foreign = keys.load_or_make(environment.load({"GROUNDSWELL_HOME": str(tmp_path / "other")}))
    with pytest.raises(BackupProblem, match="was sealed with other keys than those of this home"):
        restore.restore(cluster, foreign, written.data, written.keys, empty)
    (tmp_path / "letter").write_text("Dear all,")
    with pytest.raises(BackupProblem, match="is not a backup of Groundswell"):
        restore.restore(cluster, ring, tmp_path / "letter", None, empty)
    with pytest.raises(BackupProblem, match="no such file"):
        restore.restore(cluster, ring, tmp_path / "nothing", None, empty)


def test_data_are_kept_35_days_and_keys_7(cluster, ring, origin, tmp_path):
    for days in (7, 8, 35, 36):
        stamp = f"{AT - dt.timedelta(days=days):%Y%m%dT%H%M%SZ}"
        for suffix in ("backup", "keys"):
            (tmp_path / f"groundswell-{stamp}.{suffix}").touch()
    (tmp_path / "groundswell-notes.backup").touch()
    written = backup.write(cluster, ring, tmp_path, AT + dt.timedelta(seconds=0), origin)
    assert {path.name for path in written.expired} == {
        "groundswell-20260221T120000Z.keys",
        "groundswell-20260125T120000Z.keys",
        "groundswell-20260124T120000Z.keys",
        "groundswell-20260124T120000Z.backup",
    }
    assert (tmp_path / "groundswell-notes.backup").exists()
    assert backup.newest(tmp_path) == AT


def test_on_a_full_disk_the_expired_go_and_the_newest_stays(cluster, ring, origin, tmp_path, monkeypatch):
    def full(*_given: object) -> Iterator[bytes]:
        raise OSError(28, "No space left on device")
        yield b""

    for days in (40, 50):
        stamp = f"{AT - dt.timedelta(days=days):%Y%m%dT%H%M%SZ}"
        for suffix in ("backup", "keys"):
            (tmp_path / f"groundswell-{stamp}.{suffix}").touch()
    monkeypatch.setattr(backup, "_dump", full)
    with pytest.raises(BackupProblem, match="the disk is full"):
        backup.write(cluster, ring, tmp_path, AT, origin)
    newest = f"groundswell-{AT - dt.timedelta(days=40):%Y%m%dT%H%M%SZ}"
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{newest}.backup", f"{newest}.keys"]


def test_the_doctor_is_not_set_at_rest_by_a_backup_of_a_clock_that_was_ahead(ring, tmp_path):
    settings = dataclasses.replace(environment.load(), backup_dir=tmp_path)
    at = dt.datetime.now(dt.UTC)
    for hours, well in ((0, True), (-47, True), (-49, False), (24 * 365, False)):
        path = tmp_path / f"groundswell-{at + dt.timedelta(hours=hours):%Y%m%dT%H%M%SZ}.backup"
        path.touch()
        check = doctor._backup_age(settings)
        assert (check.ok, bool(check.mend)) == (well, not well)
        path.unlink()
    assert "See that the clock of this machine is right." in check.mend


def test_two_backups_of_one_second_harm_each_other_in_nothing(cluster, ring, origin, tmp_path):
    name = f"groundswell-{AT:%Y%m%dT%H%M%SZ}"
    theirs = tmp_path / f".{name}.backup.part"
    theirs.write_text("being written by somebody else")
    with pytest.raises(BackupProblem, match="there is one of this very second"):
        backup.write(cluster, ring, tmp_path, AT, origin)
    assert theirs.read_text() == "being written by somebody else"
    theirs.rename(tmp_path / f"{name}.keys")  # it is through with this one
    with pytest.raises(BackupProblem, match="there is one of this very second"):
        backup.write(cluster, ring, tmp_path, AT, origin)
    assert [path.name for path in tmp_path.iterdir()] == [f"{name}.keys"]
    (tmp_path / f"{name}.keys").unlink()
    left = tmp_path / f".groundswell-{AT - dt.timedelta(days=2):%Y%m%dT%H%M%SZ}.keys.part"
    left.touch()  # by one that was killed
    assert backup.write(cluster, ring, tmp_path, AT, origin).expired == (left,)


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20])
def test_what_is_sealed_is_what_is_opened(tmp_path, size):
    key, content, path = secrets.token_bytes(32), os.urandom(size), tmp_path / "sealed"
    _seal(path, key, content)
    assert b"".join(sealed.opened(path, key)) == content


def test_chunks_can_be_neither_moved_nor_left_out_nor_the_header_changed(tmp_path):
    key, path = secrets.token_bytes(32), tmp_path / "sealed"
    _seal(path, key, os.urandom(3 << 20))
    raw = path.read_bytes()
    start = len(sealed.MAGIC) + 4 + int.from_bytes(raw[len(sealed.MAGIC) : len(sealed.MAGIC) + 4])
    size = 4 + (1 << 20) + 16
    head, chunks = raw[:start], [raw[start + i * size : start + (i + 1) * size] for i in range(3)]
    broken = {
        "swapped": head + chunks[1] + chunks[0] + chunks[2],
        "left out": head + chunks[0] + chunks[2],
        "cut off": head + chunks[0] + chunks[1],
        "cut within": raw[:-1],
        "longer": raw + b"\0\0\0\1x",
        "header": head.replace(b'"kind": "data"', b'"kind": "keys"') + b"".join(chunks),
        "nothing": head,
    }
    for how, content in broken.items():
        path.write_bytes(content)
        assert _refusal(path, key).endswith("take another copy of it."), how


def test_another_key_opens_nothing(tmp_path):
    path = tmp_path / "sealed"
    _seal(path, secrets.token_bytes(32), b"names")
    with pytest.raises(BackupProblem, match="other keys"):
        list(sealed.opened(path, secrets.token_bytes(32)))


def _refusal(path: Path, key: bytes) -> str:
    with pytest.raises(BackupProblem) as refused:
        list(sealed.opened(path, key))
    return refused.value.sentence


def _seal(path: Path, key: bytes, content: bytes) -> None:
    with path.open("wb") as file:
        sealer = sealed.Sealer(file, key, {"kind": "data"})
        for start in range(0, len(content), 300_000):
            sealer.write(content[start : start + 300_000])
        sealer.close()
