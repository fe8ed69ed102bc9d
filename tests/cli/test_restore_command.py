"""`groundswell restore` that is refused: one sentence, and the home is as it was."""

import os

import pytest

from groundswell.cli import main
from groundswell.cli.joined import expected_migrations
from groundswell.cli.restore import _require_fit
from groundswell.ground import checks, environment, keys, restore, sealed
from groundswell.ground.errors import DiskProblem


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home that holds a key file and nothing else."""
    made = keys.load_or_make(environment.load({"GROUNDSWELL_HOME": str(tmp_path / "home")}))
    assert made
    (tmp_path / "home" / "keys.lock").unlink()
    monkeypatch.setenv("GROUNDSWELL_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def _backup(path, ring, kind="data", **more):
    header = {"kind": kind, "key": ring.fingerprint, "taken_at": "2026-03-01T12:00:00+00:00", **more}
    with path.open("wb") as file:
        sealer = sealed.Sealer(file, ring.backup_key, header)
        sealer.write(b"names")
        sealer.close()
    return path


def _refused(capfd, *words):
    status = main(["restore", *map(str, words)])
    out, err = capfd.readouterr()
    assert (status, out, err.count("\n")) == (2, "", 1)
    return err


def test_a_backup_of_other_keys_leaves_the_home_free_for_the_right_ones(home, tmp_path, capfd):
    foreign = keys.load_or_make(environment.load({"GROUNDSWELL_HOME": str(tmp_path / "other")}))
    said = _refused(capfd, _backup(tmp_path / "a.backup", foreign), "--without-keys")
    assert "was sealed with other keys than those of this home" in said
    assert [path.name for path in home.iterdir()] == ["keys.json"]


def test_a_damaged_backup_is_refused_before_anything_is_made(home, tmp_path, capfd):
    ring = keys.load_if_there(environment.load())
    data, persons = _backup(tmp_path / "a.backup", ring), _backup(tmp_path / "a.keys", ring, "keys")
    persons.write_bytes(persons.read_bytes()[:-1])
    assert "is damaged, cut off" in _refused(capfd, data, "--keys", persons)
    assert [path.name for path in home.iterdir()] == ["keys.json"]


def test_the_file_of_the_keys_is_named_or_done_without_and_not_both(home, capfd):
    assert _refused(capfd, "x") == (
        "groundswell restore: name the file of the keys with --keys, or say --without-keys.\n"
    )
    assert _refused(capfd, "x", "--keys", "y", "--without-keys") == (
        "groundswell restore: --keys and --without-keys contradict each other; say one of them.\n"
    )


def test_what_is_no_backup_is_refused_before_anything_is_made(home, tmp_path, capfd):
    ring = keys.load_if_there(environment.load())
    data, persons = _backup(tmp_path / "a.backup", ring), _backup(tmp_path / "a.keys", ring, "keys")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").touch()
    head = persons.read_bytes().partition(b"}")[0] + b"}"
    (tmp_path / "long").write_bytes(head + b"\xff\xff\xff\xff" + bytes(64))  # a length of 4 GB
    for file, said in (
        ("pipe", "is a pipe, which can be read only once"),
        ("empty", "is not a backup of Groundswell"),
        (".", "is a directory"),
        ("long", "is damaged, cut off, or was sealed with other keys"),
        ("a.backup", "is not the file of the keys; its kind is data"),
        ("none", "no such file or directory"),
    ):
        assert said in _refused(capfd, data, "--keys", tmp_path / file)
    assert "is not the file of the keys; its kind is data" in _refused(capfd, persons, "--keys", data)
    assert [path.name for path in home.iterdir()] == ["keys.json"]


def test_a_backup_of_a_newer_release_is_refused_and_one_of_this_release_is_not(home, tmp_path, capfd):
    ring = keys.load_if_there(environment.load())
    had = sorted(map(list, checks.own_migrations()))
    assert checks.own_migrations() < expected_migrations()
    newer = _backup(tmp_path / "new.backup", ring, migrations=[*had, ["people", "9999_of_tomorrow"]])
    said = _refused(capfd, newer, "--without-keys")
    assert "was written by a newer release of Groundswell (people.9999_of_tomorrow is unknown here)" in said
    restore.require_whole(ring, _backup(tmp_path / "b", ring, migrations=had), None)
    restore.require_whole(ring, _backup(tmp_path / "c", ring), None)  # of before it was written down


@pytest.mark.parametrize(("hour", "said"), [("11", "stays unreadable.\n"), ("12", ""), ("13", "")])
def test_keys_that_are_older_than_the_data_are_told_of(home, tmp_path, hour, said):
    ring = keys.load_if_there(environment.load())
    data = _backup(tmp_path / "a.backup", ring)
    persons = _backup(tmp_path / "a.keys", ring, "keys", taken_at=f"2026-03-01T{hour}:00:00+00:00")
    assert _require_fit(data, persons)[-18:] == said


def test_a_disk_that_is_full_under_the_database_is_said_as_every_other_one_is(home, tmp_path):
    ring = keys.load_if_there(environment.load())
    said = (
        "pg_restore: error: could not execute query: ERROR:  could not extend file: No space left on device"
    )
    program = ["sh", "-c", f"cat > /dev/null; echo '{said}' >&2; exit 1"]
    with pytest.raises(DiskProblem, match="The disk is full, and nothing of this was kept"):
        restore._feed(program, {"PATH": os.environ["PATH"]}, ring, _backup(tmp_path / "a.backup", ring))
