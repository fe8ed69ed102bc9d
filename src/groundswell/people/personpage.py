"""What the page of a person shows, ready for its template."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.rights import may, may_by_office, may_for_herself
from groundswell.kernel import clock
from groundswell.people import folding, listpage, queries, rules, slots, status, timeline, words
from groundswell.people.models import Asking, Contact, Membership, Note, Person
from groundswell.people.status import Stay
from groundswell.structure import counting
from groundswell.structure import queries as structure
from groundswell.web import acts, figures


@dataclass(frozen=True, slots=True)
class Way:
    """A way to reach her: what is written, the link that uses it, and the address that drops it.

    `shown` is what is written, that may be broken behind its @.
    """

    text: str
    shown: str
    href: str
    calls: bool
    label: str
    drop: str


@dataclass(frozen=True, slots=True)
class Line:
    """A dated line; `href` leads to where its day is put right."""

    day: str
    text: str
    note: str
    struck: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """Something asked for that waits, and what may be done with it here; `href` leads to who asked."""

    sentence: str
    words: str
    address: str
    decides: bool
    withdraws: bool
    note: str = ""
    href: str = ""


def page(actor: Actor, person: Person, *, today: dt.date) -> dict[str, Any]:
    """Return all that the page shows to this actor."""
    held = list(Membership.objects.select_related("unit").filter(person=person).order_by("-valid", "-pk"))
    memberships = [one for one in held if one.recorded.upper is None]
    askings = list(Asking.objects.select_related("unit", "from_unit", "person").filter(person=person))
    kinds = listpage.status_words()
    names = _units(person, held, askings, today)
    begun = clock.latest_day()
    what = status.status_on([stay_of(one) for one in memberships], begun)
    contacts = may_contact(actor, person)
    reached, notes = queries.contacts_of([person])[person.pk], queries.notes_of(person)
    standings = queries.standings_of(person)
    asked = {one.kind for one in askings if one.decided_at is None}
    decides = may(actor, "people.decide", person.unit)
    belongs = any(one.home and one.valid.upper is None and one.valid.lower <= begun for one in memberships)
    hanging = timeline.Hanging(standings, reached, [note.at for note in notes])
    return {
        "person": person,
        "name": shown_name(person),
        "today": today,
        "standing": listpage.standing(what, kinds),
        "paid": next((one.paid_until for one in standings if one.superseded_at is None), None),
        "home": names.get(person.unit_id, ""),
        "facts": facts(person) if contacts else (),
        "young": young(person, today),
        "contacts": contacts,
        "ways": _ways(actor, person, reached) if contacts else (),
        "tags": queries.tags_of(person),
        "notes": _notes(notes),
        "open": lines_of(actor, [one for one in askings if one.decided_at is None], names),
        "acts": acts.led(doings(actor, person, asked=asked, belongs=belongs)),
        "deeds": deeds_of(actor, person, memberships, asked=asked, belongs=belongs),
        "lines": _lines(
            _happened(actor, person, held, askings, today, hanging=hanging, kinds=kinds, units=names),
            right=reverse("people:correct", args=[person.pk]) if decides else "",
        ),
        "panels": [panel(actor, person, today) for panel in slots.person_panels],
    }


def _happened(
    actor: Actor,
    person: Person,
    held: Sequence[Membership],
    askings: Sequence[Asking],
    today: dt.date,
    **more: Any,
) -> list[timeline.Happened]:
    """Return what happened with her up to today, what rooms above tell among it, the newest first."""
    believed = [one for one in held if one.recorded.upper is None]
    corrected = [one for one in held if one.recorded.upper is not None]
    own = timeline.of(person, believed, askings, corrected=corrected, **more)
    others = (line for slot in slots.person_happened for line in slot(actor, person) if line.day <= today)
    return timeline.newest_first([*reversed(own), *others])


def shown_name(person: Person) -> str:
    """Return what she may be called here: in a protected unit by her call name alone."""
    if structure.is_protected(person.unit):
        return rules.called_alone(person.name, person.call_name)
    return person.name


def shown_names(persons: Sequence[Person]) -> dict[int, str]:
    """Return what each of many may be called here, by her number, with one question."""
    protected = structure.protected_among([one.unit for one in persons]) if persons else set()
    return {
        one.pk: rules.called_alone(one.name, one.call_name) if one.unit_id in protected else one.name
        for one in persons
    }


def may_contact(actor: Actor, person: Person) -> bool:
    """Return whether the actor may know how to reach her: also where she comes as a guest or asks to."""
    if may(actor, "people.contact", person.unit) or may_for_herself(actor, "people.contact", person.pk):
        return True
    return any(may(actor, "people.contact", unit) for unit in queries.comes_to(person))


def doings(actor: Actor, person: Person, *, asked: AbstractSet[str], belongs: bool) -> list[tuple[str, str]]:
    """Return what the actor may do with her, each with its address; what is likeliest done first.

    What is `asked` for already and waits (by the kind of the asking) is not asked for again; `belongs` says
    whether she is a member somewhere.
    """
    here = may(actor, "people.decide", person.unit)
    hers = may(actor, "people.edit", person.unit) or may_for_herself(actor, "people.ask", person.pk)
    found: list[tuple[str, str]] = []
    if here and not belongs:
        found.append((_("Let her join"), "join"))
    if hers and not here and not belongs and "apply" not in asked:
        found.append((_("Apply"), "apply"))
    if hers:
        found.append((_("Change details"), "edit"))
    return [*_hers(person, found), *(doing for slot in slots.person_doings for doing in slot(actor, person))]


def deeds_of(
    actor: Actor,
    person: Person,
    memberships: Sequence[Membership],
    *,
    asked: AbstractSet[str],
    belongs: bool,
) -> list[tuple[str, str]]:
    """Return what may happen to her membership, each with its address; the rest as in `doings`."""
    here = may(actor, "people.decide", person.unit)
    hers = may(actor, "people.edit", person.unit) or may_for_herself(actor, "people.ask", person.pk)
    found: list[tuple[str, str]] = []
    if hers and belongs and "transfer" not in asked:
        found.append((_("Transfer"), "transfer"))
    if hers and not here and belongs and "leave" not in asked:
        found.append((_("Say that she leaves"), "ask-leave"))
    if here and belongs:
        found += [(_("She leaves"), "leave"), (_("Change kind"), "kind"), (_("Guest elsewhere"), "guest")]
    if here:
        stays = (one for one in memberships if not one.home and one.valid.upper is None)
        found += [
            (_("No longer a guest of %(unit)s") % {"unit": structure.Named(one.unit)}, f"guest/{one.pk}/end")
            for one in stays
            if may(actor, "people.decide", one.unit)
        ]
        found += [(_("Put right"), "correct")] if memberships else []
        found.append((_("Paid until"), "paid"))
    return _hers(person, found)


def _hers(person: Person, found: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return acts with their words as addresses below her own."""
    page = reverse("people:person", args=[person.pk])
    return [(label, f"{page}{word}/") for label, word in found]


