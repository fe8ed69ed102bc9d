"""The one door: share out seats by a rule, with everything that decides them passed in."""

from collections.abc import Collection, Mapping
from fractions import Fraction

from groundswell.calc.apportionment.problem import Bound, Problem, pose
from groundswell.calc.apportionment.quotients import Contest, by_quotients
from groundswell.calc.apportionment.remainders import by_remainders
from groundswell.calc.apportionment.result import Apportionment, Award, By, Tie
from groundswell.calc.apportionment.rules import QuotaRule, Rule, find
from groundswell.calc.tally.result import decimal_string, places_of
from groundswell.calc.tally.ties import UNDECIDED, Decider, Lots


def apportion(  # noqa: PLR0913 - each of these is a sentence of some statute
    votes: Mapping[str, int],
    seats: int,
    rule: Rule | str,
    *,
    threshold: Fraction | int = 0,
    exempt: Collection[str] = (),
    minimum: Bound = 0,
    maximum: Bound | None = None,
    base: int = 0,
    decider: Decider = UNDECIDED,
) -> Apportionment:
    """Share out `seats` among the units of `votes` (whole numbers from 0) by `rule`.

    `threshold` is a share of all votes in per cent; whoever has at least that share takes part, and so
    do the `exempt`. `minimum` and `maximum` bound the seats of each unit that takes part, one number
    for all or one per name; a minimum is due to a unit without votes too. `base` seats go to each unit
    that takes part, and the rest is shared out by the rule.

    A tie for the last seats is left open and named in `ties`, unless `decider` puts its units in order.
    Raises `InputError` for what is no number of votes or seats, `RuleError` for what cannot be shared.
    """
    rule = find(rule) if isinstance(rule, str) else rule
    problem = pose(
        votes,
        seats,
        threshold=Fraction(threshold),
        exempt=exempt,
        minimum=minimum,
        maximum=maximum,
        base=base,
    )
    quota: Fraction | None = None
    fixed: list[int] = []
    if isinstance(rule, QuotaRule):
        contest, quota, fixed = by_remainders(problem, rule)
    else:
        contest = by_quotients(problem, rule)
    ties, decided = _settle(
        contest, problem, "remainder" if isinstance(rule, QuotaRule) else "quotient", decider
    )
    awards = (*_base(problem), *contest.awards, *decided)
    counts = [0] * len(problem.names)
    for award in awards:
        counts[award.unit] += 1
    return Apportionment(
        method=rule.name,
        title=rule.title,
        rule=rule,
        names=problem.names,
        votes=problem.votes,
        house=seats,
        seats=tuple(counts),
        awards=awards,
        ties=ties,
        excluded=tuple(unit for unit, inside in enumerate(problem.admitted) if not inside),
        base=base,
        quota=quota,
        notes=_notes(problem, fixed, Fraction(threshold)),
    )


def _base(problem: Problem) -> list[Award]:
    return [
        Award(unit, nth, "base")
        for unit, inside in enumerate(problem.admitted)
        if inside
        for nth in range(1, problem.base + 1)
    ]


def _settle(
    contest: Contest, problem: Problem, by: By, decider: Decider
) -> tuple[tuple[Tie, ...], list[Award]]:
    """Name the tie, if there is one, and give its seats if `decider` can."""
    if not contest.tied:
        return (), []
    units = tuple(unit for unit, _ in contest.tied)
    claims = tuple(claim for _, claim in contest.tied)
    names = [problem.names[unit] for unit in units]
    order = decider.order(names)
    if order is None:
        return (Tie(units, claims, contest.open_seats),), []
    places = [names.index(name) for name in order]
    won, lost = places[: contest.open_seats], places[contest.open_seats]
    awards = [
        Award(units[p], problem.base + claims[p], by, claims[p], units[lost], claims[lost], tied=True)
        for p in won
    ]
    winners = tuple(units[place] for place in won)
    return (Tie(units, claims, contest.open_seats, winners, decider.how, _because(order, decider)),), awards


def _because(order: tuple[str, ...], decider: Decider) -> str:
    if isinstance(decider, Lots):
        lots = ", ".join(f"{name} {decider.digest(name)[:16]}…" for name in order)
        return (
            f"lots with the seed “{decider.seed}”, the lowest first (the SHA-256 of the seed, a line feed "
            f"and the name, in UTF-8): {lots}"
        )
    return f"the list of decisions has the order {', '.join(order)}"


def _notes(problem: Problem, fixed: list[int], threshold: Fraction) -> tuple[str, ...]:
    per_cent = decimal_string(threshold, places_of([threshold]))
    total = sum(problem.votes)
    below, empty = [], []
    for name, votes, inside in zip(problem.names, problem.votes, problem.admitted, strict=True):
        if not inside:
            below.append(
                f"{name} is below the threshold: {votes} of {total} votes is less than {per_cent} per cent."
            )
        elif not votes:
            empty.append(f"{name} has no votes and so no claim to a seat by the rule.")
    bound = [
        f"{problem.names[unit]} is fixed at a bound and leaves with its votes before the quota is struck."
        for unit in fixed
        if problem.votes[unit] and problem.admitted[unit]
    ]
    return (*below, *bound, *empty)
