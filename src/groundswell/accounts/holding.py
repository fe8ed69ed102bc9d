"""Who holds which office, as the pages show it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.db import connection
from django.template.loader import render_to_string
from django.urls import resolve, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundswell.access import rights
from groundswell.access.actor import Actor, Office, Place
from groundswell.access.slots import Waits, waiting
from groundswell.accounts import queries
from groundswell.accounts.models import Mandate
from groundswell.accounts.queries import account_of_person
from groundswell.accounts.words import office_names
from groundswell.kernel import clock
from groundswell.kernel.errors import NotFound
from groundswell.people import listpage, searching
from groundswell.people.models import Person
from groundswell.people.timeline import Happened
from groundswell.structure import counting
from groundswell.structure import queries as structure
from groundswell.structure.models import Unit
from groundswell.web import figures

# More offices than anybody reads on one page; the units below have their own.
MOST = 200
# So many are shown of those who are called as it was asked.
MOST_FOUND = 10


@dataclass(frozen=True, slots=True)
class Holder:
    """An office held: by whom, where, since when, until when, and whether the actor may end it."""

    mandate: int
    unit_id: int
    unit: str
    office: str
    person_id: int
    name: str
    began: dt.date
    ends: dt.date | None
    may_end: bool
    to_come: bool


def headline(held: Sequence[Holder]) -> str:
    """Return how many offices are held, as a sentence, and how many will be from a day to come on."""
    lang, now = get_language() or "en", sum(not one.to_come for one in held)
    if len(held) >= MOST:
        return _("More than %(count)s offices are held.") % {"count": figures.number(len(held), lang)}
    said = ngettext("%(count)s office is held.", "%(count)s offices are held.", now)
    sentences = [said % {"count": figures.number(now, lang)} if now else _("Nobody holds an office here.")]
    if later := len(held) - now:
        said = ngettext("%(count)s more begins later.", "%(count)s more begin later.", later)
        sentences.append(said % {"count": figures.number(later, lang)})
    return " ".join(sentences)


def holders(actor: Actor, top: Unit, *, on: dt.date) -> list[Holder]:
    """Return who holds or will hold an office in a unit and below, of those in the actor's reach."""
    with connection.cursor() as cursor:
        cursor.execute("select * from accounts_holders(%s, %s)", [top.pk, MOST])
        rows = cursor.fetchall()
    units = Unit.objects.in_bulk({row[1] for row in rows})
    names = structure.called([*units], on)
    words = office_names()
    return [
        Holder(
            mandate=mandate,
            unit_id=unit_id,
            unit=names[unit_id].name if unit_id in names else units[unit_id].code,
            office=words[office],
            person_id=person_id,
            name=name or _("somebody whose data was erased"),
            began=began,
            ends=ends,
            may_end=rights.may_give(actor, office, units[unit_id], to_person=person_id),
            to_come=began > on,
        )
        for mandate, unit_id, office, person_id, name, began, ends in rows
    ]


def told_of(held: Sequence[Mandate], *, on: dt.date) -> list[Holder]:
    """Return mandates as they are told of where nobody ends them: of a day past, in the trail."""
    called, words = queries.called_by_mandate([one.pk for one in held]), office_names()
    units = structure.called(sorted({one.unit_id for one in held}), on)
    return [
        Holder(
            mandate=one.pk,
            unit_id=one.unit_id,
            unit=units[one.unit_id].name,
            office=words[one.office],
            person_id=one.person_id,
            name=called.get(one.pk) or _("somebody whose data was erased"),
            began=one.valid.lower,
            ends=one.valid.upper,
            may_end=False,
            to_come=one.valid.lower > on,
        )
        for one in held
    ]


def held_then(unit: Unit, on: dt.date) -> list[Holder]:
    """Return who held an office in a unit itself on a day past, as it is believed today."""
    believed = Mandate.objects.filter(unit=unit, recorded__upper_inf=True, valid__contains=on)
    highest = [*office_names()]
    ordered = sorted(believed.order_by("valid", "pk"), key=lambda one: highest.index(one.office))
    return told_of(ordered, on=on)


def offices_to_give(actor: Actor, unit: Place, *, to_person: int = 0) -> list[tuple[str, str]]:
    """Return the offices that the actor may give in a unit, with their names."""
    return [
        (office, name)
        for office, name in office_names().items()
        if rights.may_give(actor, office, unit, to_person=to_person)
    ]


