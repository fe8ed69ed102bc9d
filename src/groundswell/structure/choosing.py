"""What may be chosen on the pages of deeds: kinds, other units, members, a code that is free."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.rights import may
from groundswell.kernel import clock
from groundswell.structure import counting, queries, slots
from groundswell.structure.models import Kind, PromotionRule, Unit, UnitName
from groundswell.web import figures

MOST_SUGGESTED: Final = 300
# A choice of more units than these is a long scroll: then the name or the code is written instead.
MOST_CHOSEN: Final = 200
# More units than these are named by nobody who mistyped one.
MOST_MEANT: Final = 5


class Candidate(NamedTuple):
    """A unit that may be chosen."""

    unit_id: int
    code: str
    name: str


def names_today(unit: Unit) -> Mapping[str, str]:
    """Return the names of a unit of today by language."""
    period = UnitName.objects.filter(
        unit=unit, recorded__upper_inf=True, valid__contains=clock.today_in(unit.time_zone)
    ).first()
    return dict(period.names) if period else {}


def free_code(unit: Unit) -> str:
    """Return a code for a new unit in this one that nobody has yet: its own with the next number."""
    taken = set(Unit.objects.filter(code__startswith=f"{unit.code}-").values_list("code", flat=True))
    number = 1
    while f"{unit.code}-{number}" in taken:
        number += 1
    return f"{unit.code[:36]}-{number}"


def kinds_within(unit: Unit) -> list[Kind]:
    """Return the kinds that may lie within a unit of this kind, the lowest first."""
    return list(Kind.objects.filter(position__gte=unit.kind.position).order_by("-position"))


def kinds_beside(unit: Unit) -> list[Kind]:
    """Return the kinds that this unit could be of where it lies."""
    parent = Unit.objects.filter(path=unit.path.removesuffix(f"{unit.pk}/")).select_related("kind").first()
    return list(Kind.objects.filter(position__gte=parent.kind.position if parent else 0))


def likely_kind(unit: Unit, kinds: Sequence[Kind]) -> str | None:
    """Return the code of the kind, of those given, that a unit most likely becomes.

    That is the one a rule of promotion leads to, else the next above its own, else the next below.
    """
    ruled = PromotionRule.objects.filter(from_kind=unit.kind_id, to_kind__in=kinds).order_by("id").first()
    if ruled is not None:
        return str(ruled.to_kind_id)
    own = unit.kind.position
    by_distance = sorted(kinds, key=lambda one: (one.position > own, abs(one.position - own)))
    return by_distance[0].code if by_distance else None


def others(actor: Actor, unit: Unit, *, but_parent: bool) -> list[Candidate]:
    """Return the units that this one may be moved or merged into, by name: in reach, open, not below it."""
    found = counting.within_reach(actor).filter(dissolved_on=None, kind__position__lte=unit.kind.position)
    found = found.exclude(path__startswith=unit.path)
    if but_parent:
        found = found.exclude(path=unit.path.removesuffix(f"{unit.pk}/"))
    reach = [one for one in found if may(actor, "structure.change", one)]
    names = queries.called([one.pk for one in reach], clock.today())
    candidates = [Candidate(one.pk, one.code, names[one.pk].name) for one in reach if one.pk in names]
    return sorted(candidates, key=lambda one: one.name.casefold())


def chosen(candidates: Sequence[Candidate], text: str) -> int | None:
    """Return the key of the candidate of this code or name; None when there is none, or more than one."""
    wanted = text.strip()
    by_code = [one for one in candidates if one.code == wanted.upper()]
    by_name = [one for one in candidates if one.name.casefold() == wanted.casefold()]
    found = by_code or by_name
    return found[0].unit_id if len(found) == 1 else None


def close_to(candidates: Sequence[Candidate], text: str) -> list[Candidate]:
    """Return the candidates that may be meant by a text nobody is chosen by: so called, or holding it."""
    wanted = text.strip().casefold()
    called = [one for one in candidates if one.name.casefold() == wanted]
    holding = [one for one in candidates if wanted in f"{one.name}\n{one.code}".casefold()]
    return (called or holding)[:MOST_MEANT]


def which(meant: Sequence[Candidate], *, none: str) -> str:
    """Ask which of the units that may be meant it is; where there are `none`, say so."""
    if not meant:
        return none
    units = figures.listed([f"{one.name} ({one.code})" for one in meant], get_language() or "en", either=True)
    return _("Which one do you mean: %(units)s? Write its code.") % {"units": units}


def is_parent(unit: Unit, text: str) -> bool:
    """Return whether a text is the code or name of the unit that this one lies in."""
    return _is_called(Unit.objects.filter(path=unit.path.removesuffix(f"{unit.pk}/")), text)


def is_within(unit: Unit, text: str) -> bool:
    """Return whether a text is the code or name of this unit, or of one that lies in it."""
    return _is_called(Unit.objects.filter(path__startswith=unit.path, dissolved_on=None), text)


def _is_called(units: QuerySet[Unit], text: str) -> bool:
    codes = dict(units.values_list("pk", "code"))
    names = [one.name for one in queries.called(list(codes), clock.today()).values()]
    return text.strip().casefold() in {one.casefold() for one in (*codes.values(), *names)}


def members_of(actor: Actor, unit: Unit) -> list[tuple[int, str]]:
    """Return who may be chosen to go over when the unit is split."""
    return [one for slot in slots.members_of for one in slot(actor, unit)]
