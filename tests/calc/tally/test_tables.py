"""Ballots as tables: columns of candidates or columns of ranks, in and out."""

from fractions import Fraction
from io import BytesIO
from pathlib import Path

import pytest

from groundswell.calc.errors import InputError
from groundswell.calc.tally.ballots import Ballot, Election
from groundswell.calc.tally.reading import Lines
from groundswell.calc.tally.tables import election_from, read_csv, write_preferences, write_ranks


def _read(text: str, seats: int = 1) -> Election:
    return election_from(Lines(BytesIO(text.encode())), seats=seats)


def _refusal(text: str, seats: int = 1) -> str:
    with pytest.raises(InputError) as refusal:
        _read(text, seats)
    return refusal.value.message


def test_a_table_of_ranks_has_a_column_for_each_candidate() -> None:
    election = _read("Ada,Ben,Cleo\n1,2,3\n2,1,\n,,\n1,1,3\n")
    assert election.candidates == ("Ada", "Ben", "Cleo")
    assert election.ballots == (
        Ballot(1, ((0,), (1,), (2,))),
        Ballot(1, ((1,), (0,))),
        Ballot(1, ()),
        Ballot(1, ((0, 1), (), (2,))),
    )
    assert election.remarks == ("The file was read as UTF-8.", "The file was read as a table of ranks.")


def test_a_table_of_preferences_has_a_column_for_each_rank() -> None:
    election = _read("1,2,3\nBen,Ada,\nAda\nBen,,Cleo\nBen,Ada,\n", seats=2)
    assert election.candidates == ("Ben", "Ada", "Cleo")
    assert election.ballots == (
        Ballot(2, ((0,), (1,))),
        Ballot(1, ((1,),)),
        Ballot(1, ((0,), (), (2,))),
    )
    assert election.remarks[-1] == "The file was read as a table of preferences."


def test_a_column_of_weights_may_stand_first_and_other_separators_may_be_used() -> None:
    assert _read("Weight;Ada;Ben\n3;1;2\n1/2;2;1\n").ballots == (
        Ballot(3, ((0,), (1,))),
        Ballot(Fraction(1, 2), ((1,), (0,))),
    )
    assert _read("weight\t1\t2\n3\tAda\tBen\n").ballots == (Ballot(3, ((0,), (1,))),)


def test_names_with_separators_stand_in_quotation_marks() -> None:
    assert _read('"Bell, Ada",Ben\n1,2\n').candidates == ("Bell, Ada", "Ben")


WRONG = [
    ("", "line 1: the table is empty: its first line names the columns."),
    ("Ada,Ben\n", "line 1: the file holds no ballots."),
    ("Ada,,Ben\n1,2,3\n", "line 1: a column has no name; each column is a candidate."),
    ("Ada,Ada\n1,2\n", "line 1: two candidates have the same name, “Ada”: tell them apart."),
    ("Ada,Ben\n1,first\n", "line 2: “first” is no number; here stands a rank."),
    ("Ada,Ben\n1,0\n", "line 2: a rank must be at least 1."),
    ("Ada,Ben\n1,3\n", "line 2: rank 3 is beyond the 2 candidates."),
    ("Ada,Ben\n1,2,3\n", "line 2: the row has 3 cells for 2 columns."),
    ("1,2\nAda,Ada\n", "line 2: a candidate stands twice on the ballot."),
    ("weight,Ada\n0,1\n", "line 2: the weight of the ballot is 0; a weight is above 0."),
    (
        "Ada,Ben;Cleo\n1,2\n",
        "line 1: the first line has several separators: use one of comma, semicolon, tab.",
    ),
    ('Ada,Ben\n1,"2\n', "line 2: the line is no row of a table: unexpected end of data."),
]


@pytest.mark.parametrize(("text", "sentence"), WRONG)
def test_a_wrong_table_is_refused_with_the_line_and_the_reason(text: str, sentence: str) -> None:
    assert _refusal(text) == sentence


def test_more_seats_than_candidates_are_refused() -> None:
    assert _refusal("Ada,Ben\n1,2\n", seats=3) == "there are more seats (3) than candidates (2)."


ELECTION = Election(
    seats=1,
    candidates=("Ada", "Bell, Ben", "Cleo"),
    withdrawn=frozenset(),
    ballots=(Ballot(3, ((1,), (0,))), Ballot(Fraction(1, 2), ((2,), (), (0,))), Ballot(1, ())),
)


def test_both_tables_read_back_what_was_written() -> None:
    assert "".join(write_ranks(ELECTION)) == 'weight,Ada,"Bell, Ben",Cleo\n3,2,1,\n1/2,3,,1\n1,,,\n'
    assert _read("".join(write_ranks(ELECTION))).ballots == ELECTION.ballots
    written = "".join(write_preferences(ELECTION))
    assert written == 'weight,1,2,3\n3,"Bell, Ben",Ada,\n1/2,Cleo,,Ada\n1,,,\n'
    assert _read(written).candidates == ("Bell, Ben", "Ada", "Cleo")


def test_equal_rankings_go_into_a_table_of_ranks_and_are_refused_by_one_of_preferences() -> None:
    election = Election(1, ("Ada", "Ben"), frozenset(), (Ballot(1, ((0, 1),)),))
    assert "".join(write_ranks(election)) == "weight,Ada,Ben\n1,1,1\n"
    with pytest.raises(InputError, match="holds no equal rankings"):
        list(write_preferences(election))


def test_a_file_is_read_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text("Ada,Ben\r\n1,2\r\n", encoding="utf-8")
    assert read_csv(path, seats=1).ballots == (Ballot(1, ((0,), (1,))),)
