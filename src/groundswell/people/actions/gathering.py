"""A unit holds a gathering, and it is written down who came."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.kernel.meanwhile import reconciled
from groundswell.people import rules
from groundswell.people.models import GATHERING_KINDS, Attendance, Gathering, Person
from groundswell.structure.models import Unit

LONGEST_TITLE = 120


@transaction.atomic
def hold_gathering(
    unit: Unit,
    *,
    day: dt.date,
    title: str,
    actor: Actor,
    at: dt.datetime,
    kind: str = "meeting",
    begins: dt.time | None = None,
) -> Gathering:
    """Write down a gathering of the unit, one that was held or one to come."""
    require(actor, "people.edit", unit)
    gathering = Gathering(unit=unit, recorded_at=at)
    _put(
        gathering,
        day=day,
        title=title,
        kind=kind,
        begins=begins,
        today=clock.day_in(gathering.unit.time_zone, at),
    )
    gathering.save(force_insert=True)
    record("people.gathering.held", actor=actor, subject=gathering)
    return gathering


@transaction.atomic
def change_gathering(
    gathering: Gathering,
    *,
    day: dt.date,
    title: str,
    kind: str,
    begins: dt.time | None,
    actor: Actor,
    at: dt.datetime,
    before: Mapping[str, Any] | None = None,
) -> Gathering:
    """Put its day, hour, kind or title right; a day to come only while nobody is said to have come.

    `before` is what the one who changes it saw.
    """
    require(actor, "people.edit", gathering.unit)
    gathering = Gathering.objects.select_for_update(of=("self",)).select_related("unit").get(pk=gathering.pk)
    said: dict[str, Any] = {"day": day, "title": title, "kind": kind, "begins": begins}
    said = reconciled({name: getattr(gathering, name) for name in said}, before=before, wanted=said)
    if (
        said["day"] > clock.day_in(gathering.unit.time_zone, at)
        and Attendance.objects.filter(gathering=gathering).exists()
    ):
        sentence = _("People came to it already, so it is not still to come; choose a day that has been.")
        raise Refusal(sentence, field="day", code="came-already")
    _put(gathering, **said, today=clock.day_in(gathering.unit.time_zone, at))
    gathering.save(update_fields=["day", "title", "kind", "begins"])
    record("people.gathering.changed", actor=actor, subject=gathering)
    return gathering


@transaction.atomic
def put_came(
    gathering: Gathering, person: Person, *, came: bool, actor: Actor, at: dt.datetime
) -> Attendance | None:
    """Say that somebody came to a gathering, or take it back; said twice it is said once.

    From its day on, by the calendar of the place where it is held.

    `person` is one whose name the actor may see: a member, a guest, a contact.
    """
    require(actor, "people.edit", gathering.unit)
    said = Attendance.objects.filter(gathering=gathering, person=person)
    if not came:
        said.delete()
        return None
    rules.check_held(gathering.day, today=clock.day_in(gathering.unit.time_zone, at))
    Attendance.objects.bulk_create(
        [
            Attendance(
                gathering=gathering,
                held_by_id=gathering.unit_id,
                person=person,
                unit_id=person.unit_id,
                recorded_at=at,
            )
        ],
        ignore_conflicts=True,
    )
    return said.get()


def _put(
    gathering: Gathering,
    *,
    day: dt.date,
    title: str,
    kind: str,
    begins: dt.time | None,
    today: dt.date,
) -> None:
    title = rules.check_line(title, field="title", most=LONGEST_TITLE)
    if not title:
        raise Refusal(_("Say what it is called."), field="title", code="no-title")
    if kind not in GATHERING_KINDS:
        raise Refusal(_("Choose what kind of gathering it is."), field="kind", code="no-kind")
    unit = gathering.unit
    gathering.day = rules.check_gathering_day(
        day, today=today, founded_on=unit.founded_on, dissolved_on=unit.dissolved_on
    )
    gathering.title, gathering.kind, gathering.begins = title, kind, begins
