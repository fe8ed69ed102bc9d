"""Ties, bounds, thresholds and refusals, each by a sentence."""

from fractions import Fraction

import pytest

from groundswell.calc.apportionment import RULES, Award, Tie, apportion, modified_sainte_lague
from groundswell.calc.errors import CalcError, InputError, RuleError
from groundswell.calc.tally.ties import Decisions, Lots

THREE = {"A": 50, "B": 50, "C": 20}


def refusal(votes, seats, method, **options: object):
    with pytest.raises(CalcError) as caught:
        apportion(votes, seats, method, **options)
    return caught.value.message


def test_every_seat_names_its_claim_and_the_next_in_line():
    result = apportion({"A": 100, "B": 80, "C": 30}, 3, "dhondt")
    assert result.awards == (
        Award(unit=0, nth=1, by="quotient", claim=1, rival=1, rival_claim=1),
        Award(unit=1, nth=1, by="quotient", claim=1, rival=0, rival_claim=2),
        Award(unit=0, nth=2, by="quotient", claim=2, rival=1, rival_claim=2),
    )
    assert result.claim(0, 2) == 50


def test_a_tie_for_the_last_seat_is_named_and_left_open():
    result = apportion(THREE, 3, "dhondt")
    assert result.ties == (Tie(units=(0, 1), claims=(2, 2), seats=1),)
    assert (result.seats, result.undecided) == ((1, 1, 0), 1)


def test_equal_claims_that_both_win_a_seat_are_no_tie():
    result = apportion(THREE, 4, "dhondt")
    assert (result.seats, result.ties) == ((2, 2, 0), ())


def test_a_list_of_decisions_gives_the_tied_seat_to_the_earlier_name():
    result = apportion(THREE, 3, "dhondt", decider=Decisions(("B", "A")))
    assert result.seats == (1, 2, 0)
    assert result.ties[0].winners == (1,)
    assert result.awards[-1] == Award(1, 2, "quotient", 2, rival=0, rival_claim=2, tied=True)


def test_a_list_that_does_not_name_everybody_in_the_tie_decides_nothing():
    assert apportion(THREE, 3, "dhondt", decider=Decisions(("B",))).undecided == 1


def test_lots_are_repeatable_and_print_their_digests():
    lots = Lots("Vienna, 1 May")
    tie = apportion(THREE, 3, "dhondt", decider=lots).ties[0]
    first = min("AB", key=lots.digest)
    assert tie.winners == ("AB".index(first),)
    assert lots.digest("A")[:16] in tie.because


def test_three_units_can_tie_for_two_seats():
    result = apportion({"A": 7, "B": 7, "C": 7}, 5, "hare")
    assert result.ties == (Tie((0, 1, 2), (2, 2, 2), 2),)
    assert result.seats == (1, 1, 1)


def test_exact_quotas_under_hagenbach_bischoff_that_give_a_seat_too_many_are_a_tie():
    result = apportion({"A": 10, "B": 20}, 2, "hagenbach-bischoff")
    assert (result.quota, result.seats, result.undecided) == (10, (0, 1), 1)
    assert result.ties[0].units == (0, 1)


def test_claims_that_differ_in_the_fortieth_digit_are_not_equal():
    votes = {"A": 10**40, "B": 10**40 + 1}
    for method in RULES:
        result = apportion(votes, 3, method)
        assert (result.seats, result.ties) == ((1, 2), ()), method


def test_the_threshold_counts_all_votes_and_lets_in_who_reaches_it_exactly():
    votes = {"A": 90, "B": 5, "C": 5}
    assert apportion(votes, 20, "hare", threshold=5).seats == (18, 1, 1)
    assert apportion(votes, 20, "hare", threshold=Fraction(51, 10)).seats == (20, 0, 0)


def test_an_exempt_unit_passes_below_the_threshold():
    votes = {"A": 90, "B": 5, "C": 5}
    result = apportion(votes, 20, "hare", threshold=6, exempt=["B"])
    assert result.seats == (19, 1, 0)
    assert result.excluded == (2,)


def test_a_unit_below_the_threshold_has_no_minimum():
    assert apportion({"A": 97, "B": 3}, 5, "dhondt", threshold=5, minimum=1).seats == (5, 0)


def test_a_unit_without_votes_has_the_minimum_and_no_claim():
    for method in RULES:
        assert apportion({"A": 9, "B": 0}, 5, method).seats == (5, 0), method
        assert apportion({"A": 9, "B": 0}, 5, method, minimum=2).seats == (3, 2), method


def test_bounds_can_differ_by_unit():
    votes = {"A": 80, "B": 15, "C": 5}
    result = apportion(votes, 10, "sainte-lague", minimum={"C": 2}, maximum={"A": 5})
    assert result.seats == (5, 3, 2)


def test_a_minimum_that_takes_too_much_strikes_the_quota_anew():
    small = {f"u{number}": 1 for number in range(10)}
    result = apportion({"A": 610, "B": 190} | small, 20, "hare", minimum=1)
    assert result.seats == (8, 2, *[1] * 10)
    assert result.quota == 80


def test_a_maximum_that_frees_many_seats_strikes_the_quota_anew():
    assert apportion({"A": 900, "B": 60, "C": 40}, 10, "hare", maximum=4).seats == (4, 4, 2)


