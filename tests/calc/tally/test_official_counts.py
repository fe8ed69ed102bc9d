"""Published counts, equal at every stage to the last decimal.

Official: the stage tables of four wards of Comhairle nan Eilean Siar, 4 May 2017, declared by the
council under the Scottish Local Government Elections Order. Reference: the counts of the Green Party
of the United States' steering committee election of 2005 by the reference program of the PR
Foundation's Meek and WIGM rules. `tests/data/calc/tally/README.md` names where each was published.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from groundswell.calc.tally.ballots import Election
from groundswell.calc.tally.blt import read_blt
from groundswell.calc.tally.gregory import count
from groundswell.calc.tally.methods import Options, find
from groundswell.calc.tally.result import Result, decimal_string
from groundswell.calc.tally.ties import Decisions
from groundswell.calc.tally.wigm import law

DATA = Path(__file__).parents[2] / "data" / "calc" / "tally"
OFFICIAL: dict[str, Any] = json.loads((DATA / "official.json").read_text(encoding="utf-8"))
REFERENCE: dict[str, Any] = json.loads((DATA / "reference.json").read_text(encoding="utf-8"))


def _tables(result: Result) -> list[list[str]]:
    return [[decimal_string(total, result.places) for total in stage.totals] for stage in result.stages]


@pytest.mark.parametrize("ward", sorted(OFFICIAL))
def test_a_scottish_ward_is_counted_as_declared_at_every_stage(ward: str) -> None:
    official = OFFICIAL[ward]
    election = read_blt(DATA / f"{ward}.blt")
    result = find("scottish-stv").count(election, Options())
    assert election.title == official["ward"]
    assert result.papers.valid == int(official["valid"])
    assert decimal_string(result.quota or 0, 5) == official["quota"]
    assert _tables(result) == official["stages"]
    assert [[index + 1 for index in stage.elected] for stage in result.stages] == official["elected"]
    assert [[index + 1 for index in stage.excluded] for stage in result.stages] == official["excluded"]


def test_eight_hundredths_of_a_vote_exclude_a_candidate_in_ward_1_as_declared() -> None:
    """Rounding that differed from the Order's would have shown here, and perhaps elected another."""
    result = find("scottish-stv").count(read_blt(DATA / "eilean-siar-2017-ward-1.blt"), Options())
    stage = result.stages[4]
    assert decimal_string(stage.totals[0] - stage.totals[6], 5) == "0.08600"
    assert result.names(stage.excluded) == ["Donnie STEELE (Ind)"]


def _steering() -> tuple[Election, Options]:
    return read_blt(DATA / "gpus-steering-2005.blt"), Options(Decisions(tuple(REFERENCE["ties"])))


def test_meek_equals_the_reference_program_in_totals_quotas_and_keep_factors() -> None:
    reference = REFERENCE["meek"]
    election, options = _steering()
    result = find("meek").count(election, options)
    assert result.names(result.winners) == reference["winners"]
    assert _tables(result) == reference["stages"]
    by_stage = {str(stage.n): stage for stage in result.stages}
    for n, quota in reference["quotas"].items():
        assert decimal_string(by_stage[n].quota or 0, 9) == quota
    for n, exhausted in reference["exhausted"].items():
        assert decimal_string(by_stage[n].exhausted, 9) == exhausted
    for n, keeps in reference["keeps"].items():
        found = dict(zip(election.candidates, by_stage[n].keeps or (), strict=True))
        assert {name: decimal_string(found[name], 9) for name in keeps} == keeps


def test_wigm_equals_the_reference_program_at_the_four_places_of_the_reference() -> None:
    election, options = _steering()
    _equal_to_reference(count(law(4), election, options), REFERENCE["wigm-4"])


def test_scottish_stv_equals_the_reference_program_on_an_election_with_many_ties() -> None:
    election, options = _steering()
    _equal_to_reference(find("scottish-stv").count(election, options), REFERENCE["scottish-stv"])


def _equal_to_reference(result: Result, reference: dict[str, Any]) -> None:
    assert result.names(result.winners) == reference["winners"]
    assert decimal_string(result.quota or 0, result.places) == reference["quota"]
    assert _tables(result) == reference["stages"]
    for n, exhausted in reference["exhausted"].items():
        stage = result.stages[int(n) - 1]
        assert decimal_string(stage.exhausted - stage.lost, result.places) == exhausted


def test_the_same_papers_elect_another_fourth_member_under_meek_than_under_the_scottish_rule() -> None:
    election, options = _steering()
    scottish = find("scottish-stv").count(election, options)
    meek = find("meek").count(election, options)
    assert scottish.names(scottish.winners)[-1] == "Tom Sevigny"
    assert meek.names(meek.winners)[-1] == "Kristen Olsen"
