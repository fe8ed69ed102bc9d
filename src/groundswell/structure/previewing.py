"""A preview is the deed itself, done and taken back at once (decision 0631): what it shows is what comes."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.db import transaction

from groundswell.access.actor import Actor
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.structure import actions, counting, queries, slots
from groundswell.structure.actions import Deed
from groundswell.structure.models import Change
from groundswell.structure.queries import Called


@dataclass(frozen=True, slots=True)
class Picture:
    """The structure within an actor's reach: what each unit is called, how many count in it."""

    called: Mapping[int, Called]
    members: Mapping[int, int]


class Effect(NamedTuple):
    """A unit whose count, name, kind or place changes, before and after; None: not there."""

    unit_id: int
    code: str
    name: str
    before: int | None
    after: int | None
    illustrative: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a deed would change. `refusal` says why it would be refused as things stand, or nothing.

    `crosses` a section's border, `shelters` what was not protected before.
    """

    deed: Deed
    before: Picture
    after: Picture
    effects: tuple[Effect, ...]
    lines: tuple[str, ...]
    crosses: bool
    shelters: bool = False
    refusal: Refusal | None = None

    @property
    def moved(self) -> int:
        """Return how many members count in the deed's unit before it."""
        return self.before.members.get(self.deed.unit.pk, 0)


def preview(deed: Deed, *, actor: Actor, at: dt.datetime) -> Preview:
    """Do the deed, look, and take it back. A day to come is shown as if it were today."""
    today = clock.today_in(deed.unit.time_zone)
    before = picture(actor, today)
    section = deed.unit.section_id
    made: int | None = None
    with transaction.atomic():
        try:
            acted = actions.do(replace(deed, day=min(deed.day, today)), actor=actor, at=at)
            after, refusal = picture(actor, today), None
            change = Change.objects.filter(unit=deed.unit, what=deed.what).latest("id")
            made = change.made_id
            crosses = made is None and acted.section_id != section
            shelters = made is None and acted.protected and not deed.unit.protected
        except Refusal as refused:
            after, refusal, crosses, shelters = before, refused, False, False
        finally:
            transaction.set_rollback(True)
    lines = tuple(line for slot in slots.preview_lines for line in slot(actor, deed))
    effects = tuple(_effects(deed, made, before, after))
    return Preview(deed, before, after, effects, lines, crosses, shelters, refusal)


def picture(actor: Actor, on: dt.date) -> Picture:
    """Return the structure of a day within the actor's reach; what has ended counts nobody."""
    reach = counting.within_reach(actor)
    units = list(reach.values_list("pk", flat=True))
    ended = set(reach.filter(dissolved_on__lte=on).values_list("pk", flat=True))
    counts = counting.counted(units, counting.lies_on(on), on)
    going_on = {unit: count for unit, count in counts.items() if unit not in ended}
    return Picture(queries.called(units, on), going_on)


def _effects(deed: Deed, made: int | None, before: Picture, after: Picture) -> Iterator[Effect]:
    other = deed.arguments.get("other")
    shown = [deed.unit.pk, *([made] if made else []), *([int(other)] if other else [])]
    changed = [
        unit
        for unit in {**before.members, **after.members}
        if unit not in shown and before.members.get(unit) != after.members.get(unit)
    ]
    for unit in [*shown, *sorted(changed)]:
        called = after.called.get(unit) or before.called.get(unit)
        if called is not None:
            counts = (before.members.get(unit), after.members.get(unit))
            yield Effect(unit, called.code, called.name, *counts, called.illustrative)
