"""What merging decides: who stays, what becomes of the memberships, which details count. Pure."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext as _

from groundswell.kernel.errors import Refusal

# So many days a merge can be undone; then what undoing needs is forgotten.
UNDO_DAYS: Final = 30
# Details of which one of two is chosen; the key by which a name is sorted goes with the name.
CHOSEN: Final = ("name", "call_name", "pronoun", "town", "postcode", "languages", "minor")
_FOR_GOOD: Final = dt.date.max
# How somebody is reached: of each kind what tells her e-mails or phones apart.
Reached = Mapping[str, Sequence[bytes]]


def are_two(one: tuple[AbstractSet[str], Reached], other: tuple[AbstractSet[str], Reached]) -> bool:
    """Return whether two, each the words of a name and how she is reached, are not put before anybody.

    They are called differently, and reached differently. In a long list in which nobody stands twice the
    model takes the likest for one person: two of twenty thousand soon share a town and a given name
    (decision 0930).
    """
    (names, reached), (other_names, other_reached) = one, other
    both = reached.keys() & other_reached.keys()
    return (
        not (names <= other_names or other_names <= names)
        and bool(both)
        and all(set(reached[kind]).isdisjoint(other_reached[kind]) for kind in both)
    )


@dataclass(frozen=True, slots=True)
class Term:
    """One believed membership: whose, where, as what, from `start` until `end` (None: for good).

    `entry` and `exit` are (flow, the unit on the other side, the transfer); `reason` why it ended.
    """

    pk: int
    person: int
    unit: int
    kind: str
    home: bool
    start: dt.date
    end: dt.date | None
    entry: tuple[str, int | None, int | None] = ("entry", None, None)
    exit: tuple[str, int | None, int | None] = ("exit", None, None)
    reason: str = ""

    @property
    def last(self) -> dt.date:
        """The first day after it, or the last day there is."""
        return self.end or _FOR_GOOD


@dataclass(frozen=True, slots=True)
class Plan:
    """Which memberships are withdrawn, which are made for the one who stays, and which the figures lose."""

    withdraw: tuple[Term, ...]
    make: tuple[Term, ...]
    lost: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who stays, who goes, and whose sign-in goes on: where neither signs in, that of who stays."""

    stays: int
    goes: int
    signs: int


def check_two(one: int, other: int) -> None:
    """Refuse to hold a record against itself."""
    if one == other:
        sentence = _("That is the same record. Choose another one to hold it against.")
        raise Refusal(sentence, field="who", code="same-record")


def check_gained(signs_in: str, offices: Sequence[str]) -> None:
    """Refuse that a sign-in gains offices that whoever merges may not give it."""
    if offices:
        sentence = _(
            "By merging them, %(name)s would gain what you may not give: %(offices)s. Let somebody who may"
            " give it do so first, or merge them herself."
        )
        raise Refusal(sentence % {"name": signs_in, "offices": "; ".join(offices)}, code="gains-an-office")


def outcomes(
    one: int,
    other: int,
    *,
    ever: Mapping[int, int],
    accounts: Mapping[int, dt.datetime],
    gains: Mapping[int, int],
) -> list[Outcome]:
    """Return what merging two records may come to, the better first; several where either may stay.

    Whoever holds or `ever` held an office stays, then whoever signs in, then the older. Where both held one,
    either may stay: rather the one whose sign-in `gains` fewer offices of the other, then the one who signed
    in last (`accounts` says when).
    """
    both = sorted((one, other))
    holding = [person for person in both if ever.get(person)]
    signed = [person for person in both if person in accounts]
    # Of two who both held an office, whoever signed in last; who never did comes after.
    latest = sorted(signed, key=lambda person: accounts[person], reverse=True)
    candidates = [*latest, *(person for person in both if person not in accounts)]
    if len(holding) == 1:
        candidates = holding
    elif not holding:
        candidates = (signed or both)[:1]
    found = []
    for stays in candidates:
        goes = other if stays == one else one
        signs = goes if goes in accounts and stays not in accounts else stays
        found.append(Outcome(stays, goes, signs))
    return sorted(found, key=lambda outcome: gains[outcome.signs])


