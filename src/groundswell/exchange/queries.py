"""The reads of the room: batches and their lines, what is known of the people that rows may be."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.rights import may
from groundswell.exchange.importing import mapping as columns
from groundswell.exchange.importing.entries import Setting
from groundswell.exchange.importing.judging import Known, Traits
from groundswell.exchange.importing.looks import Profile
from groundswell.exchange.importing.reading import Table
from groundswell.exchange.models import Batch, RememberedMapping
from groundswell.kernel.errors import NotFound
from groundswell.structure.models import Unit

_SAMPLE: Final = 50


def batch_for(actor: Actor, pk: int, capability: str = "lists.import") -> Batch:
    """Return a batch for whoever may import into its unit; NotFound else."""
    batch = Batch.objects.select_related("unit").filter(pk=pk).first()
    if batch is None or not may(actor, capability, batch.unit):
        raise NotFound(_("There is no such import that you may see."), field="batch")
    return batch


def batches(actor: Actor, *, most: int = 50) -> list[Batch]:
    """Return the newest imports that the session sees."""
    found = Batch.objects.select_related("unit").order_by("-pk")[:most]
    return [one for one in found if may(actor, "lists.import", one.unit)]


def units_below(unit: Unit) -> dict[str, int]:
    """Return the open units that a list for this unit may name, by code: itself and all below."""
    return dict(Unit.objects.filter(path__startswith=unit.path, dissolved_on=None).values_list("code", "pk"))


def setting_of(batch: Batch) -> Setting:
    """Return what an import knows besides its rows."""
    unit = batch.unit
    return Setting(
        unit=unit.code,
        units=units_below(unit),
        today=batch.today,
        locale=unit.locale,
        country=unit.country,
        kind=batch.kind,
    )


def sample_of(table: Table) -> tuple[list[tuple[str, ...]], list[Profile]]:
    """Return the first rows of a table and what all its columns look like; it is read to the end."""
    sample: list[tuple[str, ...]] = []
    profiles = [Profile() for _column in table.columns]
    for row in table.rows:
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


def known_people(unit: Unit, digests: Iterable[bytes], names: Iterable[tuple[int, str]]) -> Known:
    """Return those who have one of these digests in the unit's section, or lie under (unit, sort key)."""
    known = Known()
    top = unit.section_id or unit.pk
    with connection.cursor() as cursor:
        cursor.execute(
            """select p.id, p.folded, p.unit_id, lower(p.town) from people_person p
            join structure_unit u on u.id = p.unit_id
            where (u.section_id = %(top)s or u.id = %(top)s) and p.id in (
              select c.person_id from people_contact c where c.digest = any(%(digests)s))
            union
            select p.id, p.folded, p.unit_id, lower(p.town)
            from unnest(%(units)s::bigint[], %(keys)s::text[]) asked (unit_id, sort_key)
            join people_person p on p.unit_id = asked.unit_id and p.sort_key = asked.sort_key""",
            _asked(top, digests, names),
        )
        people = cursor.fetchall()
        cursor.execute(
            "select person_id, kind, digest from people_contact where person_id = any(%s)",
            [[row[0] for row in people]],
        )
        held: dict[tuple[int, str], set[bytes]] = {}
        for person, kind, digest in cursor.fetchall():
            held.setdefault((person, kind), set()).add(bytes(digest))
    for pk, folded, unit_id, town in people:
        emails, phones = (frozenset(held.get((pk, kind), ())) for kind in ("email", "phone"))
        known.add(pk, Traits(frozenset(folded.split()), unit_id, town, emails, phones))
    return known


def _asked(top: int, digests: Iterable[bytes], names: Iterable[tuple[int, str]]) -> dict[str, Any]:
    asked = list(dict.fromkeys(names))
    return {
        "top": top,
        "digests": list(digests),
        "units": [unit for unit, _key in asked],
        "keys": [key for _unit, key in asked],
    }
