"""`groundswell restore` that is refused: one sentence, and the home is as it was."""

import pytest

from groundswell.cli import main
from groundswell.ground import environment, keys, sealed


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home that holds a key file and nothing else."""
    made = keys.load_or_make(environment.load({"GROUNDSWELL_HOME": str(tmp_path / "home")}))
    assert made
    (tmp_path / "home" / "keys.lock").unlink()
    monkeypatch.setenv("GROUNDSWELL_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def _backup(path, ring, kind="data"):
    with path.open("wb") as file:
        sealer = sealed.Sealer(file, ring.backup_key, {"kind": kind, "key": ring.fingerprint})
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