def plan(terms: Sequence[Term], *, stays: int, true: int) -> Plan:
    """Return what becomes of the memberships of two records; `stays` and `true` are numbers of persons.

    Where those of both overlap, the ones of `true` stand and the others were never so; unless all of them
    say the same of one unit: then they become one, from the earliest day to the latest. Refusal where one
    half of a transfer would go and the other stay.
    """
    withdraw: list[Term] = []
    make: list[Term] = []
    lost: list[Term] = []
    standing: list[Term] = []
    for group in _overlapping(terms):
        kept = _stands(group, true)
        standing += kept
        withdraw += [one for one in group if one not in kept or one.person != stays]
        make += [replace(one, person=stays) for one in kept if one not in group or one.person != stays]
        first = group[:1] if kept[0] not in group else kept
        lost += [one for one in group if one not in first]
    _refuse_half_transfers(terms, standing)
    return Plan(tuple(withdraw), tuple(make), tuple(lost))


def at_odds(terms: Sequence[Term]) -> bool:
    """Return whether somebody has to say whose membership is true."""
    return any(len(group) > 1 and _one_fact(group) is None for group in _overlapping(terms))


def _overlapping(terms: Sequence[Term]) -> list[list[Term]]:
    """Return the terms in groups: each overlaps another of its group, none one of another group."""
    groups: list[list[Term]] = []
    for term in sorted(terms, key=_order):
        touched = [group for group in groups if any(_exclude(term, one) for one in group)]
        groups = [group for group in groups if group not in touched]
        groups.append(sorted([*(one for group in touched for one in group), term], key=_order))
    return groups


def _order(term: Term) -> tuple[dt.date, int]:
    return term.start, term.pk


def _exclude(one: Term, other: Term) -> bool:
    """Return whether one person cannot have both: two records' homes, or two of one unit, on one day."""
    return (
        one.person != other.person
        and one.start < other.last
        and other.start < one.last
        and (one.unit == other.unit or (one.home and other.home))
    )


def _stands(group: Sequence[Term], true: int) -> list[Term]:
    """Return what stands of a group: its only term, one from end to end, or those of the true record."""
    if len(group) == 1:
        return list(group)
    whole = _one_fact(group)
    return [whole] if whole is not None else [one for one in group if one.person == true]


def _one_fact(group: Sequence[Term]) -> Term | None:
    """Return the one term to which a group of one unit, kind and home amounts; None for another."""
    first = group[0]
    if any((one.unit, one.kind, one.home) != (first.unit, first.kind, first.home) for one in group):
        return None
    longest = max(group, key=lambda one: (one.last, -one.pk))
    if first.last == longest.last:
        return first
    return (
        longest
        if longest.start == first.start
        else replace(longest, pk=0, start=first.start, entry=first.entry)
    )


def _refuse_half_transfers(terms: Sequence[Term], standing: Sequence[Term]) -> None:
    """Refuse when a transfer would be left with one of its two sides."""
    before, after = _sides(terms), _sides(standing)
    if any(0 < after[transfer] < sides for transfer, sides in before.items()):
        sentence = _(
            "One of the memberships that would be taken back is half of a transfer. Put that right on her"
            " page first, then merge."
        )
        raise Refusal(sentence, code="half-a-transfer")


def _sides(terms: Sequence[Term]) -> Counter[int]:
    return Counter(
        transfer for one in terms for transfer in (one.entry[2], one.exit[2]) if transfer is not None
    )


def choose(stays: Mapping[str, Any], goes: Mapping[str, Any], taken: frozenset[str]) -> dict[str, Any]:
    """Return the details that change on the record that stays: those taken, and those it has not.

    A record under 18 makes the merged one so, until the later month where one is known: the stricter
    protection counts until somebody says otherwise.
    """
    changes = {}
    for detail in CHOSEN:
        mine, other = stays[detail], goes[detail]
        if other != mine and (detail in taken or not mine):
            changes[detail] = other
    if "name" in changes:
        changes["sort_key"] = goes["sort_key"]
    month = _under_18_until(stays, goes) if changes.get("minor", stays["minor"]) else None
    if month != stays["of_age_on"]:
        changes["of_age_on"] = month
    return changes


def _under_18_until(one: Mapping[str, Any], other: Mapping[str, Any]) -> dt.date | None:
    """Return the day from which one of two is of age, the later where both say one; None where neither."""
    known = [record["of_age_on"] for record in (one, other) if record["minor"] and record["of_age_on"]]
    return max(known, default=None)


def home_after(terms: Sequence[Term], done: Plan) -> int | None:
    """Return the unit in which she has her open home once the plan is done; None where she has none."""
    gone = {one.pk for one in done.withdraw}
    stand = [one for one in terms if one.pk not in gone] + list(done.make)
    return next((one.unit for one in stand if one.home and one.end is None), None)
