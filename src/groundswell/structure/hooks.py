"""What rooms above hang into this one, registered when they are ready."""

import datetime as dt
from collections.abc import Callable
from typing import Final

from groundswell.structure.models import Unit

# Each may refuse the end of a unit on a day, in a sentence (members of it are left, say).
before_dissolving: Final[list[Callable[[Unit, dt.date], None]]] = []
