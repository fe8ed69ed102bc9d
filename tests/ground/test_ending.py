"""The web server is asked to end: it answers what it was asked, and says nothing."""

import http.client
import logging
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

import testbase
from groundswell.cli import serve
from groundswell.ground import cluster, environment
from groundtools import Machine, free_port, loaded_home, wait_until

# As granian does it: the parent notes the signal, and a child that has its handler notes it to no avail.
FORKS = """
import os, signal, time
from groundswell.cli import serve
signal.signal(signal.SIGTERM, lambda *_: None)
signal.signal(signal.SIGINT, lambda *_: None)
for mended in (False, True):
    if mended:
        serve._let_children_end_early()
    child = os.fork()
    if not child:
        time.sleep(0.3)
        os._exit(7)
    os.kill(child, signal.SIGINT)
    os.kill(child, signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGTERM)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_web_process_that_is_asked_to_end_while_it_loads_ends():
    done = subprocess.run([sys.executable, "-c", FORKS], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["7", str(-signal.SIGTERM)]


def test_a_web_process_that_had_to_be_killed_is_said_in_words_of_whoever_waited_for_it(caplog):
    killed = logging.makeLogRecord({"msg": "Killing worker-2 after it refused to gracefully stop"})
    assert not serve._say_what_was_cut_off(killed)
    assert caplog.messages == ["What was still being asked or answered after 5 seconds was cut off."]
    assert serve._say_what_was_cut_off(logging.makeLogRecord({"msg": "Unexpected exit from worker-1"}))
    assert len(caplog.messages) == 1


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    with tempfile.TemporaryDirectory(prefix="gs-ending-", dir=testbase.shelf()) as place:
        made = Machine(Path(place) / "home", free_port())
        subprocess.run(["cp", "-a", loaded_home(), made.home], check=True)
        yield made
        assert wait_until(lambda: not made.processes(), 10)


def served(machine):
    command = [sys.executable, "-m", "groundswell.cli", "serve"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, env=machine.environ(), **pipes)


def ended(server):
    """Ask it to end; return how long that took, and what it said."""
    begun = time.monotonic()
    server.terminate()
    said = server.communicate(timeout=30)
    return time.monotonic() - begun, said


@pytest.mark.drill
def test_the_server_ends_quietly_whatever_hangs_on_it(machine):
    with served(machine) as server:
        assert wait_until(lambda: machine.health()[0], 60)
        idle = asking(machine)
        assert idle.getresponse().read()
        owner = cluster.connection(environment.load({"GROUNDSWELL_HOME": str(machine.home)}), "gs_owner")
        with psycopg.connect(**owner) as lock:
            lock.execute("lock table structure_unit in access exclusive mode")
            slow = asking(machine)
            assert wait_until(lambda: waiting(lock), 10)
            threading.Timer(2, lock.rollback).start()
            seconds, said = ended(server)
        assert (said, server.returncode) == (("", ""), 0)
        assert slow.getresponse().status == 200
        assert 1 < seconds < 10
        for connection in (idle, slow):
            connection.close()


@pytest.mark.drill
def test_the_server_ends_quietly_while_its_web_processes_load(machine):
    with served(machine) as server:
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
        assert wait_until(lambda: len(children.read_text().split()) >= 2, 60)
        seconds, said = ended(server)
    assert said == ("", "")
    assert seconds < serve._KILL_SECONDS


def asking(machine):
    connection = http.client.HTTPConnection("127.0.0.1", machine.port, timeout=30)
    connection.request("GET", "/", headers={"Host": "localhost"})
    return connection


def waiting(lock):
    """Whether somebody waits for the lock."""
    return lock.execute("select exists (select from pg_locks where not granted)").fetchone()[0]
