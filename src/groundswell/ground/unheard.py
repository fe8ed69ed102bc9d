"""A signal whose exception Python lets nowhere is sent again, so that nobody waits for what was asked.

What a handler raises comes out wherever the main thread happens to be. In what Python calls as an object
goes (the callback of a weak reference, of which every import makes one, or `__del__`) nothing comes out: it
says "Exception ignored in …", and the command goes on as if nobody had asked it to end.
"""

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any, Final

# By then the callback is through. Should the signal fall into the next one, it is sent once more.
_SECONDS: Final = 0.01


@contextlib.contextmanager
def heard(kind: type[BaseException], number_of: Callable[[Any], int]) -> Iterator[None]:
    """Send the signal again, for as long as the block lasts, of which an exception of this kind was lost."""
    before = sys.unraisablehook

    def lost(what: "sys.UnraisableHookArgs") -> None:
        if not isinstance(what.exc_value, kind):
            before(what)
            return
        again = threading.Timer(_SECONDS, os.kill, (os.getpid(), number_of(what.exc_value)))
        again.daemon = True
        again.start()

    sys.unraisablehook = lost
    try:
        yield
    finally:
        sys.unraisablehook = before
