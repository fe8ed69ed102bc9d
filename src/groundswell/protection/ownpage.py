"""A person's own card: her name, how she is reached, and what she is a member of, in words."""

import datetime as dt
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundswell.kernel.errors import NotFound
from groundswell.people import folding, listpage, personpage, queries
from groundswell.people.models import Contact, Membership, Person
from groundswell.protection import queries as protection
from groundswell.structure import counting
from groundswell.structure import queries as structure
from groundswell.web import figures


def card(person: Person, today: dt.date) -> dict[str, Any]:
    """Return what the card on her own page shows."""
    return {
        "facts": personpage.facts(person),
        "ways": [(_written(one), one.label) for one in queries.contacts_of([person])[person.pk]],
        "memberships": _memberships(person, today),
    }


def _written(contact: Contact) -> str:
    return folding.spaced_phone(contact.value) if contact.kind == "phone" else contact.value


def directory(person: Person, *, today: dt.date) -> dict[str, Any]:
    """Return what the directory of her branch shows her; NotFound for whoever is no member."""
    home = queries.home_of(person)
    if home is None:
        raise NotFound(_("There is nothing here that you may see."))
    listed = protection.directory()
    names = [name for _number, name in listed]
    said = ngettext(
        "%(count)d member of %(unit)s is in its directory.",
        "%(count)d members of %(unit)s are in its directory.",
        len(names),
    )
    branch = counting.goes_on_in(home.unit).pk
    called = structure.called([branch], today)[branch].name
    return {
        "today": today,
        "headline": said % {"count": len(names), "unit": called},
        "names": names,
        "herself": person.pk in {number for number, _name in listed},
        "under_age": person.minor and protection.has_consent(person, "directory"),
    }


def _memberships(person: Person, today: dt.date) -> list[str]:
    """Return her memberships as sentences, the newest first."""
    held = list(Membership.objects.filter(person=person, recorded__upper_inf=True).order_by("-valid"))
    kinds = listpage.status_words()
    units = structure.called(sorted({one.unit_id for one in held}), today)
    return [_sentence(one, kinds[one.kind_id], units[one.unit_id].name) for one in held]


def _sentence(one: Membership, kind: str, unit: str) -> str:
    language = get_language() or "en"
    words = {
        "kind": figures.capitalised(kind),
        "unit": unit,
        "first": figures.day(one.valid.lower, language),
        "last": figures.day(one.valid.upper, language) if one.valid.upper else "",
    }
    if one.home and one.valid.upper is None and one.entry_flow == "opening":
        return _("%(kind)s, %(unit)s, since %(first)s or earlier") % words
    if one.home and one.valid.upper is None:
        return _("%(kind)s, %(unit)s, since %(first)s") % words
    if one.home:
        return _("%(kind)s, %(unit)s, from %(first)s until %(last)s") % words
    if one.valid.upper is None:
        return _("Guest, %(unit)s, since %(first)s") % words
    return _("Guest, %(unit)s, from %(first)s until %(last)s") % words
