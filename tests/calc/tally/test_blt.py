"""Reading and writing BLT: every dialect, and every way in which a file can be wrong."""

import tracemalloc
from fractions import Fraction
from io import BufferedReader, BytesIO, RawIOBase
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest

from groundswell.calc.errors import InputError
from groundswell.calc.tally.ballots import Ballot, Election
from groundswell.calc.tally.blt import election_from, read_blt, write_blt
from groundswell.calc.tally.reading import Lines

NAMES = '"Ada"\n"Ben"\n"Cleo"\n"A title"\n'
PLAIN = f"3 2\n3 1 2 0\n2 2 0\n0\n{NAMES}"


def _read(text: str, *, seats: int | None = None) -> Election:
    return election_from(Lines(BytesIO(text.encode())), seats=seats)


def _refusal(text: str) -> str:
    with pytest.raises(InputError) as refusal:
        _read(text)
    return refusal.value.message


def test_a_plain_file_is_read() -> None:
    election = _read(PLAIN)
    assert election.seats == 2
    assert election.candidates == ("Ada", "Ben", "Cleo")
    assert election.ballots == (Ballot(3, ((0,), (1,))), Ballot(2, ((1,),)))
    assert election.title == "A title"
    assert election.withdrawn == frozenset()


def test_names_without_quotation_marks_fill_a_line_each() -> None:
    election = _read('3 1\n1 1 0\n0\nAda LOVELACE (Ind)\nBen "Big" Bell\nCleo\nWard 7\n')
    assert election.candidates == ("Ada LOVELACE (Ind)", 'Ben "Big" Bell', "Cleo")
    assert election.title == "Ward 7"


def test_several_quoted_names_may_share_a_line_and_hold_quotation_marks() -> None:
    election = _read('3 1\n1 1 0\n0\n"Ada" "Ben ""Big"" Bell"\n"Cleo \\"C\\" Bell" "Ward 7" # the end\n')
    assert election.candidates == ("Ada", 'Ben "Big" Bell', 'Cleo "C" Bell')
    assert election.title == "Ward 7"


def test_the_title_may_be_empty_but_not_missing() -> None:
    assert _read('2 1\n1 1 0\n0\n"Ada"\n"Ben"\n""\n').title == ""
    assert _refusal('2 1\n1 1 0\n0\n"Ada"\n"Ben"\n') == (
        "line 5: the file ends after 2 names: the title is missing, or a candidate is and the title was "
        "taken for one. Add the title as the last line."
    )


def test_comments_and_blank_lines_are_skipped() -> None:
    text = (
        "# made by hand\n\n3 2 # three for two\n3 1 2 0 # a pair\n\n# more\n2 2 0\n0 # end\n# names\n" + NAMES
    )
    assert _read(text).ballots == _read(PLAIN).ballots


def test_a_comment_inside_a_name_without_quotation_marks_is_refused_not_guessed() -> None:
    assert _refusal("2 1\n1 1 0\n0\nAda #1\nBen\nTitle\n") == (
        "line 4: it is not clear whether # begins a comment in “Ada #1”: put the name in quotation marks."
    )
    assert _read('2 1\n1 1 0\n0\n"Ada #1"\nBen\nTitle\n').candidates == ("Ada #1", "Ben")


def test_withdrawn_candidates_stand_as_negative_numbers() -> None:
    assert _read(f"3 1\n-2 -3\n1 1 0\n0\n{NAMES}").withdrawn == {1, 2}
    assert _read(f"3 1\n-2\n-3\n1 1 0\n0\n{NAMES}").withdrawn == {1, 2}


def test_weights_are_whole_decimal_or_fractions() -> None:
    election = _read(f"3 1\n2 1 0\n1.5 2 0\n1/3 3 0\n4/2 1 2 0\n.5 2 1 0\n0\n{NAMES}")
    assert [ballot.weight for ballot in election.ballots] == [
        2,
        Fraction(3, 2),
        Fraction(1, 3),
        2,
        Fraction(1, 2),
    ]
    assert type(election.ballots[3].weight) is int


def test_equal_ranks_are_joined_with_an_equals_sign_with_or_without_spaces() -> None:
    ballots = _read(f"3 1\n1 1=2 3 0\n1 3 = 2 1 0\n0\n{NAMES}").ballots
    assert ballots == (Ballot(1, ((0, 1), (2,))), Ballot(1, ((2, 1), (0,))))


def test_a_skipped_rank_is_kept_as_an_empty_group() -> None:
    election = _read(f"3 1\n1 1 - 2 0\n1 3 - 0\n0\n{NAMES}")
    assert election.ballots == (Ballot(1, ((0,), (), (1,))), Ballot(1, ((2,),)))
    assert election.has_skipped_ranks


