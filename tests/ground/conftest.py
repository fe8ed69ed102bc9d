"""A demo of its own for the tests of the machine: its processes are started, killed and counted."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import testbase
from groundtools import Machine, free_port, loaded_home, wait_until


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    """A home with the demo loaded, and nothing running."""
    with tempfile.TemporaryDirectory(prefix="gs-demo-", dir=testbase.shelf()) as place:
        made = Machine(Path(place) / "home", free_port())
        subprocess.run(["cp", "-a", loaded_home(), made.home], check=True)
        yield made
        if made.demo is not None:
            made.demo.kill()
            made.demo.communicate()
        wait_until(lambda: not made.processes(), 10)
        for process in made.processes():
            os.kill(process, signal.SIGKILL)
