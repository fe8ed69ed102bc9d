"""Waiting until nothing else is being written: what is frozen then stays as it is."""

import time
from typing import Final

from groundswell.kernel import clock

_PATIENCE_SECONDS: Final = 30.0
_LOOK_AGAIN_SECONDS: Final = 0.05


def wait_until_nobody_writes() -> None:
    """Return when no other transaction of this database is writing, or after half a minute.

    A report cannot be frozen while one is; the action that freezes it says so.
    """
    end = time.monotonic() + _PATIENCE_SECONDS
    while clock.others_write() and time.monotonic() < end:
        time.sleep(_LOOK_AGAIN_SECONDS)
