"""What this room tells the pages of units: who has an elected committee."""

import datetime as dt
from collections.abc import Sequence

from groundswell.democracy.models import Body


def with_elected_committee(units: Sequence[int], on: dt.date) -> set[int]:
    """Return the units that have an elected body at the end of a day."""
    bodies = Body.objects.filter(unit__in=units, elected=True, founded_on__lte=on)
    return set(bodies.values_list("unit_id", flat=True))
