"""A signal whose exception Python lets nowhere is sent again, so that nobody waits for what was asked.

What a handler raises comes out wherever the main thread happens to be. In what Python calls as an object
goes (the callback of a weak reference, of which every import makes one, or `__del__`) nothing comes out: it
says "Exception ignored in …", and the command goes on as if nobody had asked it to end. Of what is raised
while a class is being made it makes an error of another kind, which whoever imports may pass over.
"""

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Final

# By then the callback is through. Should the signal fall into the next one, it is sent once more.
_SECONDS: Final = 0.01


@dataclass(slots=True)
class Again:
    """A signal that is sent once more in a moment: `number`, or 0 when none waits."""

    number: int = 0
    _timer: threading.Timer | None = field(default=None, repr=False)

    def ask(self, number: int) -> None:
        """Send the signal a moment from now."""
        self.number = number
        self._timer = threading.Timer(_SECONDS, os.kill, (os.getpid(), number))
        self._timer.daemon = True
        self._timer.start()

    def heard(self) -> int:
        """Let nothing wait any more; return the signal that did, or 0."""
        waited, self.number = self.number, 0
        if self._timer is not None:
            self._timer.cancel()
        return waited


@contextlib.contextmanager
def heard(kind: type[BaseException], number_of: Callable[[Any], int]) -> Iterator[Again]:
    """Send the signal again, for as long as the block lasts, of which an exception of this kind was lost."""
    before, again = sys.unraisablehook, Again()

    def lost(what: "sys.UnraisableHookArgs") -> None:
        if isinstance(what.exc_value, kind):
            again.ask(number_of(what.exc_value))
        else:
            before(what)

    sys.unraisablehook = lost
    try:
        yield again
    finally:
        sys.unraisablehook = before


def makes_a_class(frame: FrameType | None) -> bool:
    """Whether a class is being made just now: before Python 3.12 what is raised there comes out changed."""
    while frame is not None:
        if frame.f_code.co_name == "__set_name__":
            return True
        frame = frame.f_back
    return False
