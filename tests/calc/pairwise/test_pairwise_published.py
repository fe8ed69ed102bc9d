"""Published tallies and worked examples of the pairwise rules, figure for figure."""

from pathlib import Path

import pytest

from groundswell.calc.tally.blt import read_blt
from groundswell.calc.tally.methods import Options, find

DATA = Path(__file__).parents[2] / "data" / "calc" / "pairwise"
RULES = ("schulze", "schulze-margins", "ranked-pairs")


def count(slug, method="schulze", unranked=None):
    return find(method).count(read_blt(DATA / f"{slug}.blt"), Options(unranked=unranked))


def ranking(result):
    return [" = ".join(result.names(group)) for group in result.ranking]


def test_the_official_table_of_debian_2005_comes_out():
    result = count("debian-2005")
    assert result.papers.total == 504
    assert result.matrices[0].cells == (
        (0, 18, 33, 18, 52, 39, 112),
        (394, 0, 220, 221, 350, 249, 384),
        (420, 248, 0, 245, 352, 244, 376),
        (440, 244, 222, 0, 375, 264, 390),
        (314, 60, 95, 80, 0, 99, 261),
        (378, 185, 184, 196, 307, 0, 346),
        (337, 75, 107, 101, 184, 120, 0),
    )
    assert result.names(result.winners) == ["Branden Robinson"]


@pytest.mark.parametrize("method", RULES)
def test_debian_2006_elected_anthony_towns_by_six_votes(method):
    result = count("debian-2006", method)
    assert result.papers.total == 421
    towns, mcintyre = (result.candidates.index(name) for name in ("Anthony Towns", "Steve McIntyre"))
    cells = result.matrices[0].cells
    assert (cells[towns][mcintyre], cells[mcintyre][towns]) == (190, 184)
    assert ranking(result) == [
        "Anthony Towns",
        "Steve McIntyre",
        "Jeroen van Wolffelaar = Andreas Schuldei",
        "Bill Allombert",
        "None of the Above",
        "Ari Pollak",
        "Jonathan aka Ted Walther",
    ]


@pytest.mark.parametrize("method", RULES)
def test_ignoring_the_unranked_would_have_elected_another_leader_in_2006(method):
    result = count("debian-2006", method, "ignored")
    assert ranking(result) == [
        "Steve McIntyre",
        "Anthony Towns",
        "Jeroen van Wolffelaar",
        "Andreas Schuldei",
        "Bill Allombert",
        "None of the Above",
        "Ari Pollak",
        "Jonathan aka Ted Walther",
    ]
    assert "says nothing about a candidate" in result.notes[0]


@pytest.mark.parametrize("method", RULES)
def test_debian_2003_elected_martin_michlmayr_by_four_votes(method):
    result = count("debian-2003", method)
    assert result.papers.total == 488
    michlmayr, garbee = (result.candidates.index(name) for name in ("Martin Michlmayr", "Bdale Garbee"))
    cells = result.matrices[0].cells
    assert (cells[michlmayr][garbee], cells[garbee][michlmayr]) == (228, 224)
    assert result.winners == (michlmayr,)


def test_schulzes_own_example_comes_out_with_its_table_and_its_paths():
    result = count("schulze-45-voters")
    duels, paths = result.matrices
    assert duels.cells == (
        (0, 20, 26, 30, 22),
        (25, 0, 16, 33, 18),
        (19, 29, 0, 17, 24),
        (15, 12, 28, 0, 14),
        (23, 27, 21, 31, 0),
    )
    assert paths.cells == (
        (0, 28, 28, 30, 24),
        (25, 0, 28, 33, 24),
        (25, 29, 0, 29, 24),
        (25, 28, 28, 0, 24),
        (25, 28, 28, 31, 0),
    )
    assert ranking(result) == ["E", "A", "C", "B", "D"]
    assert result.stages[0].reasons[0] == "E is better than A: E > D > C > B > A, 25 against 24."


def test_first_preferences_are_shown_for_information_in_whole_ballots():
    stage = count("debian-2006").stages[0]
    assert sum(stage.totals) + stage.exhausted == 421
    assert all(isinstance(total, int) for total in stage.totals)
    assert "ballots with several of them as exhausted" in stage.action
