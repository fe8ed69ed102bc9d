"""Whoever makes or starts the database may be killed at any moment: the next one goes on where it can."""

import contextlib
import fcntl
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

import testbase
from groundswell.ground import cluster, environment, processes, server
from groundswell.ground.errors import ClusterProblem
from groundtools import QUICK, Machine, free_port, made_home, wait_until

ENTER = f"""
from groundswell.ground import cluster, environment
with cluster.cluster(environment.load(), settings={QUICK!r}):
    print("in", flush=True)
    input()
"""


GUARDED = f"""
from groundswell.ground import cluster, environment, lastout
settings = environment.load()
with lastout.stopping_behind(settings), cluster.cluster(settings, settings={QUICK!r}):
    print("in", flush=True)
    input()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A place for a home of an odd name, on the shelf; what still runs in it is ended."""
    with tempfile.TemporaryDirectory(prefix="gs-", dir=testbase.shelf()) as place:
        odd = Path(place) / os.fsdecode(b"of 'Ann' & \"Bo\"; $HOME \xff")
        yield odd
        server.stop(server.Places(odd / "postgres"))
        assert wait_until(lambda: not Machine(odd, 0).processes(), 15)


def enters(home: Path, code: str) -> "subprocess.Popen[str]":
    # Nothing of the tests' own surroundings: with an installed server it would be that one.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GROUNDSWELL_")}
    environ = {**plain, "GROUNDSWELL_HOME": str(home)}
    pipe = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, "-c", code], env=environ, **pipe)


@pytest.fixture
def begun(home) -> Iterator["subprocess.Popen[str]"]:
    """Somebody who makes and enters the database in a process of her own."""
    process = enters(home, ENTER)
    yield process
    process.kill()
    process.communicate()


def enter(home: Path) -> Path:
    """Enter the database and leave it; return where it lies."""
    settings = environment.load({"GROUNDSWELL_HOME": str(home)})
    with cluster.cluster(settings, settings=QUICK) as running:
        psycopg.connect(**running.parameters("gs_app")).close()
        assert cluster.running(settings)
    assert not cluster.running(settings)
    return home / "postgres"


def test_a_kill_while_the_data_are_made_and_one_while_the_server_starts_are_nobody_s_trouble(home, begun):
    places = server.Places(home / "postgres")
    # What makes the data outlives its starter, and writes on while the next one comes.
    assert wait_until((places.root / "data.new" / "postgresql.conf").exists, 30)
    begun.kill()
    before = os.umask(0)
    assert enter(home)
    os.umask(before)
    assert not [path for path in places.root.rglob("*") if path.lstat().st_mode & 0o007]
    assert sorted(path.name for path in places.root.iterdir()) == ["data", "run", "server.log"]
    # As after a kill between its start and its first preparation: it runs, and nobody has prepared it.
    with cluster.cluster(environment.load({"GROUNDSWELL_HOME": str(home)}), settings=QUICK):
        known = json.loads((home / "database.json").read_text())
        del known["prepared"]
        (home / "database.json").write_text(json.dumps(known))
        with cluster.cluster(environment.load({"GROUNDSWELL_HOME": str(home)})):
            assert "prepared" in json.loads((home / "database.json").read_text())
    # A server without a claim yet is waited for, and no second one is started beside it.
    with places.lock.open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        free = threading.Timer(0.3, held.close)
        free.start()
        assert enter(home)
        assert held.closed


def test_what_a_demo_that_is_killed_while_it_loads_has_left_ends_by_itself(home):
    subprocess.run(["cp", "-a", made_home(), home], check=True)
    places = server.Places(home / "postgres")
    settings = environment.load({"GROUNDSWELL_HOME": str(home)})

    def ended():
        return server.pid(places) is None and not server.is_held(places)

    with enters(home, GUARDED) as alone:
        assert alone.stdout.readline() == "in\n"
        assert cluster.running(settings)
        alone.kill()
    assert wait_until(ended, 15)
    with enters(home, GUARDED) as first:
        assert first.stdout.readline() == "in\n"
        with cluster.cluster(settings, settings=QUICK):
            first.kill()
            first.wait()
            assert not wait_until(ended, 0.7)  # somebody else uses it
    assert ended()


def test_what_never_lets_go_is_said_in_a_sentence(home, monkeypatch):
    monkeypatch.setattr(server, "HELD_SECONDS", 0.2)
    home.mkdir(mode=0o700)
    with server.Places(home / "postgres").lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(
            ClusterProblem, match="What is left of a database server that was killed still has"
        ):
            enter(home)
    assert not (home / "postgres" / "data").exists()