def open_of(actor: Actor, person: Person, today: dt.date) -> list[Open]:
    """Return what she asked for and waits, as her own page says it."""
    askings = list(
        Asking.objects.select_related("unit", "from_unit", "person__unit").filter(
            person=person, decided_at=None
        )
    )
    return open_lines(actor, askings, today)


def open_lines(actor: Actor, askings: Sequence[Asking], today: dt.date) -> list[Open]:
    """Return things asked for that wait, each as a sentence with what may be done."""
    keys = {one.unit_id for one in askings} | {one.from_unit_id or 0 for one in askings}
    names = (
        {key: one.name for key, one in structure.called(sorted(keys - {0}), today).items()} if keys else {}
    )
    return lines_of(actor, askings, names)


def lines_of(actor: Actor, askings: Sequence[Asking], names: Mapping[int, str]) -> list[Open]:
    """Return things asked for as `open_lines` does, by the names that units have."""
    called = shown_names([one.person for one in askings])
    details = queries.details_of_each(askings)
    return [_line(actor, one, names, called[one.person_id], details[one.pk]) for one in askings]


def _line(
    actor: Actor, asking: Asking, names: Mapping[int, str], called: str, details: Mapping[str, Any]
) -> Open:
    said = {
        "name": called,
        "unit": names.get(asking.unit_id, asking.unit.code),
        "from": names.get(asking.from_unit_id or 0, ""),
        "details": "; ".join(_changed(details)),
    }
    sentence = {
        "apply": _("%(name)s applies to %(unit)s."),
        "transfer": _("%(name)s asks to go from %(from)s to %(unit)s."),
        "leave": _("%(name)s says that she leaves %(unit)s."),
        "change": _("For %(name)s is proposed: %(details)s."),
    }[asking.kind] % said
    note = ""
    if asking.due_on is not None:
        day = figures.day(asking.due_on, get_language() or "en")
        note = _("Accepted by itself after %(day)s.") % {"day": day}
    return Open(
        sentence,
        str(details.get("words", "")),
        reverse("people:answer", args=[asking.pk]),
        queries.may_decide(actor, asking),
        queries.may_withdraw(actor, asking),
        note,
        reverse("people:person", args=[asking.person_id]) if may_by_office(actor, "people.names") else "",
    )