def test_base_seats_come_first_and_the_rule_shares_the_rest():
    votes = {"A": 100, "B": 50, "C": 10}
    result = apportion(votes, 12, "dhondt", base=2)
    rest = apportion(votes, 6, "dhondt")
    assert result.seats == tuple(2 + seats for seats in rest.seats)
    assert [award.by for award in result.awards[:6]] == ["base"] * 6
    assert result.awards[6].nth == 3


def test_the_cambridge_compromise_is_a_base_of_five_and_adams():
    votes = {"big": 80_000, "small": 400}
    assert apportion(votes, 100, "adams", base=5, maximum=96).seats == (94, 6)


def test_the_first_divisor_keeps_small_parties_out():
    votes = {"A": 53, "B": 40, "C": 7}
    assert apportion(votes, 8, "sainte-lague").seats == (4, 3, 1)
    assert apportion(votes, 8, "modified-sainte-lague").seats == (5, 3, 0)
    assert apportion(votes, 8, modified_sainte_lague(Fraction(6, 5))).seats == (5, 3, 0)
    assert apportion(votes, 8, modified_sainte_lague(Fraction(11, 10))).seats == (4, 3, 1)


@pytest.mark.parametrize("method", ["adams", "huntington-hill", "dean"])
def test_rules_that_seat_everybody_refuse_a_house_that_is_too_small(method):
    sentence = refusal({"A": 5, "B": 3, "C": 1}, 2, method)
    assert "at least 1 seat, which takes 3, and there are 2" in sentence
    assert apportion({"A": 5, "B": 3, "C": 1}, 3, method).seats == (1, 1, 1)


@pytest.mark.parametrize(
    ("votes", "seats", "options", "sentence"),
    [
        ({}, 5, {}, "there is no unit to share seats among."),
        ({"A": 0, "B": 0}, 5, {}, "no unit has a vote, so no rule can share out the seats."),
        ({"A": 1}, 0, {}, "the number of seats is 0; there must be at least 1."),
        ({"A": 1}, -3, {}, "the number of seats is -3; there must be at least 1."),
        ({"A": 1}, 10**9, {}, "the number of seats is 1000000000; at most 100000 can be shared out."),
        ({"A": -1}, 5, {}, "the votes of “A” are -1; votes are 0 or more."),
        ({"A": 1.5}, 5, {}, "the votes of “A” are 1.5; votes are whole numbers."),
        ({"A": True}, 5, {}, "the votes of “A” are True; votes are whole numbers."),
        ({"A": 10**100}, 5, {}, "the votes of “A” have more than 100 digits."),
        ({" ": 1}, 5, {}, "a unit has no name."),
        ({"A\n": 1}, 5, {}, "the name 'A\\n' holds a control character or half a character."),
        (
            {"é": 1, "e\u0301": 2},
            5,
            {},
            ("“é” and “e\u0301” cannot be told apart: give each unit its own name."),
        ),
        (
            {"A": 1, "B": 1},
            5,
            {"threshold": 60},
            ("the threshold excludes every unit, so there is nobody to share seats among."),
        ),
        ({"A": 1}, 5, {"threshold": 101}, "the threshold is 101 per cent; it lies between 0 and 100."),
        ({"A": 1}, 5, {"exempt": ["Z"]}, "“Z” is to be free of the threshold, but is no unit here."),
        (
            {"A": 1, "B": 1},
            5,
            {"minimum": 3},
            (
                "the minimum (or base) of all 2 units together is 6 seats, and "
                "there are 5: lower it, or share out more seats."
            ),
        ),
        (
            {"A": 1, "B": 1},
            5,
            {"maximum": 2},
            (
                "the units with votes can hold at most 4 seats together, and there "
                "are 5: raise the maximum, or share out fewer seats."
            ),
        ),
        (
            {"A": 1},
            5,
            {"minimum": 3, "maximum": 2},
            ("the minimum of “A”, 3, is above its maximum (or the house), 2."),
        ),
        ({"A": 1}, 5, {"minimum": {"Z": 1}}, "there is a minimum for “Z”, which is no unit here."),
        ({"A": 1}, 5, {"base": -1}, "the base is -1 seats; it must be 0 or more."),
        (
            {"A": 1},
            5,
            {"base": 2, "maximum": 1},
            ("the base of 2 seats is above the maximum: lower one or raise the other."),
        ),
    ],
)
def test_what_cannot_be_shared_is_refused_in_a_sentence(votes, seats, options, sentence):
    for method in RULES:
        assert refusal(votes, seats, method, **options) == sentence


def test_an_unknown_rule_is_refused_with_the_names_there_are():
    assert refusal({"A": 1}, 1, "webster").startswith("there is no rule “webster”; there are dhondt, ")


@pytest.mark.parametrize("first", [Fraction(0), Fraction(3), Fraction(-1)])
def test_a_first_divisor_beyond_the_second_is_refused(first):
    with pytest.raises(RuleError, match="must lie above 0 and below 3"):
        modified_sainte_lague(first)


def test_one_unit_takes_the_whole_house():
    for method in RULES:
        result = apportion({"Only": 3}, 7, method)
        assert (result.seats, result.awards[-1].rival) == ((7,), None)


def test_a_refusal_of_input_is_told_from_one_of_the_rule():
    with pytest.raises(InputError):
        apportion({"A": -1}, 1, "hare")
    with pytest.raises(RuleError):
        apportion({"A": 0}, 1, "hare")
