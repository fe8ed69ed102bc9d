"""Children that end with their parent, however it ends."""

import signal
import socket
import subprocess
import sys
import time

import pytest

from groundswell.ground import processes
from groundswell.ground.errors import ProcessProblem
from groundtools import wait_until

CHILD = """
import signal, sys, time
from groundswell.ground import processes
processes.end_when_input_closes()
signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
print("ready", flush=True)
time.sleep(60)
"""


def test_a_process_has_ended_when_it_is_gone_or_only_waits_to_be_taken_off_the_table():
    living = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert not processes._has_ended(living.pid)
    living.kill()
    assert wait_until(lambda: processes._has_ended(living.pid), 5)
    living.communicate()
    assert processes._has_ended(living.pid)


def test_a_child_whose_input_closes_ends_also_while_its_parent_lives():
    child = subprocess.Popen([sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdout.readline() == b"ready\n"
    began = time.monotonic()
    child.stdin.close()
    assert child.wait(timeout=20) == 7
    assert time.monotonic() - began < 10
    child.stdout.close()


def test_a_child_whose_input_stays_open_lives():
    child = subprocess.Popen([sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdout.readline() == b"ready\n"
    assert child.poll() is None
    child.send_signal(signal.SIGTERM)
    assert child.wait(timeout=20) == 7
    child.communicate()


# Of no machine; of some link, and of which one is not said.
@pytest.mark.parametrize("host", ["192.0.2.7", "fe80::1"])
def test_an_address_that_is_not_here_is_not_taken_for_a_port_in_use(host):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert not processes.port_is_free("127.0.0.1", port)
    assert processes.port_is_free("127.0.0.1", port)
    with pytest.raises(ProcessProblem, match=f"GROUNDSWELL_HOST is “{host}”"):
        processes.port_is_free(host, port)
