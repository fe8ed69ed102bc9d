"""What can be wrong with the machine, each as one sentence for the person at the keyboard."""

import errno
import os
import pwd
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from groundswell.ground.language import gettext as _

# How the machine says that a disk is full, in what its programs say.
NO_ROOM: Final = "No space left on device"
# PostgreSQL's codes (its manual, appendix A): no room on the disk; the server goes or is gone.
_FULL: Final = "53100"
_GOING: Final = frozenset({"57P01", "57P02", "57P03"})
# How the driver and its pool begin to say that nobody answers: such a failure has no code.
_NO_ANSWER: Final = (
    "connection failed",
    "connection is bad",
    "connection timeout",
    "couldn't get a connection",
    "pool initialization incomplete",
)
# How its pool says it: why, it has heard and keeps to itself.
_NO_REASON: Final = ("couldn't get a connection", "pool initialization incomplete")
_GONE: Final = "server closed the connection unexpectedly"
_CUT: Final = frozenset({"the connection is closed", "the connection is lost"})  # at its next use
_CLOSED: Final = frozenset({errno.EACCES, errno.EPERM})


class GroundProblem(Exception):  # noqa: N818 - a problem is what the person at the keyboard has
    """A sentence: what is wrong, where, and what to do. `code` is a stable word for programs."""

    code = "ground"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class EnvironmentProblem(GroundProblem):
    """A setting in the environment is wrong."""

    code = "environment"


class ClusterProblem(GroundProblem):
    """The database server cannot be made, started, reached or stopped."""

    code = "database"


class KeyProblem(GroundProblem):
    """The key file is lost, unreadable, or not the one of this database."""

    code = "key"


class BackupProblem(GroundProblem):
    """A backup cannot be written, read or restored."""

    code = "backup"


class ProcessProblem(GroundProblem):
    """A process of the house does not start, or another one is in the way."""

    code = "process"


class DiskProblem(GroundProblem):
    """There is no room left on a disk."""

    code = "disk-full"


class PlaceProblem(GroundProblem):
    """A file or directory is closed to whoever runs this."""

    code = "permission"


def of_exception(problem: BaseException | None) -> GroundProblem | None:
    """Return the problem of the machine that an exception comes from, None when it comes from none.

    Its causes are asked too: Django wraps what the database said.
    """
    if isinstance(problem, OSError) and isinstance(problem.filename, str | bytes):
        path = Path(os.fsdecode(problem.filename))
        if problem.errno in _CLOSED:
            return PlaceProblem(_closed(path))
        if problem.errno == errno.EROFS:
            return PlaceProblem(
                _("%(path)s is on a disk that can only be read: open it for writing.") % {"path": path}
            )
    return next(filter(None, map(_of_one, chain(problem))), None)


def ended() -> ClusterProblem:
    """Return that the database ended, of which nothing else is known."""
    return ClusterProblem(
        _(
            "The database ended while this ran, and nothing of this was kept: `groundswell doctor` "
            "says what is wrong."
        )
    )


def full() -> DiskProblem:
    """Return that there was no room, and that nothing was done by halves."""
    return DiskProblem(_("The disk is full, and nothing of this was kept: make room and start again."))


def gives_no_reason(problem: BaseException) -> bool:
    """Whether an exception says that the database gave no connection, and not why: ask it for one."""
    return any(_is_drivers(one) and str(one).startswith(_NO_REASON) for one in chain(problem))


def chain(problem: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception and what it comes from; a chain that a library has tied into a ring, once around."""
    seen: set[int] = set()
    while problem is not None and id(problem) not in seen:
        seen.add(id(problem))
        yield problem
        problem = problem.__cause__ or problem.__context__


def _of_one(problem: BaseException) -> GroundProblem | None:
    said = str(problem)
    state = getattr(problem, "sqlstate", None)
    if state == _FULL or _is_full(problem):
        return full()
    if state in _GOING or _GONE in said or (_is_drivers(problem) and said in _CUT):
        return ended()
    if _is_drivers(problem) and said.startswith(_NO_ANSWER):
        return ClusterProblem(
            _("The database does not answer: %(said)s.") % {"said": said.splitlines()[0].rstrip(".")}
        )
    return None


def _is_full(problem: BaseException) -> bool:
    """Whether the disk is full; a server that cannot even take a connection for it says so without a code."""
    if isinstance(problem, OSError):
        return problem.errno in {errno.ENOSPC, errno.EDQUOT}
    return _is_drivers(problem) and NO_ROOM in str(problem)


def _is_drivers(problem: BaseException) -> bool:
    return type(problem).__module__.startswith("psycopg")


def _closed(path: Path) -> str:
    """Say whose the first thing on the way to `path` is that can be looked at, and what to do."""
    place = next(one for one in (path, *path.parents) if os.path.lexists(one))
    owner, me = _name(place.lstat().st_uid), _name(os.geteuid())
    if owner != me and place.parent.lstat().st_uid == os.geteuid():
        return _(
            "%(place)s belongs to “%(owner)s” and is closed to you, “%(me)s”, although it lies in a "
            "directory of yours: have it given to you (`chown -R %(me)s`)."
        ) % {"place": place, "owner": owner, "me": me}
    if owner == me:
        return _(
            "%(place)s is closed to you, although it is yours: give yourself the right to read and write it."
        ) % {"place": place}
    return _(
        "%(place)s belongs to “%(owner)s” and is closed to you, “%(me)s”: run this as "
        "“%(owner)s”, or name a directory of your own in GROUNDSWELL_HOME."
    ) % {"place": place, "owner": owner, "me": me}


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
