"""What the pages of this room show, ready for their templates."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Min
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.rights import may, may_by_office
from groundswell.access.slots import Waits
from groundswell.accounts import rules as mandates
from groundswell.duplicates import queries, rules, settling
from groundswell.duplicates.models import Likeness, Merge
from groundswell.duplicates.rules import Plan, Term
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.people import listpage, searching, timeline
from groundswell.people import queries as people
from groundswell.people.models import Asking, Membership, Note, Person
from groundswell.people.personpage import age, shown_name, shown_names
from groundswell.people.searching import Asked
from groundswell.people.timeline import Happened
from groundswell.people.words import DETAILS
from groundswell.structure import queries as structure
from groundswell.web import figures

# Pairs on one page, on a phone a card each; and the most merges that are told.
PAGE: Final = 25
MOST: Final = 100
MOST_FOUND: Final = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A pair or a merge as a line: what it says, what stands beside it, where it leads."""

    sentence: str
    note: str
    href: str


@dataclass(frozen=True, slots=True)
class Side:
    """One of two records: what she is called, what she is, and all that tells her from the other."""

    person: Person
    name: str
    unit: str
    facts: Sequence[tuple[str, str]]
    happened: Sequence[tuple[str, str]]


def doings(actor: Actor, person: Person) -> Sequence[tuple[str, str]]:
    """Return what may be done with a person here, with its address."""
    if not may(actor, "people.erase.ask", person.unit):
        return ()
    return [(_("Written down twice?"), reverse("duplicates:choose", args=[person.pk]))]


def list_doings(actor: Actor, asked: Asked) -> Sequence[tuple[str, str]]:
    """Return what may be done with the list of people here, with its address."""
    del asked
    if not may_by_office(actor, "people.erase.ask"):
        return ()
    return [(_("Written down twice?"), reverse("duplicates:list"))]


def happened(actor: Actor, person: Person) -> Iterator[Happened]:
    """Tell with which records hers became one, and which of that was undone."""
    del actor
    told = queries.told_of(person.pk)
    if not told:
        return
    apart = list(
        Person.objects.select_related("unit").filter(pk__in={other for _at, _undone, other in told if other})
    )
    names = shown_names(apart)
    for at, undone, other in told:
        if undone is None:
            yield Happened(clock.day_of(at), _("another record of her became one with this one"))
            continue
        name = names.get(other or 0)
        text = (
            _("became one with the record of %(name)s") % {"name": name}
            if name
            else _("became one with another record")
        )
        day = figures.day(undone.date(), get_language() or "en")
        yield Happened(clock.day_of(at), text, _("undone on %(day)s") % {"day": day}, struck=True)


def what_waits(actor: Actor, today: dt.date) -> Iterator[Waits]:
    """Tell how many pairs the actor may decide, and how many nobody has looked at."""
    del today
    counts = {"count": Count("pk"), "since": Min(Coalesce("decided_at", "found_at")), "key": Min("pk")}
    proposed = queries.pairs_of(actor, "people.erase").filter(verdict="proposed").aggregate(**counts)
    unseen = queries.pairs_of(actor, "people.erase.ask").filter(verdict="").aggregate(**counts)
    for found, sentence in (
        (
            proposed,
            ngettext(
                "%(count)d merge is proposed and waits for your decision.",
                "%(count)d merges are proposed and wait for your decision.",
                proposed["count"],
            ),
        ),
        (
            unseen,
            ngettext(
                "%(count)d pair may be one person.",
                "%(count)d pairs may be one person each.",
                unseen["count"],
            ),
        ),
    ):
        if found["count"]:
            one = found["count"] == 1
            href = reverse("duplicates:pair", args=[found["key"]]) if one else reverse("duplicates:list")
            yield Waits(sentence % {"count": found["count"]}, href, found["since"].date())


def waiting(actor: Actor, *, after: int, today: dt.date, now: dt.datetime) -> dict[str, Any]:
    """Return the pairs that wait, those after so many, and the merges that can be undone."""
    waits = queries.waiting(actor)
    count = waits.count()
    after = min(max(after, 0), count)
    pairs = list(waits[after : after + PAGE])
    merges = queries.merges(actor, now=now, most=MOST)
    here = reverse("duplicates:list")
    names = shown_names(
        [*(side for one in pairs for side in (one.person, one.other)), *(one.person for one in merges)]
    )
    headline = ngettext("%(count)d pair may be one person.", "%(count)d pairs may be one person each.", count)
    return {
        "today": today,
        "headline": headline % {"count": count} if count else _("Nobody seems to be written down twice."),
        "pairs": [_pair(one, names) for one in pairs],
        "merges": [_merged(one, names) for one in merges],
        "next_href": f"{here}?after={after + PAGE}" if count > after + PAGE else "",
        "first_href": here if after else "",
    }


