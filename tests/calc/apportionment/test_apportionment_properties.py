"""What must hold for every apportionment, and agreement with a naive second implementation."""

import random
from itertools import pairwise

import pytest
from hypothesis import strategies as st
from naive_apportionment import DIVISORS, QUOTAS, outcomes

from groundswell.calc.apportionment import RULES, apportion
from groundswell.calc.errors import CalcError
from groundswell.calc.tally.ties import Lots
from sampling import sampled

counts = st.lists(st.integers(0, 60) | st.integers(0, 10**12), min_size=1, max_size=7)
houses = st.integers(1, 25)
LOTS = Lots("any")


def named(votes):
    return {f"u{number}": count for number, count in enumerate(votes)}


def test_the_naive_implementation_knows_every_rule():
    assert set(DIVISORS) | set(QUOTAS) == set(RULES)


def agree(method, cases, seed):
    """Compare with the naive implementation, ties included, on random small elections."""
    draw = random.Random(seed)
    tied = refused = 0
    for _ in range(cases):
        votes = [draw.randint(0, draw.choice((3, 12, 200))) for _ in range(draw.randint(1, 5))]
        seats = draw.randint(1, 9)
        expected = outcomes(votes, seats, method)
        if expected is None:
            refused += 1
            with pytest.raises(CalcError):
                apportion(named(votes), seats, method)
            continue
        result = apportion(named(votes), seats, method)
        decided = apportion(named(votes), seats, method, decider=Lots(str(seats)))
        assert decided.seats in expected
        assert bool(result.ties) == (len(expected) > 1)
        assert result.seats == tuple(map(min, zip(*expected, strict=True)))
        tied += bool(result.ties)
    assert tied > 0
    assert refused > 0


@pytest.mark.parametrize("method", RULES)
def test_a_naive_implementation_agrees_on_random_small_elections(method):
    agree(method, 120, f"normal {method}")


@pytest.mark.drill
@pytest.mark.parametrize("method", RULES)
def test_a_naive_implementation_agrees_on_ten_thousand_elections(method):
    agree(method, 10_000, f"drill {method}")


@sampled(30, 500, counts, houses, st.sampled_from(sorted(RULES)), st.integers(0, 2), st.integers(0, 3))
def test_seats_add_up_and_bounds_hold(votes, seats, method, minimum, slack):
    maximum = minimum + slack
    try:
        result = apportion(named(votes), seats, method, minimum=minimum, maximum=maximum, decider=LOTS)
    except CalcError:
        return
    assert sum(result.seats) == seats == len(result.awards)
    assert all(minimum <= have <= maximum for have in result.seats)
    assert result.undecided == 0


@sampled(30, 500, counts, houses, st.sampled_from(sorted(RULES)), st.integers(0, 2))
def test_an_open_tie_leaves_exactly_its_seats(votes, seats, method, minimum):
    try:
        result = apportion(named(votes), seats, method, minimum=minimum)
    except CalcError:
        return
    assert sum(result.seats) + result.undecided == seats
    for tie in result.ties:
        assert 0 < tie.seats < len(tie.units)


@sampled(30, 500, counts, houses, st.sampled_from(sorted(RULES)), st.randoms(use_true_random=False))
def test_the_order_of_the_units_decides_nothing(votes, seats, method, shuffler):
    units = list(named(votes).items())
    shuffled = units.copy()
    shuffler.shuffle(shuffled)
    try:
        one = apportion(dict(units), seats, method)
    except CalcError:
        with pytest.raises(CalcError):
            apportion(dict(shuffled), seats, method)
        return
    other = apportion(dict(shuffled), seats, method)
    assert one.by_name() == other.by_name()
    assert one.undecided == other.undecided


@sampled(30, 500, counts, houses, st.sampled_from(sorted(DIVISORS)), st.integers(0, 2))
def test_under_a_divisor_rule_a_larger_house_takes_a_seat_from_nobody(votes, seats, method, minimum):
    if not any(votes):
        return
    try:
        smaller = apportion(named(votes), seats, method, minimum=minimum)
    except CalcError:
        return
    larger = apportion(named(votes), seats + 1, method, minimum=minimum)
    assert all(have <= later for have, later in zip(smaller.seats, larger.seats, strict=True))


@sampled(30, 500, counts, houses)
def test_hare_gives_everybody_the_share_rounded_down_or_up(votes, seats):
    if not any(votes):
        return
    result = apportion(named(votes), seats, "hare", decider=LOTS)
    for have, count in zip(result.seats, votes, strict=True):
        assert seats * count // sum(votes) <= have <= -(-seats * count // sum(votes))


@sampled(30, 500, counts, houses, st.sampled_from(sorted(RULES)))
def test_more_votes_never_mean_fewer_seats(votes, seats, method):
    try:
        result = apportion(named(votes), seats, method, decider=LOTS)
    except CalcError:
        return
    order = sorted(zip(votes, result.seats, strict=True))
    for (fewer, low), (more, high) in pairwise(order):
        assert fewer == more or low <= high


@sampled(30, 500, counts, houses, st.sampled_from(sorted(RULES)))
def test_votes_counted_tenfold_change_nothing(votes, seats, method):
    if method == "droop":  # the one quota that is rounded to a whole vote
        return
    try:
        result = apportion(named(votes), seats, method)
    except CalcError:
        return
    assert apportion(named([10 * count for count in votes]), seats, method).seats == result.seats


@sampled(30, 500, counts, houses, st.sampled_from(sorted(RULES)))
def test_a_bound_that_nobody_breaks_changes_nothing(votes, seats, method):
    try:
        result = apportion(named(votes), seats, method)
    except CalcError:
        return
    if result.ties:
        return
    low, high = min(result.seats), max(result.seats)
    bounded = apportion(named(votes), seats, method, minimum=low, maximum=high)
    assert bounded.seats == result.seats
