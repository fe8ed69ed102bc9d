"""The reads of the room: batches and their lines, what is known of the people that rows may be."""

import contextlib
import datetime as dt
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.db.models import Case, Count, F, Q, QuerySet, When
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.reach import within_reach
from groundswell.access.rights import may
from groundswell.accounts.models import Account
from groundswell.exchange import words
from groundswell.exchange.importing import mapping as columns
from groundswell.exchange.importing import sealing
from groundswell.exchange.importing.entries import Entry, Setting, name_of
from groundswell.exchange.importing.fields import Field
from groundswell.exchange.importing.looks import Profile
from groundswell.exchange.importing.mapping import ColumnMapping
from groundswell.exchange.importing.reading import Row, Table
from groundswell.exchange.importing.reading.table import is_ours
from groundswell.exchange.importing.unitnames import UnitNames
from groundswell.exchange.models import Batch, FileName, Line, Release, RememberedMapping, Upload
from groundswell.kernel import clock
from groundswell.kernel.errors import NotFound
from groundswell.people.models import Counting, CustomField, Person
from groundswell.people.personpage import shown_names
from groundswell.people.queries import fields_of
from groundswell.protection.queries import minimum_age
from groundswell.protection.rules import CONSENT, ENTRY
from groundswell.structure import queries as structure
from groundswell.structure.lands import country_of
from groundswell.structure.models import Unit, UnitName

_SAMPLE: Final = 50


def batch_for(actor: Actor, pk: int, capability: str = "lists.import") -> Batch:
    """Return a batch for whoever may import into its unit; NotFound else."""
    batch = Batch.objects.select_related("unit").filter(pk=pk).first()
    if batch is None or not may(actor, capability, batch.unit):
        raise NotFound(_("There is no such import that you may see."), field="batch")
    return batch


def batches(actor: Actor, *, most: int = 50) -> list[Batch]:
    """Return the imports of the units into which the actor may import: what waits, then the newest."""
    found = Batch.objects.select_related("unit").filter(within_reach(actor, "lists.import"))
    waits = Case(When(state="staged", then=0), default=1)
    return list(found.order_by(waits, "-pk")[:most])


def staged(actor: Actor) -> QuerySet[Batch]:
    """Return the lists that wait at their preview."""
    return Batch.objects.filter(within_reach(actor, "lists.import"), state="staged")


def titles_of(batches: Collection[Batch]) -> dict[int, str]:
    """Return what lists are called: as their files while they wait, afterwards by their form and day."""
    found = FileName.objects.filter(batch__in=[one.pk for one in batches if one.state == "staged"])
    kept = {one.batch_id: sealing.name_of(one.batch_id, bytes(one.sealed)) for one in found}
    return {one.pk: kept.get(one.pk) or words.list_of(one.form, one.today) for one in batches}


def title_of(batch: Batch) -> str:
    """Return what one list is called."""
    return titles_of([batch])[batch.pk]


def upload_name(upload: Upload) -> str:
    """Return what a chosen file is called."""
    return sealing.upload_name_of(upload.pk, bytes(upload.name)) or words.list_of(
        "", upload.created_at.date()
    )


def doubtful(actor: Actor) -> QuerySet[Batch]:
    """Return the lists with rows of which somebody has to say who they are."""
    return Batch.objects.filter(within_reach(actor, "lists.import"), state="done", doubtful__gt=0)


def units_below(unit: Unit) -> dict[str, int]:
    """Return the units that a list for this unit may name, by code: itself and all below.

    None that has ended, and none that reports by number and so counts nobody.
    """
    return dict(_open_below(unit, clock.today()).values_list("code", "pk"))


def _open_below(unit: Unit, today: dt.date) -> QuerySet[Unit]:
    by_number = Counting.objects.filter(Q(valid__endswith=None) | Q(valid__endswith__gt=today))
    open_ = Unit.objects.filter(path__startswith=unit.path, dissolved_on=None)
    return open_.exclude(pk__in=by_number.values("unit"))


def unit_names(unit: Unit) -> UnitNames:
    """Return by what the rows of a list for this unit may name others: all their names of all days.

    Nothing is told of units beyond the list's own reach: a name that one of them has is nobody's here.
    """
    today = clock.today()
    reached = list(_open_below(unit, today).order_by("path"))
    said: dict[int, list[str]] = {one.pk: [] for one in reached}
    periods = UnitName.objects.filter(unit__in=reached, recorded__upper_inf=True).order_by("-valid")
    for key, names in periods.values_list("unit", "names"):
        said[key] += [name for _language, name in sorted(names.items()) if name]
    above = {one.pk: int(one.path.rsplit("/", 3)[1] or 0) for one in reached}
    called = structure.called(sorted({*said, *above.values()}), today)
    found = UnitNames()
    for one in reached:
        name = called[one.pk].name if one.pk in called else one.code
        within = [called[above[one.pk]].name] if above[one.pk] in called else []
        label = f"{name} ({', '.join([one.code, *within])})"
        found.add(one.code, names=said[one.pk], label=label)
    return found


