"""The demo from outside: it comes up, says what is in its way, and leaves nothing behind."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from unittest.mock import patch

import pytest

from groundswell.cli import main
from groundswell.ground import environment, keys
from groundtools import Machine, free_port, wait_until

REPORT = ("report", "--as-of", "2024-01-31", "--since", "2023-01-31", "--format", "json")


def _port_listens_on(port: int) -> set[str]:
    """Return the local addresses (hexadecimal, as the kernel has them) that listen on the port."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with open(table) as rows:  # noqa: PTH123 - a table of the kernel
            for row in list(rows)[1:]:
                address, state = row.split()[1], row.split()[3]
                if state == "0A" and int(address.split(":")[1], 16) == port:
                    found.add(address.split(":")[0])
    return found


@pytest.fixture
def refused(capfd):
    """Return a function: machine, words, settings -> what a command that is refused at once says.

    It runs in this process, which costs nothing; whatever reads the database has a process of its own.
    """

    def said(machine, *words, **settings):
        with patch.dict(os.environ, machine.environ(settings), clear=True):
            assert main(words) == 2
        out, err = capfd.readouterr()
        assert out == "" or "json" in words
        return err

    return said


# The first in this file: later ones kill a worker, whose last report stands for a while.
def test_the_doctor_finds_everything_in_order_but_the_worker_that_does_not_run(machine):
    answer = machine.run("doctor", "--format", "json")
    checks = {check["name"]: check for check in json.loads(answer.stdout)["checks"]}
    assert {name for name, check in checks.items() if not check["ok"]} == {"worker"}
    assert answer.returncode == 1
    assert checks["worker"] == {
        "name": "worker",
        "ok": False,
        "detail": "No worker runs.",
        "mend": "Start `groundswell worker`.",
    }
    assert {"name", "ok", "detail", "mend"} == set(checks["roles"])
    assert machine.processes() == set()


def test_a_running_demo_is_healthy_in_order_and_heard_on_this_machine_alone(machine):
    machine.running()
    assert machine.health() == (200, {"status": "ok"})
    assert _port_listens_on(machine.port) == {"0100007F"}  # 127.0.0.1
    well = machine.run("doctor")
    assert (well.returncode, "FAIL" in well.stdout) == (0, False)


def test_a_second_demo_beside_the_first_is_told_where_the_first_one_is(machine):
    machine.running()
    second = machine.run("demo")
    assert (second.returncode, second.stdout) == (2, "")
    assert second.stderr == (
        f"A demo of {machine.home} already runs at http://localhost:{machine.port}/: use that one, "
        "stop it with Ctrl-C, or give this one a GROUNDSWELL_HOME and a PORT of its own.\n"
    )
    assert machine.health() == (200, {"status": "ok"})


@pytest.fixture(scope="module")
def told_beside(machine):
    """Return what the report says beside a running demo."""
    machine.running()
    beside = machine.run(*REPORT)
    assert (beside.returncode, beside.stderr) == (0, "")
    return beside.stdout


def test_a_command_beside_the_demo_leaves_it_running(machine, told_beside):
    assert json.loads(told_beside)["total"]["members"] == 6030
    assert machine.health() == (200, {"status": "ok"})


def test_after_a_kill_of_the_parent_everything_ends_and_the_next_start_works(machine):
    demo = machine.running()
    demo.kill()
    demo.wait()
    assert wait_until(lambda: not machine.processes(), 20)
    machine.running()
    assert machine.health() == (200, {"status": "ok"})


@pytest.mark.drill
def test_also_on_a_busy_machine_a_killed_parent_leaves_nothing_however_often(machine):
    burners = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _core in range(3)]
    try:
        for _round in range(40):
            demo = machine.running()
            demo.kill()
            demo.wait()
            assert wait_until(lambda: not machine.processes(), 20)
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


def test_a_dead_database_is_started_again_and_a_signal_ends_every_process_within_ten_seconds(machine):
    demo = machine.running()
    claim = machine.home / "postgres" / "data" / "postmaster.pid"
    database = int(claim.read_text().split()[0])
    worker = machine.worker()
    assert machine.fronts(8) == {200}
    os.kill(database, signal.SIGKILL)
    assert wait_until(lambda: claim.exists() and int(claim.read_text().split()[0]) != database, 20)
    assert wait_until(lambda: machine.health() == (200, {"status": "ok"}), 30)
    # One event, one sentence; no page pays for it, and the worker begins anew by itself.
    assert machine.fronts(8) == {200}
    assert machine.messages.read_text() == "The database server had ended; it is started again.\n"
    assert machine.worker() == worker
    assert len(machine.processes()) >= 6  # the parent, the server and its two, the worker, the database
    began = time.monotonic()
    demo.terminate()
    assert demo.wait(timeout=20) == 0
    assert time.monotonic() - began < 10
    assert machine.processes() == set()


def test_a_command_alone_says_the_same_and_leaves_nothing(machine, told_beside):
    machine.idle()
    alone = machine.run(*REPORT)
    assert (alone.returncode, alone.stdout) == (0, told_beside)
    assert machine.processes() == set()


@pytest.mark.drill
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_signal_ends_every_process_within_ten_seconds(machine, how):
    demo = machine.running()
    began = time.monotonic()
    demo.send_signal(how)
    assert demo.wait(timeout=20) == 0
    assert time.monotonic() - began < 10
    assert machine.processes() == set()


