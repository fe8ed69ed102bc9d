"""Static files under names that carry their content's hash, made when first needed.

`collect()` gathers and compresses them into STATIC_ROOT once for each state of the sources; whoever
starts a server or a test calls it. Several processes may do so at once: the first works, the others
wait.
"""

import fcntl
import hashlib
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

_STAMP: Final = "sources.sha256"


def collect() -> Path:
    """Return the folder of the collected files, having brought it up to date."""
    root = Path(settings.STATIC_ROOT)
    wanted = _state_of_sources()
    if _state_of(root) == wanted:
        return root
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _state_of(root) != wanted:
            call_command("collectstatic", interactive=False, verbosity=0)
            (root / _STAMP).write_text(wanted, encoding="ascii")
    return root


def _state_of(root: Path) -> str:
    stamp = root / _STAMP
    return stamp.read_text(encoding="ascii") if stamp.is_file() else ""


def _state_of_sources() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            digest.update(name.encode() + b"\0")
            digest.update(Path(storage.path(name)).read_bytes())
    return digest.hexdigest()
