"""Who is found twice and who is not: people as they stand in lists, and what must hold of every list."""

import random

import pytest
from hypothesis import strategies as st

from groundswell.calc.errors import InputError
from groundswell.calc.matching import People, find
from groundswell.calc.matching.closing import closed
from groundswell.calc.matching.people import folded
from sampling import sampled

COLUMNS = ("given", "family", "born", "email", "phone", "street", "town", "postcode", "region")
_CELLS = {
    "given": ["", "Anna", "Ana", "Otto", "Jürgen", "A."],
    "family": ["", "Berg", "Berk", "Lindqvist", "Ñuñez"],
    "born": ["", "1980-02-03", "03.02.1980", "1980-03-02", "1975-12-24"],
    "email": ["", "anna@example.org", "ANNA@example.org", "otto@example.org"],
    "phone": ["", "+43 660 1234567", "0660 1234567", "0660 7654321"],
    "street": ["", "Lange Gasse 12", "Lange G. 12", "Am Hof 3"],
    "town": ["", "Graz", "Gratz", "Linz"],
    "postcode": ["", "8010", "8001", "4020"],
    "region": ["", "Steiermark", "Oberösterreich"],
}
_ROW = st.tuples(*(st.sampled_from(_CELLS[column]) for column in COLUMNS))
_ROWS = st.lists(_ROW, min_size=0, max_size=25)


def _people(rows: list[tuple[str, ...]], ids: list[str] | None = None) -> People:
    names = ids if ids is not None else [str(number) for number in range(len(rows))]
    return People(names, {column: [row[at] for row in rows] for at, column in enumerate(COLUMNS)})


def _pairs(people: People, others: People | None = None) -> list[tuple[str, str]]:
    return [(one, other) for one, other, _score in find(people, others).pairs]


def _of(**columns: list[str]) -> People:
    return People([str(number) for number in range(len(next(iter(columns.values()))))], columns)


ANNA = (
    "Anna",
    "Berg",
    "1980-02-03",
    "anna@example.org",
    "+43 660 1234567",
    "Lange Gasse 12",
    "Graz",
    "8010",
    "",
)
AGAIN = ("Ana", "Berg", "3.2.1980", "", "0660 1234567", "Lange Gasse 12", "Gratz", "8010", "")
OTTO = ("Otto", "Berg", "1982-07-19", "", "", "Lange Gasse 12", "Graz", "8010", "")


def test_somebody_written_down_twice_is_found_in_a_list_of_two() -> None:
    assert _pairs(_people([ANNA, AGAIN])) == [("0", "1")]


def test_two_of_one_household_are_two() -> None:
    assert _pairs(_people([ANNA, OTTO])) == []
    with_her_phone = (*OTTO[:3], *ANNA[3:5], *OTTO[5:])
    assert _pairs(_people([ANNA, with_her_phone])) == []
    assert _pairs(_people([ANNA, with_her_phone, AGAIN])) == [("0", "2")]


def test_names_that_changed_places_and_whole_names_are_met() -> None:
    born, street = ["1980-02-03"] * 2, ["Lange Gasse 12"] * 2
    turned = _of(given=["Anna", "Berg"], family=["Berg", "Anna"], born=born, street=street)
    assert _pairs(turned) == [("0", "1")]
    assert _pairs(_of(name=["Anna Berg", "BERG, Anna"], born=born)) == [("0", "1")]


def test_a_rare_name_says_more_than_a_frequent_one() -> None:
    given, family = ["Anna"] * 300 + ["Oyelaran"] * 2, ["Gruber"] * 300 + ["Quisling"] * 2
    towns = [f"Town {chr(97 + number % 26)}{chr(97 + number // 26)}" for number in range(300)] + ["Graz"] * 2
    assert _pairs(_of(given=given, family=family, town=towns)) == [("300", "301")]


