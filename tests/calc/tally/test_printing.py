"""The four ways of printing a count; what stands in a file never becomes markup."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from groundswell.calc.tally.as_html import as_html
from groundswell.calc.tally.as_json import as_json
from groundswell.calc.tally.as_sheet import as_sheet
from groundswell.calc.tally.as_text import as_text
from groundswell.calc.tally.ballots import Ballot, Election
from groundswell.calc.tally.blt import read_blt
from groundswell.calc.tally.methods import Options, find
from groundswell.calc.tally.result import Result
from groundswell.calc.tally.ties import Lots

DATA = Path(__file__).parents[2] / "data" / "calc" / "tally"
HOSTILE = '<script>alert("1")</script>'


def _ward() -> Result:
    return find("scottish-stv").count(read_blt(DATA / "eilean-siar-2017-ward-4.blt"), Options())


def _hostile() -> Result:
    ballots = (Ballot(3, ((0,),)), Ballot(2, ((1,),)), Ballot(2, ((2,), (1,))))
    election = Election(1, (HOSTILE, 'B" onclick="x', "C&D"), frozenset(), ballots, f"Title {HOSTILE}")
    return find("irv").count(election, Options(Lots(HOSTILE)))


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("result", [_ward(), _hostile()], ids=["ward", "hostile"])
def test_the_fragment_is_well_formed_and_has_no_script_style_or_identifier(result: Result) -> None:
    tags = _Tags()
    tags.feed(as_html(result))
    assert tags.open == []
    assert tags.seen.isdisjoint({"script", "style", "link", "img", "iframe", "form", "a"})
    assert tags.attributes == {"class", "scope"}
    for name in result.candidates:
        assert name in tags.text


def test_the_fragment_shows_every_total_and_every_change() -> None:
    html = as_html(_ward())
    for figure in ("352.87030", "+81.87030", "-0.87030", "283.74802", "471.66537"):
        assert figure in html
    assert html.count("<strong>elected</strong>") == 3
    assert html.count("<strong>excluded</strong>") == 1


def test_the_text_shows_the_tables_the_reasons_and_the_winners_in_order() -> None:
    lines = as_text(_ward()).splitlines()
    assert "Stage 3: surplus of Norman Alexander MACDONALD (Ind)" in lines
    assert "  Donald Cudig MACLEOD (Ind)        +0.46684  283.74802" in lines
    assert "  Donald Cudig MACLEOD (Ind) is excluded with the fewest votes, 283.74802." in lines
    assert lines[-3:] == [
        "Elected 1: Angus MORRISON (Ind)",
        "Elected 2: Norman Alexander MACDONALD (Ind)",
        "Elected 3: Ranald FRASER (C)",
    ]


def test_the_text_names_what_decided_a_tie_so_that_it_can_be_repeated() -> None:
    result = _hostile()
    text = as_text(result)
    assert result.ties[0].how == "lot"
    assert f"Lots are drawn with the seed “{HOSTILE}”: the SHA-256 of the seed, a line feed" in text
    assert 'Tie on stage 1 between B" onclick="x, C&D: who is excluded?' in text


def test_the_sheet_tells_which_papers_to_move_at_which_value_and_what_must_come_out() -> None:
    sheet = as_sheet(_ward())
    assert "[ ] 133 papers to Ranald FRASER (C), each worth 0.48159: 64.05147 votes" in sheet
    assert "[ ] Take the papers of Angus MORRISON (Ind); sort those of each value" in sheet
    assert sheet.count("[ ] together: 1404.00000") == 4


def test_the_sheet_of_a_meek_count_gives_the_keep_factors_by_which_it_can_be_checked() -> None:
    result = find("meek").count(read_blt(DATA / "eilean-siar-2017-ward-4.blt"), Options())
    assert "Angus MORRISON (Ind): 0.516936672" in as_sheet(result)


def test_the_json_holds_the_contract_and_goes_through_json() -> None:
    found = json.loads(json.dumps(as_json(_ward())))
    assert [found[key] for key in ("method", "seats", "quota")] == ["scottish-stv", 3, "352.00000"]
    assert found["winners"] == [
        "Angus MORRISON (Ind)",
        "Norman Alexander MACDONALD (Ind)",
        "Ranald FRASER (C)",
    ]
    assert found["ranking"] is None
    assert found["ties"] == []
    first, second = found["rounds"][:2]
    assert (first["n"], first["elected"], first["excluded"]) == (1, ["Angus MORRISON (Ind)"], [])
    assert second["totals"] == {
        "Ranald FRASER (C)": "332.05147",
        "Norman Alexander MACDONALD (Ind)": "352.87030",
        "Donald Cudig MACLEOD (Ind)": "283.28118",
        "Angus MORRISON (Ind)": "352.00000",
    }
    assert second["exhausted"] == "83.79705"
    assert second["transfers"][0] == {
        "from": "Angus MORRISON (Ind)",
        "to": "Ranald FRASER (C)",
        "papers": "133",
        "value": "0.48159",
        "votes": "64.05147",
    }


def test_withdrawn_candidates_stand_in_their_own_list_and_in_no_total() -> None:
    ballots = (Ballot(3, ((0,), (1,))), Ballot(2, ((2,),)))
    election = Election(1, ("Ada", "Ben", "Cleo"), frozenset({0}), ballots)
    found = as_json(find("irv").count(election, Options()))
    assert found["withdrawn"] == ["Ada"]
    assert found["rounds"][0]["totals"] == {"Ben": "3", "Cleo": "2"}
    assert "Ada" not in as_html(find("irv").count(election, Options())).partition("<table")[2]


@pytest.mark.parametrize("method", ["schulze", "ranked-pairs", "approval", "plurality"])
def test_rules_without_transfers_are_printed_in_all_four_ways(method: str) -> None:
    ballots = (Ballot(3, ((0,), (1,))), Ballot(2, ((2,), (0,))))
    election = Election(1, ("Ada", "Ben", "Cleo"), frozenset(), ballots)
    result = find(method).count(election, Options(Lots("x")))
    assert json.dumps(as_json(result))
    for printed in (as_text(result), as_sheet(result), as_html(result)):
        assert "Ada" in printed
        assert "Elected 1: Ada" in printed
