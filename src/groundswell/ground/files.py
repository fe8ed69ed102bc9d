"""Private files and directories: only the owner reads them, and a crash leaves the old or the new one."""

import contextlib
import errno
import fcntl
import json
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from groundswell.ground.errors import GroundProblem, of_exception
from groundswell.ground.language import ENGLISH, of_machine, spoken
from groundswell.ground.language import gettext as _

PRIVATE_DIRECTORY = 0o700
PRIVATE_FILE = 0o600
# What tells a directory of ours from another: a home by its keys or its server, a folder of backups by one.
OWN = frozenset({"keys.json", "postgres"})
OWN_PREFIX = "groundswell-"


def private_directory(path: Path) -> Path:
    """Make the directory, and what is missing above it, for the owner alone; return it.

    A directory that exists is tightened when it is empty or holds what Groundswell keeps; one that others
    share is theirs too and is refused, as is what is no directory. Directories above it are never touched.
    """
    try:
        for missing in reversed([p for p in (path, *path.parents) if not p.exists()]):
            missing.mkdir(mode=PRIVATE_DIRECTORY, exist_ok=True)
        if not path.is_dir():
            raise GroundProblem(
                _("%(path)s is no directory; name one, or a path at which there is nothing yet.")
                % {"path": path}
            )
        if path.stat().st_mode & 0o077:
            _require_own(path)
            path.chmod(PRIVATE_DIRECTORY)
    except OSError as problem:
        raise of_exception(problem) or GroundProblem(
            _("The directory %(path)s cannot be made or kept private: %(reason)s.")
            % {"path": path, "reason": reason(problem)}
        ) from problem
    return path


def _require_own(path: Path) -> None:
    """Refuse to close a directory to others that is not for Groundswell alone."""
    found = path.stat()
    alone = found.st_uid == os.geteuid() and not found.st_mode & stat.S_ISVTX
    names = {one.name for one in path.iterdir()}
    if not alone or (names and not any(name in OWN or name.startswith(OWN_PREFIX) for name in names)):
        raise GroundProblem(
            _(
                "The directory %(path)s is shared with others, so it is left as it is: name a directory "
                "that is for Groundswell alone."
            )
            % {"path": path}
        )


def write_private(path: Path, content: str | bytes) -> None:
    """Write the file whole (temporary file, fsync, rename), readable by its owner alone."""
    data = content.encode() if isinstance(content, str) else content
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        partial.unlink(missing_ok=True)  # of one that was killed and had our number
        with private_file(partial) as file:
            file.write(data)
        settle(partial, path)
    except OSError as problem:
        partial.unlink(missing_ok=True)
        raise GroundProblem(
            _("The file %(path)s cannot be written: %(reason)s.") % {"path": path, "reason": reason(problem)}
        ) from problem


def private(path: str, flags: int) -> int:
    """Open a file, for `open`: what is made by it is its owner's alone, whatever the mask of this process."""
    return os.open(path, flags, PRIVATE_FILE)


@contextlib.contextmanager
def private_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a new file, readable by its owner alone, and bring it to the disk at the end."""
    with open(path, "wb", opener=lambda name, flags: private(name, flags | os.O_EXCL)) as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def settle(partial: Path, path: Path) -> None:
    """Give a finished file its name, for good."""
    partial.replace(path)
    _sync_directory(path.parent)


def read_json(path: Path, mend: str) -> dict[str, str]:
    """Read a JSON object of texts; a missing file is {}.

    A GroundProblem when it is damaged, which says `mend`: what to do.
    """
    try:
        content = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except OSError as problem:
        raise of_exception(problem) or GroundProblem(
            _("The file %(path)s cannot be read: %(reason)s.") % {"path": path, "reason": reason(problem)}
        ) from problem
    except ValueError as problem:
        raise GroundProblem(
            _("The file %(path)s is damaged: %(mend)s.") % {"path": path, "mend": mend}
        ) from problem
    if not isinstance(content, Mapping):
        raise GroundProblem(_("The file %(path)s is damaged: %(mend)s.") % {"path": path, "mend": mend})
    return {str(key): str(value) for key, value in content.items()}


@contextlib.contextmanager
def locked(path: Path, *, shared: bool = False) -> Iterator[int]:
    """Hold a lock on the file, waiting for it; yield its descriptor."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def reason(problem: BaseException) -> str:
    """Return the reason of a failure in plain words."""
    if isinstance(problem, OSError):
        if problem.errno in {errno.ENOSPC, errno.EDQUOT}:
            return _("the disk is full; make room and start again")
        said = of_machine(problem)
        return said.lower() if spoken() == ENGLISH else said
    return str(problem)


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
