"""Where a unit sits: its country, its town and point on the map, its languages, currency and time zone.

None of these is dated (decision 0770): they say where to find the unit now.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.kernel import clock
from groundswell.kernel.meanwhile import reconciled
from groundswell.structure import rules
from groundswell.structure.actions.opening import fresh
from groundswell.structure.actions.periods import lock_tree
from groundswell.structure.models import Unit
from groundswell.structure.queries import Named

SEAT: Final = ("country", "town", "latitude", "longitude", "languages", "currency", "time_zone")


@transaction.atomic
def seat_unit(
    unit: Unit, *, seat: Mapping[str, Any], actor: Actor, before: Mapping[str, Any] | None = None
) -> Unit:
    """Say where a unit sits: those of `SEAT` that `seat` names; the others stay.

    Its country decides from which age on people may write to it, and its time zone when an office in it
    ends, so nobody changes these of her own unit: it asks for "structure.place". Above the highest unit
    there is nobody, so its own office says which time zone it has. `before` is what whoever says it saw.
    """
    require(actor, "structure.change", unit)
    lock_tree()
    unit = fresh(unit)
    rules.check_not_dissolved(Named(unit), unit.dissolved_on)
    stands = {name: getattr(unit, name) for name in SEAT}
    wanted = {name: seat.get(name, stands[name]) for name in SEAT}
    said = reconciled(stands, before=before and stands | dict(before), wanted=wanted)
    below = unit.path.count("/") > rules.TOP_SLASHES
    if said["country"] != stands["country"] or (below and said["time_zone"] != stands["time_zone"]):
        require(actor, "structure.place", unit)
    rules.check_seat(said["country"], said["town"], said["latitude"], said["longitude"])
    said["languages"] = [rules.check_language(one) for one in said["languages"]]
    rules.check_currency(said["currency"])
    rules.check_time_zone(said["time_zone"], clock.zones())
    if said == stands:
        return unit
    Unit.objects.filter(pk=unit.pk).update(**said)
    record("structure.unit.seated", actor=actor, subject=unit)
    return fresh(unit)
