"""The seats of parliaments, as published, seat for seat."""

import json
from fractions import Fraction
from math import isqrt
from pathlib import Path

import pytest

from groundswell.calc.apportionment import apportion, find, modified_sainte_lague

DATA = Path(__file__).parents[2] / "data" / "calc" / "apportionment"
NOT_CASES = {"census-1880", "priority-1990"}
CASES = sorted(path.stem for path in DATA.glob("*.json") if path.stem not in NOT_CASES)


def read(slug):
    return json.loads((DATA / f"{slug}.json").read_text(encoding="utf-8"))


def share(case, seats=None):
    options = dict(case["options"])
    first = options.pop("first_divisor", None)
    options["threshold"] = Fraction(options.get("threshold", 0))
    rule = modified_sainte_lague(Fraction(first)) if first else find(case["method"])
    return apportion(case["units"], seats or case["seats"], rule, **options)


def test_there_are_the_published_cases_of_many_parliaments():
    assert len(CASES) == 28


@pytest.mark.parametrize("slug", CASES)
def test_the_published_seats_come_out(slug):
    case = read(slug)
    result = share(case)
    assert result.by_name() == case["published"]
    assert sum(case["published"].values()) == case["seats"]
    assert result.ties == ()


def test_the_rule_is_what_decides_the_published_seats():
    case = read("us-house-2010")
    by_webster = apportion(case["units"], 435, "sainte-lague", minimum=1).by_name()
    moved = {name: (case["published"][name], seats) for name, seats in by_webster.items()}
    moved = {name: pair for name, pair in moved.items() if pair[0] != pair[1]}
    assert moved == {"North Carolina": (13, 14), "Rhode Island": (2, 1)}


@pytest.mark.parametrize(
    ("method", "seats"),
    [
        ("adams", (9, 7, 5, 3, 2)),
        ("dean", (9, 7, 5, 4, 1)),
        ("huntington-hill", (9, 7, 6, 3, 1)),
        ("sainte-lague", (9, 8, 5, 3, 1)),
        ("dhondt", (10, 7, 5, 3, 1)),
        ("hare", (9, 7, 5, 4, 1)),
    ],
)
def test_the_example_of_balinski_and_young_parts_all_rules(method, seats):
    votes = {"A": 9061, "B": 7179, "C": 5259, "D": 3319, "E": 1182}
    assert apportion(votes, 26, method).seats == seats


def test_alabama_loses_a_seat_when_the_house_of_1880_grows():
    census = read("census-1880")
    states = ("Alabama", "Illinois", "Texas")
    smaller = apportion(census, 299, "hare", minimum=1).by_name()
    larger = apportion(census, 300, "hare", minimum=1).by_name()
    assert [smaller[state] for state in states] == [8, 18, 9]
    assert [larger[state] for state in states] == [7, 19, 10]


def test_the_census_bureaus_order_of_the_last_seats_of_1990_comes_out():
    result = share(read("us-house-1990"), seats=440)
    for seat, state, nth, value in read("priority-1990"):
        award = result.awards[seat - 1]
        assert (result.names[award.unit], award.nth) == (state, nth)
        squared = result.claim(award.unit, award.claim)
        assert (isqrt(int(4 * squared)) + 1) // 2 == value


def test_the_435th_seat_of_1990_went_to_washington_before_massachusetts():
    award = share(read("us-house-1990")).awards[-1]
    names = read("us-house-1990")["units"]
    assert (list(names)[award.unit], list(names)[award.rival]) == ("Washington", "Massachusetts")