def gives(actor: Actor, unit: Unit) -> bool:
    """Return whether the actor may give an office in a unit that goes on."""
    return unit.dissolved_on is None and bool(offices_to_give(actor, unit))


def gives_first(actor: Actor, unit: Unit) -> bool:
    """Return whether the actor may make the first secretary of a unit in which nobody is yet."""
    return rights.may_give(actor, "secretary", unit, to_person=0) and queries.nobody_in(unit)


def finds_names(actor: Actor, unit: Unit) -> bool:
    """Return whether the actor may look for the members of a unit by their names."""
    return rights.may(actor, "people.names", unit)


def candidates(
    actor: Actor, unit: Unit, text: str, *, on: dt.date, but: int | None
) -> tuple[list[tuple[int, str, str]], bool]:
    """Return who may hold an office in a unit and is called so or reached by it, and whether there are more.

    Each with her name and what she is; those alone whom the actor sees and may give an office there to.
    Whoever is `but` hands hers over.
    """
    found = searching.found(actor, searching.Asked(text=text, unit=unit), today=on)
    belonging = queries.belonging([one.pk for one in found.rows], unit, on)
    words = listpage.status_words()
    lines = [
        (one.pk, one.name, ", ".join(filter(None, (one.unit_name, listpage.standing(one.status, words)))))
        for one in found.rows
        if one.pk in belonging - {but} and offices_to_give(actor, unit, to_person=one.pk)
    ]
    return lines[:MOST_FOUND], found.more or len(lines) > MOST_FOUND


def uninvited() -> str:
    """Return that the holder of an office signs in nowhere yet."""
    return _("She has no account yet: she can use it once her branch has invited her, on her page.")


def ended(mandate: Mandate, day: dt.date, today: dt.date) -> str:
    """Return what has become of an office ended on a day: it was taken back, is over, or holds until then."""
    if day == mandate.valid.lower:
        return _("The office is taken back, and its rights with it.")
    if day > today:
        said = _("The office ends on %(day)s, and its rights with it; until then she holds it.")
        return said % {"day": figures.day(day, get_language() or "en")}
    return _("The office has ended, and its rights with it.")


def mandate_for(actor: Actor, pk: int) -> Mandate:
    """Return a mandate that the actor may end; foreign, ended and missing look alike: NotFound."""
    mandate = Mandate.objects.select_related("unit").filter(pk=pk, recorded__upper_inf=True).first()
    if mandate is None or not rights.may_give(
        actor, mandate.office, mandate.unit, to_person=mandate.person_id
    ):
        raise NotFound(_("There is no such office that you may end."), field="mandate")
    return mandate


def name_of(actor: Actor, mandate: Mandate, *, on: dt.date) -> str:
    """Return what the holder of a mandate is called here."""
    found = [one.name for one in holders(actor, mandate.unit, on=on) if one.mandate == mandate.pk]
    return found[0] if found else _("somebody whose data was erased")


def what_is_open(mandate: Mandate, today: dt.date) -> list[Waits]:
    """Return what waits for the holder of an office and what is open in it, as far as the session sees."""
    unit = mandate.unit
    office = Office(mandate.office, unit.pk, unit.path, unit.holds_names)
    return waiting(Actor(person_id=mandate.person_id, mandates=(office,)), today)


def what_is_open_to(actor: Actor, mandate: Mandate, today: dt.date) -> list[Waits]:
    """Return the same for somebody else's eyes: without the address of what only its holder opens."""
    return [one if _opens(actor, one.href) else replace(one, href="") for one in what_is_open(mandate, today)]


def _opens(actor: Actor, address: str) -> bool:
    asks = resolve(address).func.door  # type: ignore[attr-defined]  # every view has one: access.doors
    return rights.may_by_office(actor, asks)


def words_of(mandate: Mandate) -> dict[str, str]:
    """Return an office in words: what it is called, in which unit, from which day on."""
    day = mandate.valid.lower
    return {
        "office": office_names()[mandate.office],
        "unit": structure.called([mandate.unit_id], day)[mandate.unit_id].name,
        "day": figures.day(day, get_language() or "en"),
    }


