"""Memberships as they are believed, how a unit counts them, and to which units somebody comes besides."""

import datetime as dt
from collections.abc import Collection

from django.db import connection
from django.db.models import DateField, Func, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from groundswell.access import rights
from groundswell.access.actor import Actor
from groundswell.access.reach import within_reach
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.kernel.periods import days
from groundswell.kernel.saying import said as day_said
from groundswell.people import rules
from groundswell.people.models import Asking, Counting, Membership, Person, SectionRule, Standing
from groundswell.structure import queries as structure
from groundswell.structure.models import Unit


def open_memberships(keys: Collection[int]) -> list[Membership]:
    """Return memberships that are believed and have not ended, in this order, or say that one changed."""
    believed = believed_memberships(keys)
    for membership in believed:
        if membership.valid.upper is not None:
            sentence = _("This membership already ended on %(day)s.")
            raise Refusal(sentence % {"day": day_said(membership.valid.upper)}, code="already-ended")
    return believed


def believed_membership(pk: int) -> Membership:
    """Return a membership that is believed, or say that it was corrected meanwhile."""
    (membership,) = believed_memberships([pk])
    return membership


def believed_memberships(keys: Collection[int]) -> list[Membership]:
    """Return memberships that are believed, in this order, or say that one was corrected meanwhile."""
    found = Membership.objects.select_related("unit", "person").filter(recorded__upper_inf=True).in_bulk(keys)
    if len(found) != len(keys):
        raise Refusal(
            _("This membership was corrected meanwhile; open the person again to see how it stands."),
            code="superseded",
        )
    return [found[key] for key in keys]


def guest_stay(person: Person, key: int) -> Membership:
    """Return a stay as a guest that has no end yet, as far as the session sees it; NotFound else."""
    held = Membership.objects.select_related("unit", "person").filter(person=person, pk=key, home=False)
    stay = held.filter(recorded__upper_inf=True, valid__upper_inf=True).first()
    if stay is None:
        raise NotFound(_("There is nothing here that you may see."))
    return stay


def lapsing(section: Unit, *, months: int, today: dt.date) -> QuerySet[Membership]:
    """Return the home memberships of a section that lapse today where so many months are given.

    Nobody lapses of whom it is not known until when she has paid, nor who joined, or joined again, in these
    months: what she had paid before says nothing of her as a member anew. She may have joined in another
    section, where the actor does not see it: so the database is asked (migration 0031).
    """
    last = rules.months_before(today, months)
    believed = Membership.objects.filter(home=True, recorded__upper_inf=True)
    unpaid = Standing.objects.filter(superseded_at=None, paid_until__lt=last)
    anew = RawSQL("select people_joined_since(%s)", [last])  # nosec B611 - a constant
    in_section = Q(unit__section_id=section.pk) | Q(unit=section.pk, unit__section_id=None)
    return believed.filter(
        in_section,
        valid__upper_inf=True,
        valid__startswith__lt=today,
        person_id__in=unpaid.values("person_id"),
    ).exclude(person_id__in=anew)


def not_lapsed(actor: Actor, today: dt.date) -> list[Person]:
    """Return who should have lapsed before last night and has not, among those the actor decides about."""
    tops = rights.tops(actor, "people.decide")
    found: dict[int, Person] = {}
    for rule in SectionRule.objects.select_related("unit").filter(lapse_months__isnull=False):
        section = rule.unit
        if any(top.startswith(section.path) or section.path.startswith(top) for top in tops):
            night = today - dt.timedelta(days=1)
            held = lapsing(section, months=rule.lapse_months or 0, today=night).select_related("person")
            found |= {one.person_id: one.person for one in held.filter(within_reach(actor, "people.decide"))}
    return [found[key] for key in sorted(found)]


def refuse_by_number(unit: Unit, start: dt.date, end: dt.date | None = None) -> None:
    """Refuse memberships of a unit that reports by number on a day of [start, end)."""
    if Counting.objects.filter(unit=unit, valid__overlap=days(start, end)).exists():
        sentence = _("%(unit)s reports by number on %(day)s; file a return instead of entering persons.")
        name = structure.called([unit.pk], start)[unit.pk].name
        words = {"unit": name, "day": day_said(start)}
        raise Refusal(sentence % words, field="unit", code="by-number")


def refuse_members_from(unit: Unit, day: dt.date) -> None:
    """Refuse the end of a unit in which somebody is a member or guest, or counted, on `day` or later."""
    with connection.cursor() as cursor:
        cursor.execute("select people_still_in(%s, %s)", [unit.pk, day])
        (still_in,) = cursor.fetchone()
    if still_in:
        sentence = _("%(unit)s still has members or guests on %(day)s; let them leave, move or merge first.")
        said = sentence % {"unit": structure.Named(unit), "day": day_said(day)}
        raise Refusal(said, field="day", code="has-members")


def counts(kind: str, unit: Unit) -> bool:
    """Return whether a home membership of this kind counts in the unit, by its section's rule."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select coalesce(r.counts, k.counts) from people_membershipkind k
            left join people_countingrule r on r.kind_id = k.code and r.section_id = %s where k.code = %s""",
            [unit.section_id, kind],
        )
        row = cursor.fetchone()
    if row is None:
        sentence = _("There is no kind of membership “%(kind)s”.") % {"kind": kind[:60]}
        raise Refusal(sentence, field="kind", code="no-kind")
    return bool(row[0])


def comes_to(person: Person) -> list[Unit]:
    """Return the units to which she comes: as a guest by now, or because she asks for a transfer."""
    by_now = Func(function="org_latest_day", output_field=DateField())
    guest = Membership.objects.filter(
        person=person, home=False, recorded__upper_inf=True, valid__contains=by_now
    )
    asks = Asking.objects.filter(person=person, kind="transfer", decided_at=None)
    keys = [*guest.values_list("unit", flat=True), *asks.values_list("unit", flat=True)]
    return list(Unit.objects.filter(pk__in=keys))
