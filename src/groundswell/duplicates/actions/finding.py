"""Who looks like one person is written down, section by section: names stop at the section, so does this."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from django.db import transaction

from groundswell.calc.matching import People, find
from groundswell.duplicates.models import Likeness
from groundswell.people.models import Contact, Person
from groundswell.structure.models import Unit

# Rows written with one statement.
_AT_ONCE: Final = 1_000
# A digest as figures: so many of its bytes tell numbers apart, and more are not compared.
_FIGURES: Final = 8


@transaction.atomic
def find_within(section: Unit, *, at: dt.datetime) -> int:
    """Write down the pairs of a unit and all below it that look like one person; return how many are new.

    E-mails and phones are compared by their digests: nothing is opened. For the worker.
    """
    rows = list(
        Person.objects.filter(unit__path__startswith=section.path)
        .order_by("pk")
        .values_list("pk", "name", "town", "postcode", "unit_id")
    )
    numbers = [row[0] for row in rows]
    emails, phones = _digests(numbers)
    people = People(
        [str(number) for number in numbers],
        {
            "name": [row[1] for row in rows],
            "town": [row[2] for row in rows],
            "postcode": [row[3] for row in rows],
            "email": [_as_email(emails.get(number)) for number in numbers],
            "phone": [_as_phone(phones.get(number)) for number in numbers],
        },
    )
    lies_in = {row[0]: row[4] for row in rows}
    known = set(Likeness.objects.filter(person__in=numbers).values_list("person_id", "other_id"))
    new = []
    for pair in find(people).pairs:
        one, other = sorted((int(pair[0]), int(pair[1])))
        if (one, other) not in known:
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


def _digests(persons: Sequence[int]) -> tuple[Mapping[int, bytes], Mapping[int, bytes]]:
    """Return the digest of the chief e-mail and of the chief phone of each who has one."""
    held: dict[str, dict[int, bytes]] = {"email": {}, "phone": {}}
    rows = Contact.objects.filter(person__in=persons).order_by("position", "pk")
    for person, kind, digest in rows.values_list("person_id", "kind", "digest"):
        held[kind].setdefault(person, bytes(digest))
    return held["email"], held["phone"]


def _as_email(digest: bytes | None) -> str:
    return f"{digest.hex()}@x" if digest else ""


def _as_phone(digest: bytes | None) -> str:
    return str(int.from_bytes(digest[:_FIGURES])) if digest else ""