def after(actor: Actor, merged: Merge) -> str:
    """Return where one who merged two goes on: to the pairs that wait, and when none does, to her page."""
    if queries.waiting(actor).exists():
        return reverse("duplicates:list")
    return reverse("people:person", args=[merged.person_id])


def _pair(one: Likeness, names: Mapping[int, str]) -> Line:
    words = {"one": names[one.person_id], "other": names[one.other_id]}
    note = _("proposed") if one.verdict == "proposed" else ""
    return Line(_("%(one)s and %(other)s") % words, note, reverse("duplicates:pair", args=[one.pk]))


def _merged(one: Merge, names: Mapping[int, str]) -> Line:
    words = {"name": names[one.person_id], "day": figures.day(clock.day_of(one.at), get_language() or "en")}
    sentence = _("Another record became one with that of %(name)s on %(day)s.") % words
    return Line(sentence, "", reverse("duplicates:undo", args=[one.pk]))


def choose(actor: Actor, person: Person, asked: str | None) -> dict[str, Any]:
    """Return who may be the same as a person, herself left out: those found by what was typed.

    Before anything is typed (None): whoever is reached as she is, is called so, or nearly so.
    """
    if asked is None:
        found = searching.rows(_like_her(person)[: MOST_FOUND + 1], clock.latest_day())
    else:
        found = searching.found(actor, Asked(text=asked), today=clock.latest_day()).rows if asked else ()
    words = listpage.status_words()
    return {
        "person": person,
        "name": shown_name(person),
        "asked": asked or "",
        "found": [
            (one.pk, one.name, ", ".join(filter(None, (one.unit_name, listpage.standing(one.status, words)))))
            for one in found[:MOST_FOUND]
            if one.pk != person.pk
        ],
    }


def _like_her(person: Person) -> list[int]:
    found: dict[int, None] = {}
    for way in people.contacts_of([person])[person.pk]:
        found |= dict.fromkeys(people.by_contact(way.kind, way.value))
    found |= dict.fromkeys(searching.called_so(person.name))
    return list(found | dict.fromkeys(searching.called_nearly_so(person.name)))


def pair(actor: Actor, likeness: Likeness, *, today: dt.date) -> dict[str, Any]:
    """Return two records side by side, with what merging them would do."""
    two = queries.two(likeness.person, likeness.other)
    one, other = (_side(person, today) for person in (two.one, two.other))
    decides = queries.may_judge(actor, likeness.unit, likeness.other_unit, "people.erase")
    happens, barred = _sign_ins(actor, two, today) if decides else ([], "")
    return {
        "one": likeness,
        "two": two,
        "today": today,
        "sides": (one, other),
        "alike": _alike(two),
        "decides": decides,
        "outcome": [*_outcome(two, today), *happens],
        "barred": barred,
        "proposed": likeness.verdict == "proposed",
    }


def _side(person: Person, today: dt.date) -> Side:
    called = structure.called([person.unit_id], today)
    held = Membership.objects.select_related("unit").filter(person=person, recorded__upper_inf=True)
    memberships = list(held.order_by("-valid"))
    askings = list(Asking.objects.select_related("unit", "from_unit", "person").filter(person=person))
    units = _unit_names(memberships, today, asked={one.unit_id for one in askings})
    language = get_language() or "en"
    lines = timeline.of(person, memberships, askings, kinds=listpage.status_words(), units=units)
    return Side(
        person,
        shown_name(person),
        called[person.unit_id].name if person.unit_id in called else person.unit.code,
        [(label, value) for label, value in _facts(person) if value],
        [(figures.day(one.day, language), one.text) for one in lines],
    )


def _unit_names(
    memberships: Sequence[Membership], today: dt.date, *, asked: AbstractSet[int] = frozenset()
) -> dict[int, str]:
    keys = {key for one in memberships for key in (one.unit_id, one.entry_other_id, one.exit_other_id) if key}
    keys |= asked
    return {key: one.name for key, one in structure.called(sorted(keys), today).items()}