def _changed(details: Mapping[str, Any]) -> Iterator[str]:
    for detail, value in details.get("changes", {}).items():
        text = ", ".join(map(structure.language_name, value)) if isinstance(value, list) else str(value)
        yield f"{words.DETAILS[detail]}: {text}"


def stay_of(one: Membership) -> Stay:
    """Return a membership as the pure rules of `status` see it."""
    earlier = one.entry_flow == "opening"
    return Stay(one.kind_id, one.unit_id, one.valid.lower, one.valid.upper, one.home, earlier)


def _units(
    person: Person, memberships: Sequence[Membership], askings: Sequence[Asking], today: dt.date
) -> dict[int, str]:
    keys = {person.unit_id}
    for one in memberships:
        keys |= {one.unit_id, one.entry_other_id or 0, one.exit_other_id or 0}
    for asking in askings:
        keys |= {asking.unit_id, asking.from_unit_id or 0}
    return {key: one.name for key, one in structure.called(sorted(keys - {0}), today).items()}


def facts(person: Person) -> list[tuple[str, str]]:
    """Return who she is, in words beside what they say."""
    place = " ".join(filter(None, (person.postcode, person.town)))
    languages = ", ".join(structure.language_name(code) for code in person.languages)
    said = [
        (_("Called"), person.call_name),
        (_("Pronoun"), person.pronoun),
        (_("Lives in"), place),
        (_("Speaks"), languages),
        (_("Age"), age(person)),
    ]
    return [(label, value) for label, value in said if value]


def age(person: Person) -> str:
    """Return what is known of her age, '' where nothing is."""
    if not person.minor:
        return ""
    if person.of_age_on is None:
        return _("under 18")
    return _("under 18 until %(day)s") % {"day": figures.day(person.of_age_on, get_language() or "en")}


def young(person: Person, today: dt.date) -> str:
    """Return what holds for the record of whoever is under 18, in one sentence; '' for everybody else."""
    if not person.minor:
        return ""
    unit = counting.goes_on_in(person.unit).pk
    return _(
        "She is under 18: the offices of %(unit)s see this record, and none above it. Figures count her."
    ) % {"unit": structure.called([unit], today)[unit].name}


def _ways(actor: Actor, person: Person, reached: Sequence[Contact]) -> list[Way]:
    edits = may(actor, "people.edit", person.unit) or may_for_herself(actor, "people.edit", person.pk)
    return [_way(contact, edits=edits) for contact in reached]


def _way(contact: Contact, *, edits: bool) -> Way:
    drop = reverse("people:drop-contact", args=[contact.person_id, contact.pk]) if edits else ""
    if contact.kind == "email":
        name, at, host = contact.value.rpartition("@")
        shown = format_html("{}{}<wbr>{}", name, at, host)
        return Way(
            contact.value, shown, f"mailto:{contact.value}", calls=False, label=contact.label, drop=drop
        )
    said = folding.spaced_phone(contact.value)
    return Way(said, said, f"tel:{contact.value}", calls=True, label=contact.label, drop=drop)


def _notes(notes: Sequence[Note]) -> list[Line]:
    language = get_language() or "en"
    return [
        Line(figures.day(clock.day_of(note.at), language), note.text, words.circles()[note.visibility])
        for note in notes
    ]


def _lines(happened: Sequence[timeline.Happened], *, right: str) -> list[Line]:
    """Return the lines; by `right`, where the actor may, the day of a membership is put right."""
    language = get_language() or "en"
    return [
        Line(figures.day(one.day, language), one.text, one.note, one.struck, _to_right(one, right))
        for one in happened
    ]


def _to_right(one: timeline.Happened, page: str) -> str:
    if one.right is None or not page:
        return ""
    membership, what = one.right
    return f"{page}?membership={membership}&what={what}"
