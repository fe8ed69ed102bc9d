"""The file of faults of the program, in the home: where each rose, for whoever mends it."""

import datetime as dt
from pathlib import Path
from typing import Final

from groundswell.ground import environment, events, files
from groundswell.ground.errors import GroundProblem

FILE: Final = "faults.log"
MOST_BYTES: Final = 1_000_000


def write_down(fault: Exception, word: str) -> Path | None:
    """Add a fault to the file of them; return it, or None where there is no home or it takes nothing.

    Of the arguments the command alone is written, and of what went wrong the kinds and the lines (decision
    0782): a file like this is sent to others.
    """
    told = "\n".join(events.told(fault))
    entry = f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M:%S} groundswell {word}\n{told}\n"
    try:
        path = environment.home() / FILE
        if path.exists() and path.stat().st_size > MOST_BYTES:
            path.replace(path.with_suffix(".old.log"))
        with open(path, "a", encoding="utf-8", opener=files.private) as file:
            file.write(entry)
    except (OSError, GroundProblem):  # of the two faults the first is the one to be told of
        return None
    return path