def _facts(person: Person) -> list[tuple[str, str]]:
    paid = people.paid_until(person)
    notes = Note.objects.filter(person=person).count()
    return [
        *((label_of(detail), said(person, detail)) for detail in rules.CHOSEN if detail != "name"),
        (_("E-mails and phones"), ", ".join(way.value for way in people.contacts_of([person])[person.pk])),
        (_("Tags"), ", ".join(people.tags_of(person))),
        (_("Paid until"), figures.day(paid, get_language() or "en") if paid else ""),
        (_("Notes"), str(notes) if notes else ""),
    ]


def label_of(detail: str) -> str:
    """Return what a detail is called."""
    return _("Age") if detail == "minor" else str(DETAILS[detail])


def said(person: Person, detail: str) -> str:
    """Return a detail of a person as words; in a protected unit the call name stands for the name."""
    value = shown_name(person) if detail == "name" else getattr(person, detail)
    if detail == "languages":
        return ", ".join(structure.language_name(code) for code in value)
    if detail == "minor":
        return age(person) or _("unknown")
    return str(value)


def _alike(two: queries.Two) -> list[str]:
    """Return what speaks for one person, as words."""
    one, other = two.one, two.other
    ways = [
        {(way.kind, way.value) for way in people.contacts_of([person])[person.pk]} for person in (one, other)
    ]
    shared = {kind for kind, _value in ways[0] & ways[1]}
    words = [
        (one.sort_key == other.sort_key, _("the same name")),
        ("email" in shared, _("the same e-mail")),
        ("phone" in shared, _("the same phone")),
        (bool(one.postcode) and one.postcode == other.postcode, _("the same postcode")),
        (bool(one.town) and one.town == other.town, _("the same town")),
    ]
    return [word for holds, word in words if holds]


def _outcome(two: queries.Two, today: dt.date) -> list[str]:
    """Return as sentences what merging does to the memberships and the figures, whichever is chosen."""
    if rules.at_odds(two.terms):
        return []  # the choice itself says what is taken back
    try:
        return _told(rules.plan(two.terms, stays=two.one.pk, true=two.one.pk), today)
    except Refusal as refusal:
        return [refusal.sentence]


def _sign_ins(actor: Actor, two: queries.Two, today: dt.date) -> tuple[list[str], str]:
    """Return what becomes of the offices and sign-ins of both, and why she may not merge them, if so."""
    held = settling.offices([two.one.pk, two.other.pk])
    try:
        outcome = settling.outcome(two, held, actor=actor, today=today)
    except Refusal as refusal:
        return [], refusal.sentence
    said = []
    carried = mandates.carry(held.tenures, stays=outcome.stays).instead
    if carried:
        offices = "; ".join(settling.tenure_words(carried, today))
        said.append(_("Offices that go over to the record that stays: %(offices)s.") % {"offices": offices})
    if outcome.signs in held.accounts:
        words = {"mail": held.accounts[outcome.signs].email}
        said.append(_("Signing in goes on as %(mail)s.") % words)
    if len(held.accounts) > 1:
        ends = outcome.goes if outcome.signs == outcome.stays else outcome.stays
        words = {"mail": held.accounts[ends].email}
        said.append(
            _(
                "The sign-in as %(mail)s is closed with its sessions, passkeys and apps. Undoing the merge"
                " brings it back with all but the sessions."
            )
            % words
        )
    return said, ""


def _told(plan: Plan, today: dt.date) -> list[str]:
    names = structure.called(sorted({one.unit for one in plan.lost}), today)
    language = get_language() or "en"
    lines = []
    for one in plan.lost:
        words = {
            "unit": names[one.unit].name if one.unit in names else "",
            "day": figures.day(one.start, language),
        }
        lines.append(
            _("The membership in %(unit)s from %(day)s on is taken back: it counted one person twice.")
            % words
        )
    return lines or [_("No figure changes: what she was stays what she was.")]


def term_words(term: Term, today: dt.date) -> str:
    """Return a membership as a choice: 'Depot, from 3 May 2023'."""
    names = structure.called([term.unit], today)
    language = get_language() or "en"
    words = {
        "unit": names[term.unit].name if term.unit in names else "",
        "since": figures.day(term.start, language),
        "until": figures.day(term.end, language) if term.end else "",
    }
    if term.end:
        return _("%(unit)s, from %(since)s until %(until)s") % words
    return _("%(unit)s, from %(since)s on") % words
