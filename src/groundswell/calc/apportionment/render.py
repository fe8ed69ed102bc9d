"""How an apportionment is shown: as plain data for JSON, and as text for a hall.

Figures that are not whole are cut off, never rounded up; where two of them decide a seat and look alike,
more decimals are shown until they differ.
"""

from fractions import Fraction
from math import isqrt
from typing import Final

from groundswell.calc.apportionment.result import Apportionment, Award, Tie
from groundswell.calc.apportionment.rules import TIMES, QuotaRule, QuotientRule
from groundswell.calc.tally.result import decimal_string

PLACES: Final = 4
MOST_PLACES: Final = 400  # more than any two claims on 100 digits need to look different


def as_json(result: Apportionment) -> dict[str, object]:
    """Give the result as plain data: the keys of the contract first, then the rest of the working."""
    return {
        "method": result.method,
        "seats": result.by_name(),
        "undecided": result.undecided,
        "house": result.house,
        "votes": sum(result.votes),
        "quota": None if result.quota is None else _quota(result.quota),
        "ties": [_tie(result, tie) for tie in result.ties],
        "excluded": [result.names[unit] for unit in result.excluded],
        "notes": [*result.notes, *result.sentences],
        "reasons": [_reason(result, seat, award) for seat, award in enumerate(result.awards, 1)],
    }


def _quota(quota: Fraction) -> str:
    return str(quota.numerator) if quota.denominator == 1 else decimal_string(quota, PLACES)


def _reason(result: Apportionment, seat: int, award: Award) -> dict[str, object]:
    name = result.names[award.unit]
    reason: dict[str, object] = {"seat": seat, "unit": name, "unit_seat": award.nth, "by": award.by}
    if not award.claim or award.by == "whole quota":
        return reason | {"value": None, "next": None, "sentence": _plain(result, award)}
    mine = result.claim(award.unit, award.claim)
    other = None if award.rival is None else result.claim(award.rival, award.rival_claim)
    shown, rival_shown = _apart(result, mine, other)
    working = _working(result, award.unit, award.claim)
    reason |= {"value": shown, "working": working, "next": None}
    sentence = f"{name}'s seat {award.nth}: {award.by} {_equals(working, shown)}"
    if award.rival is not None:
        rival = result.names[award.rival]
        rival_working = _working(result, award.rival, award.rival_claim)
        reason["next"] = {"unit": rival, "value": rival_shown, "working": rival_working}
        sentence += f"; next in line {rival}, {_equals(rival_working, rival_shown)}"
    if award.tied:
        sentence += "; the tie was decided (see the ties)"
    return reason | {"sentence": sentence + "."}


def _equals(working: str, shown: str) -> str:
    return shown if working.isdigit() else f"{working} = {shown}"


def _plain(result: Apportionment, award: Award) -> str:
    quota = "" if result.quota is None else _quota(result.quota)
    times = {1: "once", 2: "twice"}.get(award.claim, f"{award.claim} times")
    why = {
        "whole quota": f"its {result.votes[award.unit]} votes hold the quota of {quota} {times}",
        "base": f"one of the {result.base} base seats that every unit has",
        "minimum": "the minimum that every unit has",
        "first seat": "the first divisor of the rule is 0, so every unit with votes has a seat",
        "ratio": "a full ratio",
        "part": "a part of the ratio",
    }[award.by]
    return f"{result.names[award.unit]}'s seat {award.nth}: {why}."


def _working(result: Apportionment, unit: int, number: int) -> str:
    """Write the claim as keys on a pocket calculator."""
    votes = result.votes[unit]
    rule = result.rule
    if isinstance(rule, QuotientRule):
        above, below = rule.terms(number)
        if rule.power > 1:
            return f"{votes} ÷ √{below // above}"
        return f"{votes} ÷ {below}" if above == 1 else f"{votes} {TIMES} {above} ÷ {below}"
    if isinstance(rule, QuotaRule) and result.quota is not None and number > 1:
        return f"{votes} - {number - 1} {TIMES} {_quota(result.quota)}"
    return str(votes)


def _apart(result: Apportionment, mine: Fraction, other: Fraction | None) -> tuple[str, str]:
    """Write two claims with as many decimals as it takes to see which is larger."""
    places = PLACES
    while True:
        first = _shown(mine, places, result.claim_power())
        second = "" if other is None else _shown(other, places, result.claim_power())
        if mine == other or first != second or places > MOST_PLACES:
            return first, second
        places *= 2


def _shown(claim: Fraction, places: int, power: int) -> str:
    if power == 1:
        return decimal_string(claim, places)
    return decimal_string(Fraction(isqrt(int(claim * 100**places)), 10**places), places)


def _tie(result: Apportionment, tie: Tie) -> dict[str, object]:
    names = [result.names[unit] for unit in tie.units]
    value = _shown(result.claim(tie.units[0], tie.claims[0]), PLACES, result.claim_power())
    return {
        "units": names,
        "seats": tie.seats,
        "value": value,
        "workings": {
            name: _working(result, unit, claim)
            for name, unit, claim in zip(names, tie.units, tie.claims, strict=True)
        },
        "decided": [result.names[unit] for unit in tie.winners] or None,
        "by": tie.how,
        "sentence": tie_sentence(result, tie),
    }


def tie_sentence(result: Apportionment, tie: Tie) -> str:
    """Say who is tied for what, and what decided it or what to do."""
    names = [result.names[unit] for unit in tie.units]
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    kind = "remainders" if isinstance(result.rule, QuotaRule) else "quotients"
    seats = "the last seat" if tie.seats == 1 else f"the last {tie.seats} seats"
    sentence = f"{listed} have equal {kind} for {seats}"
    if tie.winners:
        won = ", ".join(result.names[unit] for unit in tie.winners)
        return f"{sentence}: decided for {won} by {tie.because}."
    return (
        f"{sentence}, which {'stays' if tie.seats == 1 else 'stay'} open: draw lots in public and give the "
        "names, the winner first, as a JSON list with --ties FILE, or a seed agreed beforehand with "
        "--seed TEXT."
    )


def as_text(result: Apportionment) -> str:
    """Give a table, the ties, and the reason of every seat, line by line."""
    width = max(map(len, [*result.names, "unit"]))
    total = sum(result.votes)
    lines = [f"{result.title}: {result.house} seats", ""]
    lines.append(f"{'unit':<{width}}  {'votes':>12}  {'share':>8}  seats")
    for name, votes, seats in zip(result.names, result.votes, result.seats, strict=True):
        share = decimal_string(Fraction(100 * votes, total or 1), 2) + " %"
        lines.append(f"{name:<{width}}  {votes:>12}  {share:>8}  {seats:>5}")
    lines.append(f"{'together':<{width}}  {total:>12}  {'':>8}  {sum(result.seats):>5}")
    if result.undecided:
        lines.append(f"{'open':<{width}}  {'':>12}  {'':>8}  {result.undecided:>5}")
    if result.quota is not None:
        lines += ["", f"Quota: {_quota(result.quota)} votes"]
    told = [*(tie_sentence(result, tie) for tie in result.ties), *result.notes, *result.sentences]
    lines += ["", *told] if told else []
    if not result.sentences:
        reasons = (_reason(result, seat, award) for seat, award in enumerate(result.awards, 1))
        lines += ["", *(f"{reason['seat']:>5}. {reason['sentence']}" for reason in reasons)]
    return "\n".join(lines) + "\n"
