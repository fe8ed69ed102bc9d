"""One PostgreSQL server on one data directory: make it, start it, see it, stop it.

`cluster` decides when; this file knows how. Nothing here is safe against a second start of the
same directory at the same moment: the caller holds the lock. Every program that is started here holds
`server.lock` besides, with its children, however they outlive whoever started them: nobody makes or
starts anything beneath a program that he cannot see yet (`Held`).
"""

import contextlib
import fcntl
import os
import pwd
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from groundswell.ground.errors import ClusterProblem
from groundswell.ground.files import PRIVATE_FILE, private, private_directory, reason
from groundswell.ground.language import gettext as _
from groundswell.ground.programs import Programs

PORT: Final = 5432  # names the socket file only: the server listens on no network address
_STOP_SECONDS: Final = 8.0
_ASK_AGAIN_SECONDS: Final = 0.2
HELD_SECONDS: Final = 30.0  # how long what outlives a killed process may take to end
_LOG_BYTES: Final = 10_000_000
_ROOM_BYTES: Final = 48_000_000  # three WAL segments: with less the server starts and then dies
_CWD: Final = Path("/proc/self/cwd")


class Held(Exception):  # noqa: N818 - it ends by itself
    """A program of PostgreSQL that outlives whoever started it still has this directory."""


# Servers this process has started and that may outlive it; kept so that their end is noticed.
_started: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True, slots=True)
class Places:
    """Where one server keeps things: all beneath `root`, which belongs to the server's user."""

    root: Path

    @property
    def data(self) -> Path:
        """Return the data directory."""
        return self.root / "data"

    @property
    def run(self) -> Path:
        """Return the directory of the socket."""
        return self.root / "run"

    @property
    def lock(self) -> Path:
        """Return the lock that every program on this directory holds; beside it, in a directory of ours."""
        return self.root.with_name("server.lock")

    @property
    def log(self) -> Path:
        """Return the file of the server's messages."""
        return self.root / "server.log"

    def made(self) -> bool:
        """Whether the data directory has been made."""
        return (self.data / "PG_VERSION").exists()


def make(places: Places, programs: Programs, superuser_password: str, *, durable: bool) -> None:
    """Make the data directory; a failure leaves nothing that could be taken for one. Held: try again."""
    require_room(places.root)
    _require_name(programs)
    partial = places.root / "data.new"
    secret = places.root / "secret.new"
    provider = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    command: list[str | Path] = [
        programs.directory / "initdb",
        f"--pgdata={_named(programs, partial)}",
        "--username=postgres",
        "--auth=scram-sha-256",
        "--pwfile=../secret.new",
        "--encoding=UTF8",
        "--data-checksums",
        "--no-instructions",
        *(provider if programs.major >= 17 else ["--locale=C.UTF-8"]),  # noqa: PLR2004 - a release
        *([] if durable else ["--no-sync"]),
    ]
    with _held(places) as lock:
        _remove_tree(partial)
        private_directory(partial)
        try:
            secret.write_text(superuser_password + "\n")
            secret.chmod(0o600)
            _hand_over(programs, partial, secret)
            failed, messages = _run(command, cwd=partial, pass_fds=(lock,), **programs.as_user())
            if failed:
                raise ClusterProblem(
                    _why(_("The database cannot be made in %(path)s") % {"path": places.root}, messages)
                )
            partial.rename(places.data)
        finally:
            secret.unlink(missing_ok=True)
            _remove_tree(partial)


def require_version(places: Places, programs: Programs) -> None:
    """Refuse a data directory of another major version."""
    found = (places.data / "PG_VERSION").read_text().strip()
    if found != str(programs.major):
        raise ClusterProblem(
            _(
                "The data in %(data)s are of PostgreSQL %(found)s, but the programs are of PostgreSQL "
                "%(major)s: restore a backup into a new home, as docs/running/upgrade.md says."
            )
            % {"data": places.data, "found": found, "major": programs.major}
        )


