"""A disk that is really full: said in one sentence, nothing half done, and it goes on once there is room."""

import contextlib
import json
import os
import re
import signal
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from groundswell.cli.errors import CommandError
from groundswell.cli.joined import refusals
from groundtools import Machine, free_port, loaded_home, wait_until

FULL = "The disk is full, and nothing of this was kept: make room and start again.\n"
MANY_MB = 600


@pytest.fixture
def disk(tmp_path) -> Iterator[Path]:
    """A disk of its own, in memory; its size may be changed."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={MANY_MB}m", "groundswell-test", place],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def _size(disk: Path, megabytes: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={megabytes}m", disk], check=True)


@contextlib.contextmanager
def _filled(disk: Path) -> Iterator[None]:
    """Leave no room on the disk while the block runs."""
    filler = disk / "filler"
    with filler.open("wb") as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(1 << 14))
            file.flush()
    yield
    filler.unlink()


@pytest.mark.drill
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a disk")
@pytest.mark.parametrize("megabytes", [40, 90, 130])
def test_a_demo_on_a_disk_too_small_is_refused_and_made_once_there_is_room(disk, megabytes):
    machine = Machine(disk / "home", free_port())
    _size(disk, megabytes)
    refused = machine.run("demo", "--no-serve")
    said = refused.stderr.removeprefix("Making the tables …\n")
    assert (refused.returncode, refused.stdout, said.count("\n")) == (2, "", 1), refused.stderr
    assert "full" in said or "The database ended while this ran" in said
    assert machine.processes() == set()
    _size(disk, MANY_MB)
    made = machine.run("demo", "--no-serve")
    assert (made.returncode, made.stdout) == (0, f"The demo is loaded in {machine.home}.\n"), made.stderr
    told = machine.run("report", "--as-of", "2024-01-31", "--since", "2023-01-31", "--format", "json")
    assert json.loads(told.stdout)["total"]["members"] == 6030


@pytest.mark.drill
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a disk")
def test_a_running_demo_on_a_disk_that_fills_up_says_so_and_goes_on_once_there_is_room(disk):
    subprocess.run(["cp", "-a", loaded_home(), disk / "home"], check=True)
    machine = Machine(disk / "home", free_port())
    machine.running()
    try:
        with _filled(disk):
            status, answer = machine.health()
            assert (status, "The disk is nearly full" in answer["reason"]) == (503, True)
            backup = machine.run("backup", "--to", str(disk / "backups"))
            assert (backup.returncode, backup.stdout, backup.stderr) == (2, "", FULL)
            status, page = _sign_in(machine)
            assert status == 503
            assert "The disk of this installation is full" in page
            # Also its database dies: it is started again as soon as there is room.
            os.kill(
                int((machine.home / "postgres/data/postmaster.pid").read_text().split()[0]), signal.SIGKILL
            )
            status, page = _sign_in(machine)
            assert (status, "We are not quite there." in page) == (503, True)
            doctor = machine.run("doctor", "--format", "json")
            failing = {
                one["name"]: one["detail"] for one in json.loads(doctor.stdout)["checks"] if not one["ok"]
            }
            assert (doctor.returncode, doctor.stderr, failing.keys()) == (1, "", {"disk", "database"})
            assert "is full" in failing["database"]
        assert wait_until(lambda: machine.health() == (200, {"status": "ok"}), 60)
        # What it says lies on that very disk; that it could not be written has stopped nobody.
        assert machine.messages.read_text().endswith("The database server had ended; it is started again.\n")
        assert "Traceback" not in machine.messages.read_text()
        assert not list(disk.glob("backups/*"))
        assert machine.health() == (200, {"status": "ok"})
        assert _sign_in(machine)[0] == 200
        backup = machine.run("backup", "--to", str(disk / "backups"))
        assert (backup.returncode, backup.stderr) == (0, "")
    finally:
        machine.idle()


def _sign_in(machine: Machine) -> tuple[int, str]:
    """Sign the secretary in as a browser does; her session cannot be written on a full disk."""
    account = json.loads((machine.home / "demo-accounts.json").read_text())[0]
    address = f"http://localhost:{machine.port}/accounts/login/"
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    browser.addheaders = [("Accept-Language", "en"), ("Origin", f"http://localhost:{machine.port}")]
    try:
        with browser.open(address, timeout=30) as answer:
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())
        words = {"email": account["email"], "password": account["password"]}
        form = urllib.parse.urlencode({**words, "csrfmiddlewaretoken": token[1] if token else ""})
        with browser.open(address, form.encode(), timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as problem:
        with problem:
            return problem.code, problem.read().decode()


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (psycopg.errors.DiskFull("could not extend file"), "disk-full"),
        (OSError(28, "No space left on device"), "disk-full"),
        (psycopg.errors.CrashShutdown("terminating connection"), "database"),
    ],
)
def test_a_command_that_meets_a_full_disk_or_a_dead_database_is_one_sentence(fault, code):
    wrapped = RuntimeError("as Django wraps it")
    wrapped.__cause__ = fault
    with pytest.raises(CommandError) as refused, refusals():
        raise wrapped
    assert refused.value.code == code
    assert refused.value.message.endswith(".")


def test_a_fault_of_the_program_stays_one():
    with pytest.raises(ZeroDivisionError), refusals():
        raise ZeroDivisionError
