"""A row says its unit by any name that the unit has or had; of two of one name none is guessed."""

import re

import pytest
from test_import_own_fields import taken_in
from test_import_pages import chosen, understood

from groundswell.access.actor import OPERATOR
from groundswell.exchange import previewpage, queries, refusals
from groundswell.exchange.importing import unitnames
from groundswell.exchange.importing.unitnames import UnitNames
from groundswell.exchange.models import Batch, Line
from groundswell.kernel.errors import Refusal
from groundswell.structure import actions as structure
from stage import NOW
from world import day

HEADER = ("Name", "Ortsgruppe")


@pytest.fixture
def renamed(world):
    """Let the Hill Line have been called Mountain Way before, and have a name in German."""
    names = {"en": "Hill Line", "de": "Bergbahn Süd"}
    said = {"actor": OPERATOR, "at": NOW}
    structure.rename_unit(world.unit["HILL"], names={"en": "Mountain Way"}, day=day("1 May 2024"), **said)
    structure.rename_unit(world.unit["HILL"], names=names, day=day("1 June 2024"), **said)
    return world


@pytest.fixture
def twins(world):
    """Let a second unit of the union be called Hill Line."""
    row = {"kind": "branch", "parent": "NORTH", "country": "AT", "recorded_at": NOW}
    new = structure.NewUnit(code="HILL2", names={"en": "Hill Line"}, founded_on=day("1 January 2024"), **row)
    return structure.found_units([new], actor=OPERATOR, at=NOW)["HILL2"]


def units_of(batch) -> list[str]:
    return [one.entry.unit if one.entry else one.outcome for one in queries.lines(batch)]


SAID = (
    "HILL",
    "hill",
    "Hill Line",
    "hill  line",
    "HILL-LINE",
    "Mountain way",
    "Bergbahn Süd",
    "BERGBAHN SUD",
)


def test_a_unit_is_known_by_its_code_and_by_every_name_of_all_its_days_in_every_language(renamed, bring):
    rows = [(f"Zoe {'abcdefgh'[place] * 9}", said) for place, said in enumerate(SAID)]
    batch = bring(*rows, ("Yvo Yarrow", ""), header=HEADER, unit="TRAM")
    assert units_of(batch) == [*["HILL"] * len(SAID), "TRAM"]
    assert taken_in(batch).new == len(SAID) + 1


def test_a_name_that_no_unit_in_reach_has_is_refused_with_the_nearest_ones(renamed, bring):
    rows = [("Zoe Zinc", "Hil Lien"), ("Yvo Yarrow", "Kaffeekränzchen"), ("Una Umber", "Ferry Crews' Union")]
    batch = bring(*rows, header=HEADER, unit="TRAM")
    assert units_of(batch) == ["refused"] * 3
    first, second, third = [one.reasons[0] for one in queries.lines(batch)]
    assert first == ("“Hil Lien” is no unit that this list may go to. The nearest names are: “Hill Line”.")
    assert second == "“Kaffeekränzchen” is no unit that this list may go to; write a unit's name or code."
    # The other union is out of reach: nothing tells that it is there.
    assert "Ferry" not in third.replace("“Ferry Crews' Union”", "")
    assert "Hil Lien" in refusals.text(batch)


def test_what_lies_beside_a_branch_is_not_named_to_it(world, bring):
    batch = bring(("Zoe Zinc", "Line Four"), ("Yvo Yarrow", "depot"), header=HEADER)
    assert units_of(batch) == ["refused", "DEPOT"]
    assert "Line Four" not in queries.lines(batch, "refused")[0].reasons[0].replace("“Line Four”", "")


