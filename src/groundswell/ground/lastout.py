"""The last one out of a home whose parent was killed: a small process that waits beside a long command.

Locks die with their process, but the server does not: whoever is killed as its only user leaves it running
until somebody comes by. The children of a demo notice (`processes`); while it is made and loaded it has none.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

from groundswell.ground import embedded, environment, processes
from groundswell.ground.environment import Environment

_IN_ORDER = b"."


@contextlib.contextmanager
def stopping_behind(settings: Environment) -> Iterator[None]:
    """Let the server of this home end with this process, by `kill -9` too, unless somebody else uses it."""
    command = [sys.executable, "-m", "groundswell.ground.lastout"]
    with subprocess.Popen(
        command,
        env={**os.environ, "GROUNDSWELL_HOME": str(settings.home)},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as beside:
        try:
            yield
        finally:
            with contextlib.suppress(BrokenPipeError):  # somebody has killed it, and not us
                beside.communicate(_IN_ORDER)


def main() -> None:
    """Wait for the parent's word, or for its end; then see to what it has left."""
    parent = os.getppid()
    if os.read(0, 1) == _IN_ORDER:
        return
    processes.wait_for_end(parent)
    embedded.stop_what_is_left(embedded.Home(environment.load()))


if __name__ == "__main__":
    main()