def test_what_says_nothing_pairs_nobody() -> None:
    assert find(_of(given=[], family=[])).pairs == ()
    assert find(_of(given=["Anna"])).pairs == ()
    assert find(_of(given=["", "", ""])).pairs == ()
    assert find(_of(region=["Tyrol", "Tyrol"])).pairs == ()


def test_an_id_that_stands_twice_is_refused() -> None:
    with pytest.raises(InputError, match=r"The id “7” stands in two rows"):
        People(["7", "8", "7"], {"given": ["Anna", "Otto", "Eva"]})
    with pytest.raises(InputError, match=r"has 1 cells for 2 rows"):
        People(["7", "8"], {"given": ["Anna"]})
    with pytest.raises(InputError, match=r"no column “shoe”"):
        People(["7"], {"shoe": ["42"]})


def test_cells_are_folded_alike_however_they_are_written() -> None:
    cells = folded(
        [
            _of(
                given=["  JÜRGEN ", "Zoe\nMaria", "Łucja"],
                family=["O’Brien", "van-der Berg", "Straße"],
                born=["1980-02-03", "03.02.1980", "2/13/1980"],
                email=["A@Example.org", "nothing", ""],
                phone=["+43 660 123 45 67", "0660/1234567", "12"],
                postcode=["SW1A 1AA", "sw1a1aa", ""],
            )
        ]
    )
    assert cells["given"] == ["jurgen", "zoe maria", "lucja"]
    assert cells["family"] == ["obrien", "van der berg", "strasse"]
    assert cells["born"] == ["19800203", "19800203", "19800213"]
    assert cells["email"] == ["a@example.org", "", ""]
    assert cells["phone"] == ["601234567", "601234567", ""]
    assert cells["postcode"] == ["sw1a1aa", "sw1a1aa", ""]


def test_who_is_one_with_one_of_two_is_one_with_both_as_far_as_the_doubts_allow() -> None:
    found = closed({(0, 1): 0.9, (1, 2): 0.8, (2, 3): 0.6}, 0.5)
    assert {pair: round(score, 6) for pair, score in found.items()} == {
        (0, 1): 0.9,
        (1, 2): 0.8,
        (2, 3): 0.6,
        (0, 2): 0.7,
    }
    assert closed({(0, 1): 0.7, (1, 2): 0.7}, 0.5) == {(0, 1): 0.7, (1, 2): 0.7}


@sampled(12, 200, _ROWS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(rows: list[tuple[str, ...]], chance: random.Random) -> None:
    ids = [f"p{number}" for number in range(len(rows))]
    first = find(_people(rows, ids))
    order = list(range(len(rows)))
    chance.shuffle(order)
    assert find(_people([rows[at] for at in order], [ids[at] for at in order])) == first
    for one, other, score in first.pairs:
        assert one < other
        assert first.threshold <= score <= 1


@sampled(12, 200, _ROWS, _ROWS)
def test_two_lists_answer_alike_from_both_sides(
    rows: list[tuple[str, ...]], others: list[tuple[str, ...]]
) -> None:
    here, there = _people(rows), _people(others)
    forth = {(one, other): score for one, other, score in find(here, there).pairs}
    back = {(other, one): score for one, other, score in find(there, here).pairs}
    assert forth == back
    assert all(one in here.ids and other in there.ids for one, other in forth)


@sampled(12, 200, st.lists(st.tuples(*[st.text(max_size=30)] * len(COLUMNS)), max_size=8))
def test_no_writing_breaks_it(rows: list[tuple[str, ...]]) -> None:
    people = _people(rows)
    assert find(people) == find(people)
    assert all(one != other for one, other, _score in find(people).pairs)
    assert all(len(column) == len(rows) for column in folded([people]).values())


def test_a_thousand_rows_that_all_say_the_same_do_not_make_half_a_million_pairs() -> None:
    found = find(_people([ANNA] * 1_000))
    assert len(found.pairs) < 100_000
