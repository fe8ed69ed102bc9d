"""A directory that is named to Groundswell is closed to others only when it is for Groundswell alone."""

import errno
import os
import pwd
import subprocess

import pytest

from groundswell.ground import errors
from groundswell.ground.errors import GroundProblem
from groundswell.ground.files import private_directory, write_private
from groundtools import reachable_path, reachable_python


def mode(path) -> int:
    return path.stat().st_mode & 0o7777


def test_what_is_missing_is_made_for_the_owner_alone(tmp_path):
    made = private_directory(tmp_path / "above" / "home")
    assert (mode(made), mode(made.parent)) == (0o700, 0o700)


@pytest.mark.parametrize("holds", ["", "keys.json", "postgres", "groundswell-20240615T120000Z.data"])
def test_one_that_is_empty_or_ours_is_closed(tmp_path, holds):
    folder = tmp_path / "home"
    folder.mkdir()
    folder.chmod(0o755)
    if holds:
        (folder / holds).touch()
    assert mode(private_directory(folder)) == 0o700


@pytest.mark.parametrize(
    ("open_to", "holds"), [(0o755, "somebody.else"), (0o1777, ""), (0o1777, "keys.json")]
)
def test_one_that_others_share_is_refused_and_left_as_it_is(tmp_path, open_to, holds):
    folder = tmp_path / "shared"
    folder.mkdir()
    if holds:
        (folder / holds).touch()
    folder.chmod(open_to)
    with pytest.raises(GroundProblem, match="is shared with others, so it is left as it is"):
        private_directory(folder)
    assert mode(folder) == open_to


@pytest.mark.parametrize("below", ["", "home"])
def test_a_file_is_refused_and_left_as_it_is(tmp_path, below):
    file = tmp_path / "passwd"
    file.write_text("of the machine")
    file.chmod(0o644)
    with pytest.raises(GroundProblem, match=r"no directory|cannot be made"):
        private_directory(file / below if below else file)
    assert (mode(file), file.read_text()) == (0o644, "of the machine")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory to somebody else")
def test_a_file_of_root_in_a_directory_of_one_s_own_is_to_be_given_back_and_no_other(tmp_path, monkeypatch):
    file = tmp_path / "keys.json"
    file.touch()
    refused = PermissionError(errno.EACCES, "Permission denied", str(file))
    monkeypatch.setattr(os, "geteuid", lambda: 65534)
    assert errors.of_exception(refused).sentence.endswith(
        "or name a directory of your own in GROUNDSWELL_HOME."
    )
    os.chown(tmp_path, 65534, -1)
    name = pwd.getpwuid(65534).pw_name
    assert errors.of_exception(refused).sentence == (
        f"{file} belongs to “root” and is closed to you, “{name}”, although it lies in a directory of yours: "
        f"have it given to you (`chown -R {name}`)."
    )


COMMANDS = (
    "report --as-of 2024-01-31 --since 2023-01-31",
    "doctor",
    "demo",
    "demo --no-serve",
    "migrate",
    "serve",
    "found --name Seven --secretary amy@example.org",
    "restore x --without-keys",
)
RUN_ALL = """
import sys
from groundswell.cli import main
sys.exit(sum(main(one.split()) != 2 for one in sys.argv[1:]))
"""


def test_a_home_that_is_closed_to_whoever_comes_is_said_in_one_sentence_by_every_command(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "keys.json").touch()
    as_root = os.geteuid() == 0
    home.chmod(0o700 if as_root else 0o000)  # root is stopped by no mode, so somebody else comes
    try:
        answer = subprocess.run(
            [reachable_python(), "-c", RUN_ALL, *COMMANDS],
            env={**reachable_path(), "GROUNDSWELL_HOME": str(home)},
            capture_output=True, text=True, check=False, cwd="/", timeout=60,
            **({"user": 65534, "group": 65534, "extra_groups": []} if as_root else {}),
        )  # fmt: skip
    finally:
        home.chmod(0o700)
    said = answer.stderr.splitlines()
    assert (answer.returncode, answer.stdout, len(said)) == (0, "", len(COMMANDS)), answer.stderr
    assert len(set(said)) == 1
    assert ("belongs to “root” and is closed to you" if as_root else "is closed to you, although") in said[0]


def test_a_file_is_written_although_one_that_was_killed_while_it_wrote_had_our_number(tmp_path):
    (tmp_path / f".keys.json.{os.getpid()}").write_text("half")
    write_private(tmp_path / "keys.json", "whole")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"keys.json": "whole"}