def test_an_identifier_stands_before_the_weight() -> None:
    election = _read(f"3 1\n(B-17) 1 1 2 0\n(B 18) 1 1 2 0\n0\n{NAMES}")
    assert election.ballots == (Ballot(2, ((0,), (1,))),)


def test_blank_ballots_are_read_as_blank() -> None:
    assert _read(f"3 1\n1 1 0\n4 0\n0\n{NAMES}").ballots == (Ballot(1, ((0,),)), Ballot(4, ()))


def test_identical_ballots_are_merged_wherever_they_stand() -> None:
    election = _read(f"3 1\n1 1 2 0\n1 2 0\n2  1  2  0\n0.5 2 0\n0.5 2 0\n0\n{NAMES}")
    assert election.ballots == (Ballot(3, ((0,), (1,))), Ballot(2, ((1,),)))


def test_seats_can_be_given_from_outside() -> None:
    assert _read(PLAIN, seats=1).seats == 1
    assert _read(f"3 9\n1 1 0\n0\n{NAMES}", seats=3).seats == 3


def test_windows_and_old_mac_line_ends_are_read() -> None:
    assert _read(PLAIN.replace("\n", "\r\n")) == _read(PLAIN)
    assert _read(PLAIN.replace("\n", "\r")) == _read(PLAIN)
    assert _read(PLAIN.removesuffix("\n")) == _read(PLAIN)


WRONG = [
    ("", "line 1: the file is empty."),
    ("\n\n", "line 1: the file is empty."),
    ("3\n", "line 1: a BLT file begins with two numbers, candidates and seats; here stands “3”."),
    ("three 2\n", "line 1: “three” is no number; here stands the number of candidates."),
    ("0 2\n", "line 1: the number of candidates must be at least 1."),
    ("3 0\n", "line 1: the number of seats must be at least 1."),
    ("3 4\n1 1 0\n0\n", "line 1: there are more seats (4) than candidates (3)."),
    ("99999 4\n", "line 1: 99999 candidates are more than the 10000 allowed."),
    (f"3 2\n0\n{NAMES}", "line 2: the file holds no ballots."),
    (f"3 2\n-1\n0\n{NAMES}", "line 3: the file holds no ballots."),
    (f"3 2\n1 4 0\n0\n{NAMES}", "line 2: there is no candidate “4”; they are numbered 1 to 3."),
    (
        f"3 2\n1 1 0\n1 1 99999999999 0\n0\n{NAMES}",
        "line 3: there is no candidate “99999999999”; they are numbered 1 to 3.",
    ),
    (f"3 2\n1 1 2 1 0\n0\n{NAMES}", "line 2: candidate 1 stands twice on the ballot."),
    (f"3 2\n1 1=1 0\n0\n{NAMES}", "line 2: candidate 1 stands twice on the ballot."),
    (f"3 2\n1 Ada 0\n0\n{NAMES}", "line 2: “Ada” is no number of a candidate."),
    (f"3 2\n1 -2 0\n0\n{NAMES}", "line 2: “-2” is no number of a candidate."),
    (f"3 2\n0 1 2 0\n0\n{NAMES}", "line 2: the weight of the ballot is 0; a weight is above 0."),
    (f"3 2\n0.0 1 2 0\n0\n{NAMES}", "line 2: the weight of the ballot is 0; a weight is above 0."),
    (f"3 2\n1/0 1 2 0\n0\n{NAMES}", "line 2: the weight “1/0” divides by 0."),
    (f"3 2\n1e9 1 2 0\n0\n{NAMES}", "line 2: “1e9” is no weight of a ballot (such as 3, 1.5 or 1/3)."),
    (f"3 2\n1 1 2\n0\n{NAMES}", "line 2: the ballot “1 1 2” does not end with 0."),
    (f"3 2\n1\n0\n{NAMES}", "line 2: the ballot “1” does not end with 0."),
    (f"3 2\n1 1 0 2 0\n0\n{NAMES}", "line 2: after the 0 that ends the ballot there is more text."),
    (f"3 2\n1 1 =\n0\n{NAMES}", "line 2: the ballot “1 1 =” does not end with 0."),
    (f"3 2\n1 1 = 0\n0\n{NAMES}", "line 2: “=” must stand between two candidates."),
    (f"3 2\n1 = 1 0\n0\n{NAMES}", "line 2: “=” must stand between two candidates."),
    (f"3 2\n1 1 == 2 0\n0\n{NAMES}", "line 2: “=” must stand between two candidates."),
    (f"3 2\n1 1 = - 0\n0\n{NAMES}", "line 2: “=” must stand between two candidates."),
    (f"3 2\n(B-1)\n0\n{NAMES}", "line 2: the ballot “” does not end with 0."),
    (f"3 2\n(B-1 1 1 0\n0\n{NAMES}", "line 2: the identifier of the ballot has no closing parenthesis."),
    ("3 2\n1 1 0\n", "line 2: the file ends before the line “0” that closes the ballots."),
    (f"3 2\n1 1 0\n{NAMES}", "line 3: a name begins here, but no line “0” has closed the ballots."),
    ("3 2\n1 1 0\n0\nAda\nBen\n", "line 5: the file ends after 2 names of 3 candidates."),
    ('3 2\n1 1 0\n0\n"Ada"\n"Ben\n"Cleo"\n"T"\n', 'line 5: the name “"Ben” has no closing quotation mark.'),
    (
        '3 2\n1 1 0\n0\n"Ada"\n"Ben"\n"Ada"\n"T"\n',
        "line 6: two candidates have the same name, “Ada”, here and on line 4: tell them apart.",
    ),
    (
        '3 2\n1 1 0\n0\n"Ada B"\n"Ben"\n"Ada  B "\n"T"\n',
        "line 6: two candidates have the same name, “Ada  B ”, here and on line 4: tell them apart.",
    ),
    ('3 2\n1 1 0\n0\n"Ada"\n" "\n"Cleo"\n"T"\n', "line 5: the name of a candidate is empty."),
    (PLAIN + "more\n", "line 9: after the title there is more text: “more”."),
    (PLAIN + '"source" "comment"\n', "line 9: after the title there is more text: “source”."),
    (f"3 2\n-4\n1 1 0\n0\n{NAMES}", "line 2: there is no candidate “4”; they are numbered 1 to 3."),
    (
        f"3 2\n-1 2 0\n0\n{NAMES}",
        "line 2: on the line of withdrawn candidates stands “2”, no number below 0.",
    ),
]


