"""Slots of this room's pages: what rooms above show on a unit's page, hung in when they are ready."""

import datetime as dt
from collections.abc import Callable
from typing import Final

from django.utils.safestring import SafeString

from groundswell.access.actor import Actor
from groundswell.structure.models import Unit

# Each returns a part of the page of a unit as of a day, or nothing ('') where the actor may not see it.
unit_panels: Final[list[Callable[[Actor, Unit, dt.date], SafeString]]] = []
