"""What surrounds every page: the organisation's name and accent, the chief pages, who is signed in."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from groundswell.access import rights
from groundswell.access.actor import Actor
from groundswell.access.doors import actor_of
from groundswell.accounts.words import office_names
from groundswell.kernel import clock
from groundswell.site import front, trail
from groundswell.web import marks, problems

PRODUCT: Final = "Groundswell"


@dataclass(frozen=True, slots=True)
class Item:
    """A chief page in the side bar and at the thumb."""

    label: str
    href: str
    icon: str
    current: bool


@dataclass(frozen=True, slots=True)
class Who:
    """Who is signed in, and by which offices."""

    name: str
    offices: str


@dataclass(frozen=True, slots=True)
class House:
    """All that the base template needs."""

    name: str
    language: str
    direction: str
    languages: tuple[tuple[str, str], ...]
    appearance: str
    theme_href: str
    here: str
    today: dt.date
    time_zone: str
    simulated: bool
    nav: tuple[Item, ...]
    beside: tuple[Item, ...]
    who: Who | None
    sign_in_href: str
    people_href: str
    source_href: str


def context(request: HttpRequest) -> dict[str, Any]:
    """Return the context of every page; nothing is read until a template asks."""
    return {"house": SimpleLazyObject(lambda: house(request))}


def house(request: HttpRequest) -> House:
    """Return what surrounds this page."""
    actor = actor_of(request)
    signed_in = actor.account_id is not None
    language = get_language() or "en"
    sign_in = reverse("accounts:sign-in")
    today = clock.today()
    return House(
        name=front.organisation_name() or PRODUCT,
        language=language,
        direction="rtl" if get_language_bidi() else "ltr",
        languages=tuple(settings.LANGUAGES),
        appearance=problems.appearance(request),
        theme_href=problems.theme_href(),
        here=request.get_full_path(),
        today=today,
        time_zone=actor.time_zone,
        simulated=marks.simulated_after(today) is not None,
        nav=navigation(request) if signed_in else (),
        beside=beside(request) if signed_in else (),
        who=Who(actor.name, offices(actor)) if signed_in else None,
        sign_in_href="" if signed_in or request.path == sign_in else sign_in,
        people_href=reverse("people:list") if rights.may_by_office(actor, "people.names") else "",
        source_href=reverse("source") if settings.DEMO else "",
    )


def navigation(request: HttpRequest) -> tuple[Item, ...]:
    """Return the chief pages; each of them is there for whoever sees it."""
    actor = actor_of(request)
    people = (_("People"), reverse("people:list"), "person")
    figures = rights.may_by_office(actor, "reports.read")
    pages = (
        (True, (_("Today"), reverse("home"), "today")),
        (rights.may_by_office(actor, "people.names"), people),
        (figures and not rights.may_by_office(actor, "people.names"), _map()),
        (True, (_("Units"), reverse("structure:tree"), "units")),
        (figures, (_("Report"), reverse("reports:report"), "report")),
    )
    return _items(request, tuple(page for hers, page in pages if hers))


def _map() -> tuple[str, str, str]:
    """Return the map: a chief page for whoever has no list of people, beside them for the others."""
    return (_("Map"), reverse("reports:map"), "map")


def beside(request: HttpRequest) -> tuple[Item, ...]:
    """Return the pages beside the chief ones: her own data for everybody, others by her office."""
    offices_held = {one.office for one in actor_of(request).mandates}
    pages: tuple[tuple[str, str, str], ...] = ((_("My data"), reverse("protection:me"), "known"),)
    if offices_held:
        pages = (_map(), *pages, (_("Offices"), reverse("offices:list"), "shield"))
    if "dpo" in offices_held:
        pages = (*pages, (_("Data protection"), reverse("protection:officer"), "shield"))
    elif "auditor" in offices_held:
        pages = (*pages, (_("Breaches"), reverse("protection:breaches"), "shield"))
    if "auditor" in offices_held:
        pages = (*pages, (_("Samples"), reverse("protection:samples"), "person"))
    if trail.LED & offices_held:
        pages = (*pages, (_("Trail"), reverse("trail"), "trail"))
    return _items(request, pages)


def _items(request: HttpRequest, pages: tuple[tuple[str, str, str], ...]) -> tuple[Item, ...]:
    here = request.path
    return tuple(
        Item(label, href, icon, here == href or (href != "/" and here.startswith(href)))
        for label, href, icon in pages
    )


def offices(actor: Actor) -> str:
    """Return the actor's offices as a line: 'secretary'."""
    names = office_names()
    return ", ".join(dict.fromkeys(names.get(one.office, one.office) for one in actor.mandates))
