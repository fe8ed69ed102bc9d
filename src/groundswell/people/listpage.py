"""What the list of people shows, ready for its template."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.rights import may_by_office
from groundswell.people import filters, searching, slots, status
from groundswell.people.models import MembershipKind, SavedView
from groundswell.people.searching import Asked, Found
from groundswell.people.status import Status
from groundswell.structure import queries as structure
from groundswell.structure.choosing import MOST_CHOSEN
from groundswell.structure.queries import localized
from groundswell.web import acts, figures

# More towns than these in a headline nobody reads.
_MOST_TOWNS: Final = 3
_SET_IN: Final = "\N{EM SPACE}"


@dataclass(frozen=True, slots=True)
class Line:
    """One person as the list shows her."""

    href: str
    name: str
    call_name: str
    unit: str
    unit_href: str
    town: str
    standing: str
    is_member: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is in force, and the address of the list without it."""

    label: str
    without: str


@dataclass(frozen=True, slots=True)
class Select:
    """A further filter: (value, label, chosen) in groups, and what may be typed besides.

    `other` is what is asked for and stands in no group; `other_label` says it.
    """

    name: str
    label: str
    groups: Sequence[tuple[str, Sequence[tuple[str, str, bool]]]]
    other: str
    other_label: str
    typed: Sequence[filters.Typed]


@dataclass(frozen=True, slots=True)
class View:
    """A list that somebody keeps, and the address that lets it go."""

    name: str
    href: str
    drop: str


def page(actor: Actor, asked: Asked, *, today: dt.date) -> dict[str, Any]:
    """Return what the page shows of the question's answer."""
    found = searching.found(actor, asked, today=today)
    words, units = status_words(), _units(actor, today)
    lines = [_line(row, words) for row in found.rows]
    last = found.rows[-1].pk if found.more and not asked.text else None
    return {
        "asked": asked,
        "today": today,
        "headline": _headline(asked, found),
        "lines": lines,
        "found": found,
        "chips": _chips(asked, words, dict(units), today),
        "statuses": [(word, label, word == asked.status) for word, label in words.items()],
        "units": units,
        # Whoever has one unit need not read its name in every line.
        "one_unit": [code for code, _name in units] == list({row.unit for row in found.rows}),
        "filters": _filters(actor, asked),
        "towns": may_by_office(actor, "people.contact"),
        "further_open": bool(asked.town or asked.more),
        "unit_code": asked.unit.code if asked.unit else "",
        "next_href": address(asked, after=last) if last else "",
        "first_href": address(asked) if asked.after else "",
        "views": _views(actor),
        "keep_href": address(asked, path="people:keep-view", q=""),
        "acts": acts.led(_acts(actor, asked, found)),
    }


def _acts(actor: Actor, asked: Asked, found: Found) -> list[acts.Act]:
    """Return what may be done here, what is done most first and the rules last."""
    unit = f"?{urlencode({'unit': asked.unit.code})}" if asked.unit else ""
    doings = [
        (may_by_office(actor, "people.edit"), _("Write somebody down"), reverse("people:new") + unit),
        (True, _("What waits"), reverse("people:asked")),
        (may_by_office(actor, "people.contact"), _("Gatherings"), reverse("people:gatherings") + unit),
        (
            bool(found.rows) and may_by_office(actor, "people.edit"),
            _tagging(found),
            address(asked, path="people:tag-all"),
        ),
    ]
    rules = [
        (may_by_office(actor, "people.decide"), _("What is kept of people"), reverse("people:fields") + unit),
        (may_by_office(actor, "people.decide"), _("Rules of membership"), reverse("people:rules") + unit),
    ]
    return [
        *_offered(doings),
        *(doing for slot in slots.list_doings for doing in slot(actor, asked)),
        *_offered(rules),
        *(rule for slot in slots.list_rules for rule in slot(actor, asked)),
    ]


def _tagging(found: Found) -> str:
    if found.count is None:
        return _("Give these people a tag")
    words = {"count": figures.number(found.count, get_language() or "en")}
    said = ngettext("Give this %(count)s person a tag", "Give these %(count)s people a tag", found.count)
    return said % words


def _offered(possible: Sequence[tuple[bool, str, str]]) -> list[acts.Act]:
    return [(label, href) for may_do, label, href in possible if may_do]


def status_words() -> dict[str, str]:
    """Return what each status is called in the reader's language, by its word, in the order of `statuses`."""
    in_order = MembershipKind.objects.order_by("-counts", "code")
    kinds = {kind.code: localized(kind.names) for kind in in_order}
    return kinds | {
        status.GUEST: _("guest"),
        status.FORMER: _("former member"),
        status.CONTACT: _("contact"),
    }