def added_fields(unit: Unit) -> dict[str, Field]:
    """Return the fields that this unit and those above it added, as columns of its lists may mean them."""
    own = fields_of(unit)
    called = Counter(one.label.casefold() for one in own)
    twice = sorted({one.unit_id for one in own if called[one.label.casefold()] > 1})
    units = structure.called(twice, clock.today()) if twice else {}
    return {
        f"own_{one.pk}": _added(one, units[one.unit_id].name if called[one.label.casefold()] > 1 else "")
        # Of two that are called the same, a header means the nearer unit's.
        for one in reversed(own)
    }


def _added(one: CustomField, asking: str) -> Field:
    return Field(
        key=f"own_{one.pk}",
        label=f"{one.label} ({asking})" if asking else one.label,
        is_day=one.type == "day",
        number=one.pk,
        type=one.type,
        options=tuple(one.options),
        titles=(one.label, one.key),
    )


def setting_of(batch: Batch) -> Setting:
    """Return what an import knows besides its rows."""
    unit, words_said = batch.unit, batch.mapping.get("words", {})
    agreed_on = batch.mapping.get("agreed_on")
    return Setting(
        unit=unit.code,
        units=units_below(unit),
        names=unit_names(unit),
        places=batch.mapping.get("places", {}),
        today=batch.today,
        locale=unit.locale,
        country=batch.mapping.get("country") or country_of(unit),
        kind=batch.kind,
        added=added_fields(unit),
        words=words_said,
        agreed_on=dt.date.fromisoformat(agreed_on) if agreed_on else None,
        may_agree=minimum_age(unit, CONSENT).years if words_said else 0,
        least_age=minimum_age(unit, ENTRY).years,
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen on the preview: whether known people are left alone, when former members join again."""

    leaves_alone: bool
    rejoin_on: dt.date | None


def chosen_for(batch: Batch) -> Chosen:
    """Return what was chosen when the list was let in."""
    day = batch.mapping.get("rejoin_on")
    return Chosen(batch.mapping.get("known") == "leave", dt.date.fromisoformat(day) if day else None)


def sample_of(table: Table) -> tuple[list[tuple[str, ...]], list[Profile]]:
    """Return the first rows of a table and what all its columns look like; it is read to the end.

    Nobody stands in the last line of a list of our own, nor in what its file calls no person.
    """
    sample: list[tuple[str, ...]] = []
    profiles = [Profile() for _column in table.columns]
    for row in table.rows:
        if is_ours(row) or row.nobody:
            continue
        if len(sample) < _SAMPLE:
            sample.append(row.values)
        for profile, cell in zip(profiles, row.values, strict=False):
            profile.take(cell)
    return sample, profiles


def remembered(unit: Unit, header: Sequence[str]) -> Sequence[str]:
    """Return the fields that this unit, or one above it, chose for these headers; none when nobody did."""
    found = (
        RememberedMapping.objects.filter(fingerprint=columns.fingerprint(header), unit__path__in=_above(unit))
        .order_by("-unit__path")
        .first()
    )
    return found.mapping["fields"] if found else ()


def _above(unit: Unit) -> list[str]:
    keys = unit.path.strip("/").split("/")
    return [f"/{'/'.join(keys[: place + 1])}/" for place in range(len(keys))]


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of a list as its page shows it; `person` is the name of whom it may be, where one may see it."""

    number: int
    name: str
    entry: Entry | None
    outcome: str
    reasons: tuple[str, ...]
    person: str
    person_id: int | None


def lines(
    batch: Batch, *outcomes: str, after: int = -1, most: int = 200, numbers: Sequence[int] | None = None
) -> list[Shown]:
    """Return rows of a batch that are kept, in the order of the file, with what was understood of each.

    Those of some outcomes, behind a number, or these `numbers` alone. Of rows that wait, an outcome is also
    what was foreseen for them.
    """
    found = Line.objects.filter(batch=batch, number__gt=after, sealed__isnull=False).order_by("number")
    if outcomes:
        found = found.filter(Q(outcome__in=outcomes) | Q(outcome="waiting", foreseen__in=outcomes))
    if numbers is not None:
        found = found.filter(number__in=numbers)
    held = list(found[:most])
    persons = [one.person_id for one in held if one.person_id]
    people = Person.objects.select_related("unit").filter(pk__in=persons)
    names = shown_names(list(people)) if persons else {}
    return [_shown(batch, line, names) for line in held]


def outcomes_of(batch: Batch) -> Counter[str]:
    """Return how many rows became what; of those that wait, what was foreseen for them, else “waiting”."""
    counts: Counter[str] = Counter()
    lines = Line.objects.filter(batch=batch).order_by()
    for outcome, foreseen, count in lines.values_list("outcome", "foreseen").annotate(count=Count("pk")):
        counts[foreseen if outcome == "waiting" and foreseen else outcome] += count
    return counts


def _shown(batch: Batch, line: Line, names: Mapping[int, str]) -> Shown:
    person = names.get(line.person_id or 0, "")
    seen = line.person_id if person else None
    sealed = bytes(line.sealed or b"")
    said = sealing.opened(batch.pk, line.number, sealed)
    if line.outcome == "passed":
        why = tuple(filter(None, [words.passed_over().get(line.why, "")]))
        return Shown(line.number, said["cells"][0], None, line.outcome, why, "", None)
    if "cells" in said:
        row = Row(line.number, tuple(said["cells"]))
        name = name_of(row, ColumnMapping.of(batch.mapping), batch.unit.locale)
        name = name or " · ".join(filter(None, said["cells"][:3]))
        return Shown(line.number, name, None, line.outcome, tuple(said["problems"]), "", None)
    entry = sealing.entry_of(batch.pk, line.number, sealed)
    why = tuple(filter(None, [words.doubts().get(line.why, "")]))
    return Shown(line.number, entry.name, entry, line.outcome, why, person, seen)


def upload_for(actor: Actor, pk: int) -> Upload:
    """Return a file that this account chose; NotFound for anybody else's."""
    found = Upload.objects.select_related("unit").filter(pk=pk, account_id=actor.account_id).first()
    if found is None or not may(actor, "lists.import", found.unit):
        raise NotFound(_("There is no such file any more; choose it once more."), field="file")
    return found


@contextlib.contextmanager
def file_of(upload: Upload) -> Iterator[Path]:
    """Lay an upload's file down for as long as it is read; nobody else can open it there."""
    with tempfile.TemporaryDirectory(prefix="groundswell-") as folder:
        path = Path(folder) / "list"
        path.write_bytes(sealing.file_of(upload.pk, bytes(upload.sealed)))
        yield path


def importable(actor: Actor) -> list[Unit]:
    """Return the open units into which the actor may import, in the order of the tree."""
    reach = Q(pk__in=[])
    for office in actor.mandates:
        reach |= Q(path__startswith=office.path)
    units = Unit.objects.filter(reach, dissolved_on=None, holds_names=True).order_by("path")
    return [unit for unit in units if may(actor, "lists.import", unit)]


def count_gone(batch: Batch) -> int:
    """Return how many rows are not kept any more though nobody was written down for them."""
    return Line.objects.filter(batch=batch, outcome="gone").count()


def waiting(batch: Batch) -> int:
    """Return how many rows are still to be done."""
    return Line.objects.filter(batch=batch, outcome="waiting").count()


def highest(actor: Actor, capability: str) -> Unit | None:
    """Return the highest unit for which the actor has a right by her offices."""
    units = Unit.objects.filter(pk__in=[office.unit_id for office in actor.mandates]).order_by("path")
    return next((unit for unit in units if may(actor, capability, unit)), None)


def releases(actor: Actor, *, most: int = 50) -> list[Release]:
    """Return the larger lists of units out of which the actor may take any: what waits, then the newest."""
    found = Release.objects.select_related("unit").filter(within_reach(actor, "lists.export"))
    return list(found.order_by(F("decided_at").desc(nulls_first=True), "-pk")[:most])


def askers(releases: Collection[Release]) -> dict[int, str]:
    """Return the names of who asked for larger lists, by their accounts, as far as the session sees them."""
    asked = Account.objects.filter(pk__in={one.asked_by for one in releases} - {None})
    accounts = dict(asked.exclude(person=None).values_list("pk", "person_id"))
    names = shown_names(list(Person.objects.filter(pk__in=accounts.values()).select_related("unit")))
    return {account: names[person] for account, person in accounts.items() if person in names}


def to_release(actor: Actor) -> QuerySet[Release]:
    """Return the larger lists for which the actor is the second person: another one, with the whole right."""
    whole = within_reach(actor, "lists.export", how="whole")
    found = Release.objects.filter(whole, decided_at=None)
    return found if actor.account_id is None else found.exclude(asked_by=actor.account_id)


def to_fetch(actor: Actor, *, since: dt.datetime) -> list[Release]:
    """Return the larger lists that the actor asked for, agreed to since a moment and not fetched yet."""
    if actor.account_id is None:
        return []
    found = Release.objects.filter(asked_by=actor.account_id, agreed=True, fetched_at=None)
    return list(found.filter(decided_at__gte=since).order_by("pk"))


def release_for(actor: Actor, pk: int) -> Release:
    """Return one of them; NotFound else."""
    found = Release.objects.select_related("unit").filter(pk=pk).first()
    if found is None or not may(actor, "lists.export", found.unit):
        raise NotFound(_("There is no such list that you may see."), field="release")
    return found
