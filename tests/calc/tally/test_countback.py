"""Vacancies: the papers that elected the member who leaves choose the successor."""

from fractions import Fraction
from pathlib import Path

import pytest

from groundswell.calc.errors import InputError, RuleError
from groundswell.calc.tally.ballots import Ballot, Election
from groundswell.calc.tally.blt import read_blt
from groundswell.calc.tally.countback import countback
from groundswell.calc.tally.methods import Options, find
from groundswell.calc.tally.ties import Decisions

DATA = Path(__file__).parents[2] / "data" / "calc" / "tally"
NAMES = ("Ada", "Ben", "Cleo", "Dora")


def _election(*lines: tuple[int, str], seats: int) -> Election:
    ballots = tuple(Ballot(weight, tuple(("ABCD".index(sign),) for sign in ranks)) for weight, ranks in lines)
    return Election(seats, NAMES, frozenset(), ballots)


# Quota 34. Ada has 60: her surplus of 26 passes on 26/60 of each paper, cut off to 0.43333.
PARTED = _election((40, "AC"), (20, "AD"), (25, "BD"), (16, "DB"), seats=2)


def test_the_papers_count_with_the_part_that_the_member_kept() -> None:
    result = find("scottish-stv").count(PARTED, Options())
    assert result.names(result.winners) == ["Ada", "Ben"]
    found = countback(PARTED, result, 0, Options())
    assert result.stages[1].action == "surplus of Ada"
    kept = 1 - Fraction(43333, 100000)
    assert found.stages[0].totals == (0, 0, 40 * kept, 20 * kept)
    assert found.names(found.winners) == ["Cleo"]
    assert found.title == "Election: countback for the seat of Ada"


def test_a_member_without_surplus_passes_her_papers_on_whole() -> None:
    result = find("irv").count(_election((4, "AB"), (3, "BA"), seats=1), Options())
    assert countback(_election((4, "AB"), (3, "BA"), seats=1), result, 0, Options()).stages[0].totals[1] == 4


def test_the_successor_of_ben_is_whom_his_voters_want_not_whom_the_rest_wants() -> None:
    result = find("scottish-stv").count(PARTED, Options())
    assert countback(PARTED, result, 1, Options()).winners == (3,)


def test_who_no_longer_stands_is_passed_over() -> None:
    result = find("scottish-stv").count(PARTED, Options())
    assert countback(PARTED, result, 0, Options(), standing=[3]).winners == (3,)
    with pytest.raises(InputError, match="the seat stays vacant"):
        countback(PARTED, result, 0, Options(), standing=[1])


def test_only_a_seat_that_was_won_can_be_vacated() -> None:
    result = find("scottish-stv").count(PARTED, Options())
    with pytest.raises(InputError, match=r"^Cleo was not elected"):
        countback(PARTED, result, 2, Options())


@pytest.mark.parametrize("method", ["scottish-stv", "wigm", "meek"])
def test_a_real_ward_can_be_counted_back_under_every_transferable_rule(method: str) -> None:
    election = read_blt(DATA / "eilean-siar-2017-ward-5.blt")
    result = find(method).count(election, Options())
    found = countback(election, result, 1, Options())
    assert found.names(found.winners) == ["Tony ROBSON (Ind)"]
    assert sum(found.stages[0].totals) == found.papers.valid
    held = result.stages[-1].totals[1]
    assert held <= found.papers.total < held + Fraction(1, 100)  # what rounding lost stays with her papers


def test_another_result_than_that_of_the_election_is_refused() -> None:
    tied = _election((3, "A"), (3, "B"), seats=1)
    result = find("scottish-stv").count(tied, Options(Decisions(("Ada", "Ben", "Cleo", "Dora"))))
    with pytest.raises(InputError, match="count it again first"):
        countback(tied, result, 0, Options(Decisions(("Ben", "Ada", "Cleo", "Dora"))))


def test_a_rule_that_transfers_nothing_has_no_countback() -> None:
    election = _election((3, "A"), (2, "B"), seats=1)
    result = find("plurality").count(election, Options())
    with pytest.raises(RuleError, match="hold an election"):
        countback(election, result, 0, Options())
