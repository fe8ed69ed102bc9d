"""Who looks like one person is written down, section by section: names stop at the section, so does this."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet

from groundswell.calc.matching import People, find
from groundswell.duplicates import rules
from groundswell.duplicates.models import Likeness
from groundswell.people.models import Contact, Person
from groundswell.people.rules import folded_name
from groundswell.structure.models import Unit

# Rows read at once, and written with one statement.
_AT_ONCE: Final = 1_000
# A digest as figures: so many of its bytes tell numbers apart, and more are not compared.
_FIGURES: Final = 8
Row = TypeVar("Row", bound=Model)


@transaction.atomic
def find_within(section: Unit, *, at: dt.datetime) -> int:
    """Write down the pairs of a unit and all below it that look like one person; return how many are new.

    E-mails and phones are compared by their digests: nothing is opened. All of the section is held in memory,
    a kilobyte a person: how rare a name or an address is weighs, and that is read from all of them
    (decision 0660). For the worker.
    """
    people, lies_in, reached = _people(section)
    names = dict(zip(lies_in, people.columns["name"], strict=True))
    known = set(_of_section(Likeness.objects.all(), section).values_list("person_id", "other_id"))
    new = []
    for pair in find(people).pairs:
        one, other = sorted((int(pair[0]), int(pair[1])))
        sides = [(set(folded_name(names[who]).split()), reached.get(who, {})) for who in (one, other)]
        if (one, other) not in known and not rules.are_two(*sides):
            new.append(
                Likeness(
                    person_id=one,
                    other_id=other,
                    unit_id=lies_in[one],
                    other_unit_id=lies_in[other],
                    score=pair[2],
                    origin="night",
                    found_at=at,
                )
            )
    Likeness.objects.bulk_create(new, batch_size=_AT_ONCE, ignore_conflicts=True)
    return len(new)


def _people(section: Unit) -> tuple[People, Mapping[int, int], Mapping[int, rules.Reached]]:
    """Return the persons of a section by columns, the unit in which each lies, and how each is reached."""
    reached = _digests(section)
    lies_in: dict[int, int] = {}
    columns: dict[str, list[str]] = {name: [] for name in ("name", "town", "postcode", "email", "phone")}
    rows = Person.objects.filter(unit__path__startswith=section.path).order_by("pk")
    asked = rows.values_list("pk", "unit_id", "name", "town", "postcode")
    for number, unit, name, town, postcode in asked.iterator(chunk_size=_AT_ONCE):
        lies_in[number] = unit
        hers = reached.get(number, {})
        # By the chief ones, which stand first.
        contacts = _as_email(hers.get("email")), _as_phone(hers.get("phone"))
        for column, cell in zip(columns.values(), (name, town, postcode, *contacts), strict=True):
            column.append(cell)
    return People([str(number) for number in lies_in], columns), lies_in, reached


def _digests(section: Unit) -> dict[int, dict[str, list[bytes]]]:
    """Return the digests of the e-mails and of the phones of each who has one, the chief ones first."""
    held: dict[int, dict[str, list[bytes]]] = {}
    rows = _of_section(Contact.objects.order_by("position", "pk"), section)
    asked = rows.values_list("person_id", "kind", "digest")
    for person, kind, digest in asked.iterator(chunk_size=_AT_ONCE):
        held.setdefault(person, {}).setdefault(kind, []).append(bytes(digest))
    return held


def _of_section(rows: QuerySet[Row], section: Unit) -> QuerySet[Row]:
    """Return those rows of a table of persons that belong to persons of a section."""
    return rows.filter(person__unit__path__startswith=section.path)


def _as_email(digests: Sequence[bytes] | None) -> str:
    return f"{digests[0].hex()}@x" if digests else ""


def _as_phone(digests: Sequence[bytes] | None) -> str:
    return str(int.from_bytes(digests[0][:_FIGURES])) if digests else ""