def test_who_is_asked_to_end_ends_a_program_with_its_children_first(tmp_path):
    written = tmp_path / "child"

    def ask(number, _frame):
        if not (written.exists() and written.read_text()):
            signal.setitimer(signal.ITIMER_REAL, 0.05)  # the program has not got so far
            return
        raise processes.Ending(number)

    before = signal.signal(signal.SIGALRM, ask)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        with pytest.raises(processes.Ending):
            server._run(["/bin/sh", "-c", "sleep 77 & echo $! > child; wait"], cwd=tmp_path)
    finally:
        signal.signal(signal.SIGALRM, before)
    child = Path("/proc") / written.read_text().strip()

    def ended():  # what was killed runs for a moment yet, and is a zombie until somebody above us looks
        try:
            return (child / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except (FileNotFoundError, ProcessLookupError):
            return True

    assert wait_until(ended, 15)


def test_a_program_that_has_said_all_and_not_ended_yet_is_ended_too(tmp_path):
    def ask(number, _frame):
        raise processes.Ending(number)

    before = signal.signal(signal.SIGALRM, ask)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(processes.Ending):
            server._run(["/bin/sh", "-c", "exec 2>&-; sleep 77"], cwd=tmp_path)
    finally:
        signal.signal(signal.SIGALRM, before)


def test_a_server_that_is_deaf_as_it_starts_is_asked_again(monkeypatch):
    hears = "import signal, time; time.sleep(0.3); signal.signal(3, signal.SIG_DFL); time.sleep(77)"
    before = signal.signal(signal.SIGQUIT, signal.SIG_IGN)  # as a shell starts what runs beside it
    late = subprocess.Popen([sys.executable, "-S", "-E", "-c", hears])
    never = subprocess.Popen(["/bin/sleep", "77"])
    signal.signal(signal.SIGQUIT, before)
    monkeypatch.setattr(server, "_STOP_SECONDS", 5)
    server.end(late)
    monkeypatch.setattr(server, "_STOP_SECONDS", 0.1)
    server.end(never)
    assert (late.returncode, never.returncode) == (-signal.SIGQUIT, -signal.SIGKILL)


def test_why_a_server_does_not_start_is_said_without_the_form_of_its_log(tmp_path):
    places = server.Places(tmp_path)
    places.log.write_text(
        "2026-03-01 12:00:00.000 UTC [7] LOG:  could not fork startup process: No resources\n"
        "2026-03-01 12:00:00.001 UTC [7] LOG:  database system is shut down\n"
    )
    assert server.failure(places, 0).sentence == (
        "The database server does not start: could not fork startup process: No resources."
    )


def test_a_signal_while_a_class_is_made_ends_in_order():
    class Moment:
        def __set_name__(self, owner, name):
            os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(processes.Ending) as ended, processes.ending_on_signals():
        type("Made", (), {"moment": Moment()})
    assert ended.value.code == 128 + signal.SIGTERM


@pytest.mark.drill
@pytest.mark.parametrize("seed", range(10))
def test_however_often_and_whenever_migrations_are_interrupted_the_next_one_goes_through(home, seed):
    machine, chance = Machine(home, free_port()), random.Random(seed)
    for _attempt in range(chance.randint(3, 6)):
        with contextlib.ExitStack() as begun:
            running = [begun.enter_context(_migrate(machine)) for _ in range(chance.choice([1, 1, 2, 3]))]
            for process in running:
                begun.callback(process.kill)
            threading.Event().wait(chance.uniform(0.3, 3.0))
            for process in running:
                how = chance.choice([signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
                with contextlib.suppress(ProcessLookupError):
                    (os.killpg if chance.random() < 0.3 else os.kill)(process.pid, how)
            # All of them before anything is asked, so that a failure leaves none to the next test.
            said = [process.communicate(timeout=60)[1] for process in running]
        assert said == [""] * len(running)
        ends = {0, 130, 143, -signal.SIGINT, -signal.SIGTERM, -signal.SIGKILL}
        assert {process.returncode for process in running} <= ends
    for words in (("migrate",), ("migrate", "--check"), ("worker", "--once")):
        answer = machine.run(*words)
        assert (answer.returncode, answer.stderr) == (0, "")
    assert machine.processes() == set()
    assert not list(home.rglob("*.new"))


def _migrate(machine: Machine) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "groundswell.cli", "migrate"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    environ = machine.environ({"GROUNDSWELL_TRACEBACK": "1"})  # what it fails of is shown whole
    return subprocess.Popen(command, env=environ, start_new_session=True, **pipes)