def test_two_units_of_one_name_are_asked_about_and_a_code_is_never_doubtful(world, twins, bring):
    rows = [("Zoe Zinc", "hill line"), ("Yvo Yarrow", "HILL2"), ("Una Umber", "Hill Line")]
    with pytest.raises(Refusal) as refusal:
        bring(*rows, header=HEADER, unit="TRAM")
    assert refusal.value.code == "which-unit"
    assert refusal.value.sentence == (
        "“hill line” is what several units are called: Hill Line (HILL, Southern Lines) and"
        " Hill Line (HILL2, Northern Lines). Say which of them is meant."
    )
    with pytest.raises(Refusal, match="is what several units are called"):
        bring(*rows, header=HEADER, unit="TRAM", places={"hill line": "DEPOT"})
    assert not Batch.objects.exists()
    batch = bring(*rows, header=HEADER, unit="TRAM", places={"hill line": "HILL"})
    assert units_of(batch) == ["HILL", "HILL2", "HILL"]
    unknown = bring(*rows, header=HEADER, unit="TRAM", places={"hill line": unitnames.UNKNOWN})
    assert units_of(unknown) == ["refused", "HILL2", "refused"]
    assert queries.lines(unknown, "refused")[0].reasons[0].endswith("Write the code of one of them.")
    # In reach of the north alone there is one of that name.
    assert units_of(bring(rows[0], header=HEADER, unit="NORTH")) == ["HILL2"]


def test_the_page_asks_once_for_each_name_and_takes_no_unit_that_was_not_offered(world, twins, browser_of):
    bela = browser_of("bela")
    answer = chosen(bela, ("Zoe Zinc", "Hill line"), ("Una Umber", "hill line"), header=HEADER, unit="TRAM")
    page = bela.get(answer.url).content.decode()
    assert page.count("is what several units are called. Which is meant?") == 1
    (name,) = set(re.findall(r'name="(place_\w+)"', page))
    assert re.findall(r'<option value="([^"]*)"', page[page.index(name) :])[:4] == ["", "HILL", "HILL2", "-"]
    for more in ({}, {name: "DEPOT"}):
        refused = understood(bela, answer, **more)
        assert refused.status_code == 422
    assert "Choose which unit is meant." in understood(bela, answer).content.decode()
    taken = understood(bela, answer, **{name: "HILL2"})
    batch = Batch.objects.get(pk=int(taken.url.split("/")[-2]))
    assert units_of(batch) == ["HILL2", "HILL2"]
    # HILL2 is called so as well: the preview says which unit each row goes to.
    shown = [(row.word, row.told) for row in previewpage.preview(batch).rows]
    assert shown == [("new", "member, day of joining unknown · Hill Line")] * 2
    # Where the column means something else, nothing is asked.
    other = chosen(bela, ("Zoe Zinc", "Hill line"), header=("Name", "Bemerkung"), unit="TRAM")
    assert "several units are called" not in bela.get(other.url).content.decode()


def test_a_refused_row_is_found_again_in_every_unit_that_it_may_name(world, twins, bring):
    header = ("Name", "Ortsgruppe", "Eintritt")
    batch = bring(
        ("Gita Grove", "Hill Line", "32.1.2024"), header=header, unit="TRAM", places={"hill line": "-"}
    )
    (line,) = Line.objects.filter(batch=batch)
    assert (line.outcome, len(line.marks)) == ("refused", 2)


def test_names_are_compared_without_case_accents_and_signs():
    assert {
        unitnames.folded(one) for one in ("Tramworkers’ Union", "tramworkers' union", "TRAMWORKERS UNION")
    } == {"tramworkers union"}
    assert unitnames.folded("Straße–Süd") == "strasse sud"
    assert unitnames.folded("支部") == "支部"
    assert unitnames.folded(" – ") == ""


def test_nearest_names_are_looked_for_only_so_often(monkeypatch):
    monkeypatch.setattr(unitnames, "_MOST_SEARCHED", 2)
    names = UnitNames()
    names.add("H7-LINES", names=["Hill Line"], label="")
    assert [names.near(one) for one in ("hil line", "hill lane", "hill lime", "hil line")] == [
        ("Hill Line",),
        ("Hill Line",),
        (),
        ("Hill Line",),
    ]


def test_a_code_is_a_nearest_name_only_where_no_name_is():
    names = UnitNames()
    names.add("GB-MANCHESTER-SOUTH", names=["South Manchester", "Manchester South"], label="")
    assert names.near("Mancester") == ("South Manchester",)
    names.add("X99-KOR", names=["Wien"], label="")
    assert names.near("x99 kur") == ("X99-KOR",)
