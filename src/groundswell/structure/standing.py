"""What a unit has of what a promotion asks for: "why not yet", by the rules of the whole."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.access.actor import Actor
from groundswell.structure import counting, hooks
from groundswell.structure.models import Kind, PromotionRule, Unit
from groundswell.structure.queries import called, localized


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing a promotion asks for: what there is in words, and whether it suffices."""

    what: str
    text: str
    met: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a unit is on its way to another kind."""

    unit: Unit
    to_kind: str
    conditions: tuple[Condition, ...]

    @property
    def ready(self) -> bool:
        """Return whether nothing is missing."""
        return all(one.met for one in self.conditions)

    @property
    def missing(self) -> tuple[Condition, ...]:
        """Return what is not met yet."""
        return tuple(one for one in self.conditions if not one.met)


def standings(actor: Actor, on: dt.date) -> list[Standing]:
    """Return how far each unit in reach was on a day, where a rule begins at its kind; those ready first."""
    found = _judged(list(_rules()), counting.within_reach(actor), on)
    return sorted(found, key=lambda one: (len(one.missing), one.unit.code))


def of_unit(unit: Unit, on: dt.date) -> list[Standing]:
    """Return how far a unit is on its way to every kind that a rule leads to from its own."""
    below = Unit.objects.filter(path__startswith=unit.path)
    return [one for one in _judged(list(_rules()), below, on) if one.unit == unit]


def missing_for(unit: Unit, kind: Kind, on: dt.date) -> list[Condition]:
    """Return what a unit lacks to become of a kind, by the rules to it and to each kind passed over."""
    passed = Q(to_kind__position__gt=kind.position, to_kind__position__lt=F("from_kind__position"))
    below = Unit.objects.filter(path__startswith=unit.path)
    found = _judged(list(_rules().filter(Q(to_kind=kind) | passed)), below, on)
    return list(dict.fromkeys(lack for one in found if one.unit == unit for lack in one.missing))


def _rules() -> QuerySet[PromotionRule]:
    return PromotionRule.objects.select_related("to_kind", "of_kind").order_by("id")


def _judged(rules: Sequence[PromotionRule], among: QuerySet[Unit], on: dt.date) -> list[Standing]:
    """Judge those among the units that were, on the day, of a kind that a rule begins at."""
    if not rules:
        return []
    known = list(among.filter(founded_on__lte=on))
    there = [unit for unit in known if unit.dissolved_on is None or unit.dissolved_on > on]
    kinds = {key: one.kind for key, one in called([unit.pk for unit in there], on).items()}
    starting = [unit for unit in there if kinds.get(unit.pk) in {rule.from_kind_id for rule in rules}]
    if not starting:
        return []
    counts = counting.counted([unit.pk for unit in known], counting.lies_on(on), on)
    keys = [unit.pk for unit in starting]
    elected = {unit for reading in hooks.with_elected_committee for unit in reading(keys, on)}

    def within(unit: Unit, kind: str | None) -> int:
        return sum(
            kinds.get(one.pk) == kind and one.path.startswith(unit.path) and one.pk != unit.pk
            for one in there
        )

    return [
        Standing(
            unit,
            localized(rule.to_kind.names),
            tuple(
                _conditions(
                    rule,
                    members=counts.get(unit.pk, 0),
                    units=within(unit, rule.of_kind_id),
                    committee=unit.pk in elected,
                )
            ),
        )
        for unit in starting
        for rule in rules
        if rule.from_kind_id == kinds[unit.pk]
    ]


def _conditions(rule: PromotionRule, *, members: int, units: int, committee: bool) -> Iterable[Condition]:
    if rule.members is not None:
        text = ngettext("%(have)d of %(need)d member", "%(have)d of %(need)d members", rule.members)
        yield Condition(
            "members", text % {"have": members, "need": rule.members}, met=members >= rule.members
        )
    if rule.units is not None and rule.of_kind is not None:
        text = _("%(have)d of %(need)d of the kind “%(kind)s”")
        words = {"have": units, "need": rule.units, "kind": localized(rule.of_kind.names)}
        yield Condition("units", text % words, met=units >= rule.units)
    if rule.elected_committee:
        yield Condition(
            "committee", _("an elected committee") if committee else _("no elected committee"), met=committee
        )