def test_a_taken_port_is_said_and_nothing_is_left_running(machine, refused):
    machine.idle()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", machine.port))
        other.listen()
        assert refused(machine, "demo") == (
            f"Port {machine.port} is taken by another program: run `make demo PORT={machine.port + 1}`.\n"
        )
    assert machine.processes() == set()


def test_the_sign_ins_are_kept_for_the_owner_alone(machine):
    accounts = machine.home / "demo-accounts.json"
    assert oct(accounts.stat().st_mode & 0o777) == "0o600"
    content = json.loads(accounts.read_text())
    assert {tuple(account) for account in content} == {("office", "unit", "email", "password", "totp_secret")}
    # One office demands a second factor: its secret stands there, and nobody else needs one.
    assert {account["office"] for account in content if account["totp_secret"]} == {"dpo"}
    assert all(account["totp_secret"] for account in content if account["office"] == "dpo")
    assert ("secretary", "INT") in {(account["office"], account["unit"]) for account in content}


@pytest.mark.drill
def test_loading_again_changes_nothing(machine):
    machine.idle()
    (machine.home / "demo.loaded").unlink()  # as after an upgrade: everything is looked at again
    before = (machine.home / "demo-accounts.json").read_text()
    report = machine.run(*REPORT).stdout
    assert machine.run("demo", "--no-serve").returncode == 0
    assert (machine.home / "demo-accounts.json").read_text() == before
    assert machine.run(*REPORT).stdout == report


def test_the_demo_refuses_where_people_are_served(machine, refused):
    said = refused(machine, "demo", GROUNDSWELL_PUBLIC_URL="https://members.example.org")
    assert "The demo runs in a home of its own" in said


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.7"])  # noqa: S104 - refused
def test_the_demo_is_heard_on_this_machine_alone(machine, refused, address):
    assert refused(machine, "demo", GROUNDSWELL_HOST=address) == (
        f"The demo listens on localhost only, not on {address}: unset GROUNDSWELL_HOST. For an organisation "
        "of your own `groundswell found` and `groundswell serve` heed it.\n"
    )


def test_a_lost_key_file_is_never_made_anew(machine, refused):
    machine.idle()
    file, kept = machine.home / "keys.json", machine.home / "keys.kept"
    file.rename(kept)
    try:
        for words in (("demo",), REPORT):
            said = refused(machine, *words)
            assert "is missing, and this database needs it" in said
            assert said.count("\n") == 1
            assert not file.exists()
        file.write_text("{}")
        checks = json.loads(machine.run("doctor", "--format", "json").stdout)["checks"]
        names = [check["name"] for check in checks]
        assert sorted(set(names)) == sorted(names)
        failing = {check["name"]: check["detail"] for check in checks if not check["ok"]}
        assert failing.keys() - {"worker"} == {"key file", "migrations"}
        assert "put back your copy of it, which is in no backup" in failing["key file"]
    finally:
        kept.rename(file)
    assert machine.run(*REPORT).returncode == 0


def test_the_key_file_of_another_installation_is_refused(machine, tmp_path, refused):
    machine.idle()
    other = Machine(tmp_path / "other", free_port())
    (machine.home / "keys.json").rename(machine.home / "keys.kept")
    fingerprint = machine.home / "key-fingerprint.json"
    remembered = fingerprint.read_text()
    try:
        refused(other, "serve")  # there is no installation; nothing is made
        assert not (other.home / "keys.json").exists()
        fingerprint.unlink()
        # The database tells that there was one.
        assert "is missing, and this database needs it" in refused(machine, "migrate")
        assert not (machine.home / "keys.json").exists()
        foreign = environment.load({"GROUNDSWELL_HOME": str(tmp_path / "foreign")})
        keys.load_or_make(foreign)
        shutil.copy(keys.path(foreign), machine.home)
        of_another = machine.run("migrate")
        assert of_another.returncode == 2
        assert "is not the one of this database" in of_another.stderr
        # Under other keys no seal can be proved: nobody is told that the trail was changed.
        checks = json.loads(machine.run("doctor", "--format", "json").stdout)["checks"]
        assert {check["name"] for check in checks if not check["ok"]} - {"worker"} == {"key file"}
    finally:
        fingerprint.write_text(remembered)
        (machine.home / "keys.kept").rename(machine.home / "keys.json")
    assert machine.run(*REPORT).returncode == 0


def test_a_wrong_setting_is_one_sentence_and_exit_2(machine, refused):
    for words in (("demo",), ("migrate",), ("doctor",)):
        assert refused(machine, *words, PORT="eighty") == (
            "PORT is “eighty”; it must be a whole number from 1 to 65535.\n"
        )


def test_a_command_before_anything_is_made_says_what_to_do(tmp_path, refused):
    empty = Machine(tmp_path / "nothing", free_port())
    for words in (("serve",), ("doctor",), REPORT):
        said = refused(empty, *words)
        assert "There is no installation in" in said
        assert "`groundswell found` makes your own, `groundswell demo` an example" in said
    assert not empty.home.exists()
    empty.home.mkdir()
    refused(empty, "doctor")
    assert not list(empty.home.iterdir())