def start(places: Places, programs: Programs, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start the server; return its process at once. Ask `running` and the database for readiness.

    Held: either one that was just started shows itself soon, or what is left of one ends.
    """
    require_room(places.root)
    require_version(places, programs)
    with _held(places) as lock, open(places.log, "ab", opener=private) as log:
        private_directory(places.run)
        _hand_over(programs, places.root, places.run)
        _clear_stale_claim(places)
        process = subprocess.Popen(
            [
                programs.directory / "postgres",
                "-D",
                str(_named(programs, places.data)),
                *(f"--{name}={value}" for name, value in settings.items()),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=places.data,
            env=_plain_environment(),
            start_new_session=True,
            pass_fds=(lock,),
            **programs.as_user(),
        )
    _started[process.pid] = process
    return process


def failure(places: Places, since: int) -> ClusterProblem:
    """Return why the server did not come up, from what it wrote after byte `since` of its log."""
    try:
        with places.log.open("rb") as log:
            log.seek(since)
            text = log.read().decode(errors="replace")
    except OSError as problem:
        text = reason(problem)
    return ClusterProblem(_why(_("The database server does not start"), text))


def pid(places: Places) -> int | None:
    """Return the process number of the running server, None when none runs on this directory."""
    try:
        # Bytes: its second line is the directory, which may be no text.
        number = int((places.data / "postmaster.pid").read_bytes().split(b"\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    return number if _is_server(number, places) else None


def stop(places: Places, *, patience: float = _STOP_SECONDS) -> None:
    """Stop the server: politely, then at once, then by force. No server is no error."""
    number = pid(places)
    if number is None:
        return
    for how, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, 1.5), (signal.SIGKILL, 1.5)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, how)
        if _gone(number, seconds):
            own = _started.pop(number, None)
            if own is not None:
                own.wait()  # it has ended; only its parent can take it off the table of processes
            return
    raise ClusterProblem(_("The database server (process %(number)s) does not stop.") % {"number": number})


def end(process: subprocess.Popen[bytes]) -> None:
    """End a server that was started here and that nobody has used yet; it may not even have a claim.

    It is asked more than once: until it has made itself ready it hears what whoever started us hears, and a
    shell lets what it starts beside it be deaf to this signal.
    """
    end_of_patience = time.monotonic() + _STOP_SECONDS
    while process.poll() is None:
        process.send_signal(signal.SIGQUIT if time.monotonic() < end_of_patience else signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_ASK_AGAIN_SECONDS)
    _started.pop(process.pid, None)


def is_held(places: Places) -> bool:
    """Whether a program has this directory: one that makes it, or a server, with a claim or before it."""
    try:
        with _held(places):
            return False
    except Held:
        return True


@contextlib.contextmanager
def _held(places: Places) -> Iterator[int]:
    """Yield the descriptor that a program is to inherit; Held while another one has it."""
    descriptor = os.open(places.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise Held from problem
        yield descriptor
    finally:
        os.close(descriptor)


def _run(command: list[str | Path], **how: Any) -> tuple[bool, str]:
    """Run a program to its end; return whether it failed, and what it said.

    Whoever is asked to end meanwhile ends it before, with its children: what they still wrote would be in
    the way of removing it. They hear nothing of a Ctrl-C by themselves.
    """
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=_plain_environment(),
        start_new_session=True,
        **how,
    ) as process:
        try:
            messages = process.communicate()[1]
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            if process.stderr is not None and not process.stderr.closed:
                process.stderr.read()  # until the last of them has let go
            process.wait()
            raise
    return process.returncode != 0, messages


def _gone(number: int, seconds: float) -> bool:
    for _pause in _until(seconds):
        own = _started.get(number)
        if (own is not None and own.poll() is not None) or not _alive(number):
            return True
    return False


def _until(seconds: float) -> Iterator[None]:
    """Yield at growing intervals until the time is over."""
    end, pause = time.monotonic() + seconds, 0.005
    while True:
        yield
        if time.monotonic() >= end:
            return
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)


def _alive(number: int) -> bool:
    """Whether the process lives; a zombie, which still has a number, does not."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return not Path("/proc/self").exists()  # without /proc the signal's answer stands
    return state not in {"Z", "X"}


def _is_server(number: int, places: Places) -> bool:
    """Whether the process is this directory's server, and not a later bearer of its number."""
    if not _alive(number):
        return False
    process = Path(f"/proc/{number}")
    if not process.exists():
        return True  # no /proc (not Linux): the number is all there is to go by
    try:
        return (process / "cwd").samefile(places.data)
    except PermissionError:  # root of a container may not look into another user's process
        owner, name = process.stat().st_uid, (process / "comm").read_text().strip()
        return name == "postgres" and owner == places.data.stat().st_uid
    except FileNotFoundError:
        return False


def _clear_stale_claim(places: Places) -> None:
    """Remove the claim of a server that was killed.

    PostgreSQL takes any living process of the recorded number for its server, a zombie or a
    stranger too; in a container, where numbers start anew, that is the rule and not the exception.
    """
    if pid(places) is None:
        for claim in (places.data / "postmaster.pid", *places.run.glob(".s.PGSQL.*")):
            claim.unlink(missing_ok=True)
    if places.log.exists() and places.log.stat().st_size > _LOG_BYTES:
        places.log.replace(places.log.with_suffix(".old.log"))


def require_room(root: Path) -> None:
    """Refuse a disk on which the server would start and then die."""
    system = os.statvfs(root)
    free = system.f_bavail * system.f_frsize
    if free < _ROOM_BYTES:
        raise ClusterProblem(
            _(
                "The disk of %(path)s is full (%(free)s MB free): make room for at least %(needed)s "
                "MB and start again."
            )
            % {"path": root, "free": free // 1_000_000, "needed": _ROOM_BYTES // 1_000_000}
        )


def _require_name(programs: Programs) -> None:
    """Refuse a user who has a number and no name, as in a container: `initdb` asks for the name."""
    number = os.geteuid() if programs.user is None else programs.user.pw_uid
    try:
        pwd.getpwuid(number)
    except KeyError as problem:
        raise ClusterProblem(
            _(
                "PostgreSQL makes no database for user number %(number)s, for whom this machine has no name: "
                "add one (`useradd --uid %(number)s groundswell`; in a container, to its image), or set "
                "GROUNDSWELL_DATABASE_URL to an installed server."
            )
            % {"number": number}
        ) from problem


def _why(what: str, messages: str) -> str:
    """Return one sentence from the server's messages."""
    if "No space left on device" in messages or "Disk quota exceeded" in messages:
        return _("%(what)s: the disk is full; make room and start again.") % {"what": what}
    lines = messages.strip().splitlines() or [_("it said nothing")]
    telling = [line for line in lines if "FATAL:" in line or "error:" in line.lower()]
    detail = (telling or [line for line in lines if "could not" in line] or lines)[-1]
    return f"{what}: {re.split('FATAL:|LOG:', detail)[-1].strip().rstrip('.')}."


def _named(programs: Programs, data: Path) -> Path:
    """Return the name under which the server knows its directory.

    Another user may not be allowed to walk to it: the process is put there by root, and the kernel
    resolves this link without asking for the way.
    """
    return data if programs.user is None else _CWD


def _hand_over(programs: Programs, *paths: Path) -> None:
    if programs.user is not None:
        for path in paths:
            os.chown(path, programs.user.pw_uid, programs.user.pw_gid)


def _plain_environment() -> dict[str, str]:
    """Return an environment that cannot move the server: no PGDATA, no PGPORT, no library paths."""
    return {"LC_ALL": "C", "PATH": "/usr/bin:/bin", "TZ": "UTC"}


def _remove_tree(path: Path) -> None:
    if path.exists():
        import shutil

        shutil.rmtree(path)
