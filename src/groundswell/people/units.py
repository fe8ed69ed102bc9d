"""What this room tells the pages of units: who is there, who may go over, whether anybody is known."""

import datetime as dt
from collections.abc import Sequence

from django.db import connection
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.access import rights
from groundswell.access.actor import Actor
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.people.models import Asking, Membership
from groundswell.people.personpage import shown_names
from groundswell.structure import counting
from groundswell.structure.actions import Deed
from groundswell.structure.models import Unit
from groundswell.structure.queries import Named, protected_among


def members_to_choose(actor: Actor, unit: Unit) -> Sequence[tuple[int, str]]:
    """Return the members of a unit, each as the key of her membership and what she is called, with her town.

    By name; none without the right. Of somebody in a protected unit the town is not told either. Those who
    came with a unit that was merged into it are members of it as well.
    """
    if not rights.may(actor, "people.decide", unit):
        return ()
    members = (
        Membership.objects.select_related("person__unit")
        .filter(unit__in=counting.with_merged(unit, clock.today_in(unit.time_zone)))
        .filter(home=True, recorded__upper_inf=True, valid__upper_inf=True)
        .order_by("person__sort_key", "pk")
    )
    persons = [one.person for one in members]
    names, discreet = shown_names(persons), protected_among([one.unit for one in persons])
    towns = {one.pk: "" if one.unit_id in discreet else one.town for one in persons}
    return [
        (one.pk, " · ".join(filter(None, (names[one.person_id], towns[one.person_id])))) for one in members
    ]


def unanswered(actor: Actor, deed: Deed) -> Sequence[str]:
    """Return for a preview how many requests a dissolved unit would leave, where none is accepted."""
    if deed.what != "dissolved" or not rights.may(actor, "people.decide", deed.unit):
        return []
    count = Asking.objects.filter(unit=deed.unit, decided_at=None).count()
    left = ngettext(
        "%(count)d request waits there: answer it first, afterwards it can only be refused.",
        "%(count)d requests wait there: answer them first, afterwards they can only be refused.",
        count,
    )
    return [left % {"count": count}] if count else []


def people_panel(actor: Actor, unit: Unit, on: dt.date) -> SafeString:
    """Return the way to the people of a unit and how many guests it has; nothing without that right."""
    if not rights.may(actor, "people.names", unit):
        return SafeString("")
    guests = Membership.objects.filter(unit=unit, home=False, recorded__upper_inf=True, valid__contains=on)
    context = {
        "code": unit.code,
        "guests": guests.count(),
        "adds": unit.dissolved_on is None and rights.may(actor, "people.edit", unit),
    }
    return render_to_string("people/_unit_people.html", context)


def refuse_known_people(unit: Unit) -> None:
    """Refuse to change whether a unit is protected once somebody is known to it or below it."""
    with connection.cursor() as cursor:
        cursor.execute("select people_known_in(%s, %s)", [unit.pk, []])
        (known,) = cursor.fetchone()
    if known:
        sentence = _(
            "People are known in %(unit)s or below it already; whether a unit is protected is chosen before "
            "the first of them."
        )
        raise Refusal(sentence % {"unit": Named(unit)}, field="protected", code="has-people")
