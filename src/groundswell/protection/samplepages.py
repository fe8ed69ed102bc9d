"""What the pages of an auditor's samples say, ready for their templates."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundswell.people import listpage, searching
from groundswell.people.models import Standing
from groundswell.protection.models import Sample
from groundswell.protection.rules import DAYS_TO_READ, MOST_DRAWN
from groundswell.structure import queries as structure
from groundswell.structure.models import Unit
from groundswell.web import figures


def choices(units: Sequence[Unit], today: dt.date) -> list[tuple[str, str]]:
    """Return the units to draw from by code, each with its name."""
    called = structure.called([one.pk for one in units], today)
    return [(one.code, f"{called[one.pk].name} · {one.code}") for one in units if one.pk in called]


def listed(found: Sequence[Sample], today: dt.date) -> dict[str, Any]:
    """Return what was drawn before, and until when it is open."""
    called = structure.called([one.unit_id for one in found], today)
    return {
        "drawn": [
            {
                "key": one.pk,
                "said": said(one, called[one.unit_id].name if one.unit_id in called else one.unit.code),
                "until": one.readable_until,
                "open": one.readable_until > today,
            }
            for one in found
        ],
        "most": MOST_DRAWN,
        "days": DAYS_TO_READ,
    }


def said(sample: Sample, name: str) -> str:
    """Return what was drawn as a sentence."""
    language = get_language() or "en"
    return ngettext(
        "%(size)s of %(population)s member of %(unit)s on %(day)s.",
        "%(size)s of %(population)s members of %(unit)s on %(day)s.",
        sample.population,
    ) % {
        "size": figures.number(sample.size, language),
        "population": figures.number(sample.population, language),
        "unit": name,
        "day": figures.day(sample.as_of, language),
    }


def sheet(sample: Sample, numbers: Sequence[int], today: dt.date) -> dict[str, Any]:
    """Return the sheet of a sample: who was drawn, and how each stood on its day."""
    called = structure.called([sample.unit_id], today)
    name = called[sample.unit_id].name if sample.unit_id in called else sample.unit.code
    paid = _paid(numbers)
    words = listpage.status_words()
    return {
        "sample": sample,
        "name": name,
        "headline": said(sample, name),
        "gone": max(0, sample.size - len(numbers)),
        "rows": [
            {
                "place": place,
                "number": row.pk,
                "name": row.name,
                "unit": row.unit_name,
                "standing": listpage.standing(row.status, words),
                "paid": paid.get(row.pk),
            }
            for place, row in enumerate(searching.rows(numbers, sample.as_of), 1)
        ],
        "method": _(
            "Drawn by lot: the members are put in the order of the SHA-256 of the seed, a colon and the"
            " number of the record, and the first %(size)s are taken. The database made the seed; whoever"
            " knows it draws the same again."
        )
        % {"size": figures.number(sample.size, get_language() or "en")},
    }


def _paid(numbers: Sequence[int]) -> Mapping[int, dt.date]:
    found = Standing.objects.filter(person__in=numbers, superseded_at=None)
    return dict(found.values_list("person_id", "paid_until"))
