"""What the pages of gatherings show, and what they tell the pages of units and persons."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.rights import may, may_by_office
from groundswell.access.slots import Waits
from groundswell.kernel import clock
from groundswell.people import listpage, queries, searching
from groundswell.people.models import Gathering, Person
from groundswell.people.searching import Asked
from groundswell.people.timeline import Happened
from groundswell.structure import queries as structure
from groundswell.structure.models import Unit
from groundswell.web import figures

PAGE: Final = 50
# A gathering of more people than these finds them by their names.
MOST_SHOWN: Final = 200
# So many gatherings are looked back upon.
_LOOKED_BACK: Final = 6
# Gatherings in the timeline of somebody.
_TOLD: Final = 50
_SHORT: Final = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A gathering in a list."""

    href: str
    title: str
    day: dt.date
    begins: dt.time | None
    kind: str
    unit: str
    unit_href: str
    came: str


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who may have come: `came` says that she did."""

    pk: int
    name: str
    standing: str
    href: str
    came: bool


def kind_names() -> dict[str, str]:
    """Return what the kinds of gatherings are called."""
    return {
        "meeting": _("members' meeting"),
        "public": _("public meeting"),
        "school": _("school or reading circle"),
        "other": _("something else"),
    }


def listed(actor: Actor, *, unit: Unit | None, after: int | None, today: dt.date) -> dict[str, Any]:
    """Return what the list of gatherings shows."""
    found = queries.gatherings(actor, unit=unit, after=after, most=PAGE + 1)
    code = unit.code if unit else ""
    shown = found[:PAGE]
    more = f"&unit={code}" if code else ""
    return {
        "today": today,
        "unit_code": code,
        "unit_name": structure.called([unit.pk], today)[unit.pk].name if unit else "",
        "lines": lines(shown, today),
        "next_href": f"{reverse('people:gatherings')}?after={shown[-1].pk}{more}"
        if len(found) > PAGE
        else "",
        "adds": may(actor, "people.edit", unit) if unit else may_by_office(actor, "people.edit"),
    }


def lines(found: Sequence[Any], today: dt.date) -> list[Line]:
    """Return gatherings as a list shows them."""
    kinds, language = kind_names(), get_language() or "en"
    names = structure.called(sorted({one.unit_id for one in found}), today)
    return [
        Line(
            href=reverse("people:gathering", args=[one.pk]),
            title=one.title,
            day=one.day,
            begins=one.begins,
            kind=kinds[one.kind],
            unit=names[one.unit_id].name if one.unit_id in names else one.unit.code,
            unit_href=reverse("structure:unit", args=[one.unit.code]),
            came=figures.number(one.came, language) if one.day <= today else "",
        )
        for one in found
    ]


def page(actor: Actor, gathering: Gathering, *, text: str) -> dict[str, Any]:
    """Return what the page of a gathering shows: who came, and whoever is asked for by name."""
    today = clock.today_in(gathering.unit.time_zone)
    came = queries.who_came(gathering)
    members, others = queries.known_to(gathering.unit, gathering.day, most=MOST_SHOWN)
    elsewhere = sorted(came - {*members, *others})
    found = (
        [row.pk for row in searching.found(actor, Asked(text=text), today=clock.latest_day()).rows]
        if text
        else []
    )
    guests = _guests([*members, *others, *elsewhere, *found], came)
    groups = (
        (_("Found"), found),
        (_("Members and guests"), members),
        (_("Also known here"), others),
        (_("From elsewhere"), elsewhere),
    )
    return {
        "gathering": gathering,
        "kind": kind_names()[gathering.kind],
        "unit_name": structure.called([gathering.unit_id], today)[gathering.unit_id].name,
        "text": text,
        "count": count(gathering),
        "to_come": gathering.day > clock.day_in(gathering.unit.time_zone, clock.now()),
        "edits": may(actor, "people.edit", gathering.unit),
        "groups": [
            (head, [guests[pk] for pk in persons if pk in guests]) for head, persons in groups if persons
        ],
        "nobody": bool(text) and not found,
        "capped": len(members) + len(others) >= MOST_SHOWN,
    }


def count(gathering: Gathering) -> str:
    """Return how many came, in words."""
    number = queries.how_many_came([gathering.pk]).get(gathering.pk, 0)
    if not number:
        return _("Nobody is marked as having come yet.")
    words = {"count": figures.number(number, get_language() or "en")}
    return ngettext("%(count)s came.", "%(count)s came.", number) % words


def said(gathering: Gathering, person: Person, *, text: str) -> dict[str, Any]:
    """Return the line of one person on the page of a gathering, and the count, after something was said."""
    came = queries.who_came(gathering)
    return {
        "gathering": gathering,
        "guest": _guests([person.pk], came)[person.pk],
        "count": count(gathering),
        "text": text,
        "edits": True,
        "swapped": True,
    }


def _guests(persons: Sequence[int], came: Collection[int]) -> Mapping[int, Guest]:
    words = listpage.status_words()
    return {
        row.pk: Guest(
            row.pk,
            row.name,
            listpage.standing(row.status, words),
            reverse("people:person", args=[row.pk]),
            row.pk in came,
        )
        for row in searching.rows(list(dict.fromkeys(persons)), clock.latest_day())
    }


def unit_panel(actor: Actor, unit: Unit, on: dt.date) -> SafeString:
    """Return the latest gatherings of a unit for its page; nothing without the right to know who came."""
    if not may(actor, "people.contact", unit):
        return SafeString("")
    context = {
        "lines": lines(queries.of_unit(unit, up_to=on, most=_SHORT), on),
        "code": unit.code,
        "adds": may(actor, "people.edit", unit) and unit.dissolved_on is None,
    }
    return render_to_string("people/_unit_gatherings.html", context)


def way_to_a_meeting(actor: Actor, unit: Unit, what: str) -> tuple[str, str] | None:
    """Return how a unit that should meet is called together, for whoever may write its gatherings down."""
    if what != "meeting" or not may(actor, "people.edit", unit):
        return None
    return _("Write down a meeting"), f"{reverse('people:hold')}?{urlencode({'unit': unit.code})}"


def what_waits(actor: Actor, today: dt.date) -> Iterator[Waits]:
    """Tell of gatherings of today and of yesterday to which nobody is said to have come."""
    if not may_by_office(actor, "people.edit"):
        return
    found = queries.without_roll(actor, today=today)
    if len(found) == 1:
        when = (
            _("%(title)s is today; say here who came.")
            if found[0].days_ago == 0
            else _("%(title)s was yesterday; say here who came.")
        )
        yield Waits(when % {"title": found[0].title}, reverse("people:gathering", args=[found[0].pk]), None)
    elif found:
        said = ngettext(
            "%(count)d gathering is of today or yesterday; say who came.",
            "%(count)d gatherings are of today or yesterday; say who came.",
            len(found),
        )
        yield Waits(said % {"count": len(found)}, reverse("people:gatherings"), None)


def _share(came: int, held: int) -> str:
    if held == 1:
        return (
            _("Came to the only gathering of her unit.")
            if came
            else _("Did not come to the only gathering of her unit.")
        )
    words = {"came": came, "held": held}
    return _("Came to %(came)d of the last %(held)d gatherings of her unit.") % words


def happened(actor: Actor, person: Person) -> Iterator[Happened]:
    """Tell to which gatherings somebody came, of those the session sees."""
    del actor
    for one in reversed(queries.came_to(person, most=_TOLD)):
        yield Happened(one.day, _("came to a gathering: %(title)s") % {"title": one.title})


def person_panel(actor: Actor, person: Person, today: dt.date) -> SafeString:
    """Return which gatherings she came to, for whoever may know how she is reached and for herself."""
    came = queries.came_to(person, most=_LOOKED_BACK)
    share = ""
    if may(actor, "people.contact", person.unit):
        held = queries.held_by(person.unit, up_to=today, most=_LOOKED_BACK)
        share = _share(len(held & {one.pk for one in came}), len(held)) if held else ""
    if not came and not share:
        return SafeString("")
    return render_to_string("people/_person_gatherings.html", {"came": came, "share": share})
