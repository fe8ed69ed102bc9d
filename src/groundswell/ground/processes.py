"""Processes that end together: children that notice the death of their parent, and a parent that tends them.

A child started by `Family.start` reads an empty pipe from its parent on its standard input. However
the parent dies, by `kill -9` too, the pipe closes, and `end_when_input_closes` ends the child the
way a polite signal would.
"""

import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from groundswell.ground import unheard
from groundswell.ground.errors import GroundProblem, ProcessProblem
from groundswell.ground.language import gettext as _

_BY_SIGNAL: Final = 128  # a status above it is that of a signal, as a shell counts
_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_DYING_SECONDS: Final = 1.0
_ENDED: Final = {"Z", "X"}  # states of a thread in the kernel's table
_POLITE_SECONDS: Final = 7.0  # with the force and the database after it, all is over within ten seconds
_FORCED_SECONDS: Final = 1.0
_QUICK_DEATH_SECONDS: Final = 5.0
_MOST_QUICK_DEATHS: Final = 3
_TENDING_SECONDS: Final = 0.1


def end_when_input_closes() -> None:
    """Send this process a SIGTERM as soon as its standard input ends."""
    parent = os.getppid()

    def watch() -> None:
        while os.read(0, 1024):
            continue
        wait_for_end(parent)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()


def wait_for_end(parent: int) -> None:
    """Wait for the end of a parent whose pipe has closed, for a second at most.

    A killed parent's pipes may close before its locks do. Whoever left the database in between would take
    the parent for one who still uses it, and nobody would stop the server.
    """
    end = time.monotonic() + _DYING_SECONDS
    while not _has_ended(parent) and time.monotonic() < end:
        time.sleep(0.01)


def _has_ended(process: int) -> bool:
    """Return whether every thread of a process is through with ending, and has let go of all it held."""
    for thread in Path(f"/proc/{process}/task").glob("*/stat"):
        with contextlib.suppress(OSError):  # it is gone meanwhile
            if thread.read_text().rpartition(")")[2].split()[0] not in _ENDED:
                return False
    return True


class Ending(SystemExit):
    """A signal asks this process to end; raised in the main thread by `ending_on_signals`."""


@contextlib.contextmanager
def ending_on_signals() -> Iterator[None]:
    """Turn the first Ctrl-C, SIGTERM or SIGHUP into `Ending`; later ones do not disturb the tidying.

    So whoever uses the database leaves it in order: a process that simply died of a signal, as the
    last of its users, would leave the server running.
    """
    asked = 0

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            return
        if unheard.makes_a_class(frame):
            again.ask(number)
            return
        again.heard()
        asked = number
        raise Ending(_BY_SIGNAL + number)

    def asked_of(lost: Ending) -> int:
        nonlocal asked
        asked = 0
        return int(lost.code or 0) - _BY_SIGNAL

    with unheard.heard(Ending, asked_of) as again:
        before = {number: signal.signal(number, end) for number in _ENDING}
        try:
            yield
        except Exception as fault:
            # What fails while all is being left is no news to whoever asked for that.
            if not asked or isinstance(fault, GroundProblem):
                raise
            raise Ending(_BY_SIGNAL + asked) from None
        else:
            if waiting := again.heard():
                raise Ending(_BY_SIGNAL + waiting)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


@dataclass(slots=True)
class _Child:
    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes]
    since: float = field(default_factory=time.monotonic)
    quick_deaths: int = 0


class Family:
    """The children of one parent: started, started again when they die, and ended together."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = dict(environ)
        self._children: list[_Child] = []

    def start(self, name: str, arguments: Sequence[str]) -> None:
        """Start a `groundswell` command as a child. It gets no signal from the terminal."""
        command = [sys.executable, "-m", "groundswell.cli", *arguments, "--while-input-open"]
        self._children.append(_Child(name, command, self._spawn(command)))

    def tend(self) -> NoReturn:
        """Watch over the children until `Ending`.

        A child that dies is started again; one that keeps dying is a ProcessProblem.
        """
        while True:
            for child in self._children:
                if child.process.poll() is not None:
                    self._revive(child)
            time.sleep(_TENDING_SECONDS)

    def check(self) -> None:
        """Raise ProcessProblem when a child has ended."""
        for child in self._children:
            if child.process.poll() is not None:
                raise ProcessProblem(
                    _("The %(name)s has ended; its messages stand above.") % {"name": child.name}
                )

    def end(self) -> None:
        """End every child: politely at first, by force after seven seconds."""
        for how, seconds in ((signal.SIGTERM, _POLITE_SECONDS), (signal.SIGKILL, _FORCED_SECONDS)):
            living = [child.process for child in self._children if child.process.poll() is None]
            for process in living:
                process.send_signal(how)
            end = time.monotonic() + seconds
            for process in living:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(max(0.0, end - time.monotonic()))
        for child in self._children:
            if child.process.stdin is not None:
                child.process.stdin.close()

    def _spawn(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, stdin=subprocess.PIPE, env=self._environ, start_new_session=True)

    def _revive(self, child: _Child) -> None:
        quick = time.monotonic() - child.since < _QUICK_DEATH_SECONDS
        child.quick_deaths = child.quick_deaths + 1 if quick else 0
        if child.quick_deaths >= _MOST_QUICK_DEATHS:
            raise ProcessProblem(
                _("The %(name)s does not stay up; its messages stand above.") % {"name": child.name}
            )
        child.process = self._spawn(child.command)
        child.since = time.monotonic()


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen on this address now. A ProcessProblem when it never could."""
    unknown = _("GROUNDSWELL_HOST is “%(host)s”; this machine has no such address.") % {"host": host}
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(found[0], found[1]) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(found[4])
    except socket.gaierror as problem:
        raise ProcessProblem(unknown) from problem
    except PermissionError as problem:
        raise ProcessProblem(
            _("Port %(port)s needs more rights; set PORT to one above 1023.") % {"port": port}
        ) from problem
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            return False
        raise ProcessProblem(unknown) from problem
    return True


def wait_for_port(host: str, port: int, seconds: float) -> bool:
    """Wait until the port is free; whether it is. The server of a killed parent needs a moment to end."""
    end = time.monotonic() + seconds
    while not port_is_free(host, port):
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True