def standing(what: Status, words: Mapping[str, str]) -> str:
    """Return a status as words with its day: 'member since 3 May 2024', '… or earlier' where nobody knows."""
    if what.day is None:
        return words[what.word]
    day = figures.day(what.day, get_language() or "en")
    if what.word == status.FORMER:
        return _("%(status)s, until %(day)s") % {"status": words[what.word], "day": day}
    said = _("%(status)s since %(day)s or earlier") if what.earlier else _("%(status)s since %(day)s")
    return said % {"status": words[what.word], "day": day}


def address(asked: Asked, *, path: str = "people:list", **other: Any) -> str:
    """Return the address of the list for a question, some of it said otherwise."""
    said = {
        "q": asked.text,
        "unit": asked.unit.code if asked.unit else "",
        "status": asked.status,
        "town": asked.town,
        "tag": asked.tag,
        **dict(asked.more),
    } | other
    query = urlencode({name: value for name, value in said.items() if value})
    return reverse(path) + (f"?{query}" if query else "")


def _line(row: searching.Row, words: Mapping[str, str]) -> Line:
    return Line(
        href=reverse("people:person", args=[row.pk]),
        name=row.name,
        call_name=row.call_name,
        unit=row.unit_name,
        unit_href=reverse("structure:unit", args=[row.unit]),
        town=row.town,
        standing=standing(row.status, words),
        is_member=row.status.word not in {status.FORMER, status.CONTACT},
    )


def _views(actor: Actor) -> list[View]:
    """Return the lists that the actor keeps, by name."""
    if actor.person_id is None:
        return []
    kept = SavedView.objects.select_related("unit").filter(person_id=actor.person_id).order_by("name")
    return [
        View(
            one.name,
            address(
                Asked(
                    unit=one.unit, status=one.status, town=one.town, tag=one.tag, more=tuple(one.more.items())
                )
            ),
            reverse("people:drop-view", args=[one.pk]),
        )
        for one in kept
    ]


def _headline(asked: Asked, found: Found) -> str:
    if not found.rows and asked.narrowed:
        return _("Nobody you may see is like that.")
    language = get_language() or "en"
    count = searching.MOST_COUNTED if found.count is None else found.count
    words = {"text": asked.text, "count": figures.number(count, language)}
    if found.towns:
        towns = {"town": asked.town, "towns": ", ".join(found.towns[:_MOST_TOWNS])}
        return _("Nobody is in “%(town)s”; these are in %(towns)s.") % towns
    if found.near:
        return _("Nobody is called “%(text)s”; these are spelt nearly so.") % words
    if found.count is None:
        return _("More than %(count)s people.") % words
    return ngettext("%(count)s person.", "%(count)s people.", found.count) % words


def _chips(asked: Asked, words: Mapping[str, str], units: Mapping[str, str], today: dt.date) -> list[Chip]:
    chips = []
    if asked.text:
        chips.append(Chip(_("“%(text)s”") % {"text": asked.text}, address(asked, q="")))
    if asked.unit is not None:
        name = units.get(asked.unit.code) or structure.called([asked.unit.pk], today)[asked.unit.pk].name
        label = _("%(unit)s and all below") % {"unit": name.strip(_SET_IN)}
        chips.append(Chip(label, address(asked, unit="")))
    if asked.status:
        chips.append(Chip(words[asked.status], address(asked, status="")))
    if asked.town:
        chips.append(Chip(asked.town, address(asked, town="")))
    if asked.tag:
        chips.append(Chip(asked.tag, address(asked, tag="")))
    more = dict(asked.more)
    for one in filters.list_filters:
        several = one.parts(more.get(one.name, ""))
        for part in filter(None, several):
            rest = one.joined([other for other in several if other != part])
            chips.append(Chip(one.said(part), address(asked, **{one.name: rest})))
    return chips


def _filters(actor: Actor, asked: Asked) -> list[Select]:
    """Return the further filters of which the actor may choose something."""
    chosen = dict(asked.more)
    shown = []
    for one in filters.list_filters:
        choice = chosen.get(one.name, "")
        offered = one.offered(actor, asked.unit, choice)
        written = {what.part for what in offered.typed}
        several = [part for part in one.parts(choice) if part and part not in written]
        now = one.joined(several)
        groups = [
            (head, [(value, label, value == now) for value, label in choices])
            for head, choices in offered.groups
        ]
        there = any(picked for _head, choices in groups for _value, _label, picked in choices)
        if groups or now:
            said = "; ".join(one.said(part) for part in several)
            shown.append(Select(one.name, str(one.label), groups, "" if there else now, said, offered.typed))
    return shown


def _units(actor: Actor, today: dt.date) -> list[tuple[str, str]]:
    """Return (code, name) of the units to choose from, set in by their depth; none of too many."""
    tops = ["/"] if actor.operator else [office.path for office in actor.mandates]
    units = structure.names_below(tops, today, most=MOST_CHOSEN + 1)
    if not 0 < len(units) <= MOST_CHOSEN:
        return []
    top = min(unit.path.count("/") for unit in units)
    return [(unit.code, _SET_IN * (unit.path.count("/") - top) + unit.name) for unit in units]