@pytest.mark.parametrize(("text", "sentence"), WRONG)
def test_a_wrong_file_is_refused_with_the_line_and_the_reason(text: str, sentence: str) -> None:
    assert _refusal(text) == sentence


def test_a_weight_of_a_million_digits_is_refused_without_being_printed() -> None:
    sentence = _refusal(f"3 2\n{'9' * 900_000} 1 0\n0\n{NAMES}")
    assert sentence == "line 2: the weight has 900000 digits; at most 18 make sense."


def test_a_line_without_end_is_refused_and_not_held() -> None:
    sentence = _refusal("3 2\n1 " + "1 " * 600_000)
    assert sentence == "line 2: the line is longer than 1000000 characters; no ballot is."


def test_the_line_number_stands_in_the_error_too() -> None:
    with pytest.raises(InputError) as refusal:
        _read(f"3 2\n1 1 0\n1 9 0\n0\n{NAMES}")
    assert refusal.value.line == 3


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match=r"^the file cannot be read: No such file or directory\.$"):
        read_blt(Path("nowhere.blt"))


def test_what_is_written_is_read_back_the_same() -> None:
    election = Election(
        seats=2,
        candidates=("Ada", 'Ben "Big" \\ Bell', "#3"),
        withdrawn=frozenset({2}),
        ballots=(
            Ballot(3, ((0,), (), (1, 2))),
            Ballot(Fraction(1, 3), ((1,),)),
            Ballot(2, ()),
        ),
        title="A title",
    )
    written = "".join(write_blt(election))
    assert _read(written).ballots == election.ballots
    assert _read(written).candidates == election.candidates
    assert _read(written).withdrawn == election.withdrawn


def test_the_example_in_the_documentation_holds_every_dialect_and_is_read() -> None:
    page = (Path(__file__).parents[3] / "docs" / "counting.md").read_text(encoding="utf-8")
    election = _read("# comments run" + page.partition("```\n# comments run")[2].partition("```")[0])
    assert election.candidates == ("Ada", "Ben", "Cleo", "Dora")
    assert (election.seats, election.title) == (2, "Executive committee")
    assert election.withdrawn == {2}
    assert election.has_equal_ranks
    assert election.has_skipped_ranks
    assert election.has_blanks
    assert election.votes == Fraction(45, 2)


class _Lines(RawIOBase):
    """A file too long to hold: a head, one ballot over and over, a tail, made as they are asked for."""

    def __init__(self, head: bytes, ballot: bytes, times: int, tail: bytes) -> None:
        self._pieces = chain([head], repeat(ballot * 1000, times // 1000), [tail])
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = next(self._pieces, b"")
        taken = self._rest[: len(buffer)]
        self._rest = self._rest[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)


def test_a_file_is_streamed_and_not_held_as_text() -> None:
    stream = BufferedReader(_Lines(b"3 2\n", b"1 1 2 3 0\n1 2 0\n", 20_000, b"0\n" + NAMES.encode()))
    tracemalloc.start()
    try:
        election = election_from(Lines(stream))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert election.ballots == (Ballot(20_000, ((0,), (1,), (2,))), Ballot(20_000, ((1,),)))
    assert most < 80_000  # bytes; the text would be 320,000