def unit_panel(actor: Actor, unit: Unit, on: dt.date) -> SafeString:
    """Return who holds an office in a unit itself, for its page of a day."""
    if not rights.may(actor, "reports.read", unit):
        return SafeString("")
    if on < clock.today_in(unit.time_zone):
        held, giving = held_then(unit, on), False
    else:
        held = [one for one in holders(actor, unit, on=on) if one.unit_id == unit.pk]
        giving = gives(actor, unit)
    return SafeString(  # nosec B703 - what a template has escaped
        render_to_string("accounts/_unit_offices.html", {"holders": held, "unit": unit, "giving": giving})
    )


def way_to_a_treasurer(actor: Actor, unit: Unit, what: str) -> tuple[str, str] | None:
    """Return how a unit that should find a treasurer gets one, for whoever may give the office."""
    if what != "treasurer" or not rights.may_give(actor, "treasurer", unit, to_person=0):
        return None
    return _("Give the office"), reverse("offices:give", args=[unit.code])


def person_panel(actor: Actor, person: Person, on: dt.date) -> SafeString:
    """Return which offices somebody holds, for her page."""
    mandates = list(
        Mandate.objects.select_related("unit")
        .filter(person=person, recorded__upper_inf=True)
        .order_by("-valid", "pk")
    )
    giving = [
        unit
        for unit in _above(person)
        if unit.dissolved_on is None and offices_to_give(actor, unit, to_person=person.pk)
    ]
    # Of no member and no guest it would be refused.
    within = queries.belongs_to(person.pk, [unit.pk for unit in giving], on) if giving else set()
    giving = [unit for unit in giving if unit.pk in within]
    if not mandates and not giving:
        return SafeString("")
    called = structure.called([one.unit_id for one in mandates] + [one.pk for one in giving], on)
    words = office_names()
    lines = [
        {
            "office": words[one.office],
            "unit": called[one.unit_id].name,
            "began": one.valid.lower,
            "to_come": one.valid.lower > on,
            "ends": one.valid.upper,
            "key": one.pk,
            "may_end": (one.valid.upper is None or one.valid.upper > on)
            and rights.may_give(actor, one.office, one.unit, to_person=person.pk),
        }
        for one in mandates
    ]
    choices = [(one.code, called[one.pk].name) for one in giving]
    return SafeString(  # nosec B703 - what a template has escaped
        render_to_string(
            "accounts/_person_offices.html", {"lines": lines, "giving": choices, "person": person}
        )
    )


def happened(actor: Actor, person: Person) -> Iterator[Happened]:
    """Tell since when and until when somebody held which office where."""
    del actor
    mandates = list(Mandate.objects.filter(person=person, recorded__upper_inf=True).order_by("valid", "pk"))
    called = structure.called([one.unit_id for one in mandates], clock.today()) if mandates else {}
    words = office_names()
    for one in mandates:
        said = {"office": words[one.office], "unit": called[one.unit_id].name}
        yield Happened(one.valid.lower, _("took up an office: %(office)s, %(unit)s") % said)
        if one.valid.upper is not None:
            yield Happened(one.valid.upper, _("her office ended: %(office)s, %(unit)s") % said)


def undecided_panel(actor: Actor, person: Person, on: dt.date) -> SafeString:
    """Return that nobody decides about somebody under 18, whom no secretary above sees; else nothing."""
    if not person.minor or rights.may(actor, "people.decide", person.unit):
        return SafeString("")
    held = Mandate.objects.filter(
        unit=counting.goes_on_in(person.unit),
        office="secretary",
        recorded__upper_inf=True,
        valid__contains=on,
    )
    if held.exists():
        return SafeString("")
    return render_to_string("accounts/_undecided.html")


def invitations(actor: Actor, person: Person) -> Sequence[tuple[str, str]]:
    """Return the way to invite somebody who does not sign in yet, for whoever decides in her unit."""
    if not rights.may(actor, "people.decide", person.unit):
        return ()
    account = account_of_person(person)
    if account is not None and account.last_login is not None:
        return ()
    label = _("Invite her to an account") if account is None else _("Her invitation")
    return [(label, reverse("accounts:invite", args=[person.pk]))]


def _above(person: Person) -> list[Unit]:
    keys = [int(part) for part in person.unit.path.split("/") if part]
    return list(Unit.objects.filter(pk__in=keys).order_by("-path"))
