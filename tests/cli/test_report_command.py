"""`groundswell report`: what it prints, and how it refuses.

The command is run in this process on the tests' database; joining an installation is proved elsewhere.
"""

import contextlib
import csv
import io
import json

import pytest

from groundswell.cli import main
from groundswell.cli import report as command
from groundswell.reports import contract
from groundswell.structure.models import Unit
from stage import ask
from world import at, day

WINDOW = ("--as-of", "2024-07-15", "--since", "2024-01-01")


@pytest.fixture
def run(world, monkeypatch, capfd):
    """Return a function: words -> (exit, what stood on stdout, what stood on stderr)."""
    monkeypatch.setattr(command, "joined", contextlib.nullcontext)

    def ran(*words):
        status = main(["report", *words])
        return status, *capfd.readouterr()

    return ran


def test_without_a_unit_it_is_the_whole_organisation_as_json(run):
    status, out, err = run(*WINDOW, "--format", "json")
    made = json.loads(out)
    assert (status, err) == (0, "")
    assert (made["unit"], made["known_at"], made["structure"]) == ("FED", None, "then")
    assert made["total"] == {
        "members": 62,
        "previous": 51,
        "joined": 14,
        "left": 3,
        "moved_in": 1,
        "moved_out": 1,
        "growth_pct": 21.6,
    }
    assert [(one["code"], one["kind"]) for one in made["units"]] == [
        ("BUS", "section"),
        ("TRAM", "section"),
        ("FERRY", "section"),
    ]


def test_a_bare_day_of_knowledge_means_its_end_in_utc_and_a_moment_itself(run):
    def members(known_at):
        window = ("--as-of", "2024-05-31", "--since", "2024-04-30", "--unit", "LINE4")
        return json.loads(run(*window, "--known-at", known_at, "--format=json")[1])["total"]["members"]

    assert (members("2024-05-31"), members("2024-06-01")) == (3, 4)
    moment = at("1 June 2024").isoformat()
    assert (members(moment), members("2024-06-01T11:59:59Z"), members("2024-06-01T13:59:59+02:00")) == (
        4,
        3,
        3,
    )
    # The end of today is meant by today, though it has not come.
    assert members("2024-07-15") == members("2024-07-15T23:59:59.999999Z") == 4


def test_the_table_of_values_has_a_line_for_each_row_and_the_total(run):
    status, out, _ = run(*WINDOW, "--unit", "TRAM", "--known-at", "2024-07-15", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert status == 0
    assert [(one["code"], one["kind"], one["members"]) for one in rows] == [
        ("NORTH", "region", "9"),
        ("SOUTH", "region", "1"),
        ("TRAM", "total", "10"),
    ]
    told = {name: value for name, value in rows[-1].items() if name in contract.BIRTH}
    assert told == {
        "as_of": "2024-07-15",
        "since": "2024-01-01",
        "known_at": "2024-07-15T23:59:59.999999+00:00",
        "structure": "then",
        "simulated": "",
    }


def test_the_text_says_what_was_asked_and_has_a_code_and_aligned_figures_in_every_row(run):
    status, out, err = run(*WINDOW, "--unit", "TRAM", "--structure", "now", "--known-at", "2024-07-15")
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "Tramworkers' Union (TRAM)",
        "As of 2024-07-15, since 2024-01-01; structure as now.",
        "Known at 2024-07-15 23:59:59 UTC. Days are those of each unit, moments are in UTC.",
        "",
        "code   name            before  joined  left  in  out  members   growth",
        "NORTH  Northern Lines       6       4     1   0    0        9  +50.0 %",
        "SOUTH  Southern Lines       1       1     0   0    1        1   +0.0 %",
        "TRAM   Total                7       5     1   0    1       10  +42.9 %",
        "",
    ]
    assert "\nKnown at 2024-07-15 1" in run(*WINDOW)[1]  # today, when nothing else is asked


def test_what_no_source_gives_carries_a_mark_and_what_no_day_tells_says_simulated(run, world, settings):
    Unit.objects.filter(code="NORTH").update(illustrative=True)
    settings.SIMULATED_AFTER = day("31 January 2024")
    out = run(*WINDOW, "--unit", "TRAM")[1].splitlines()
    assert "Simulated: what lies after 2024-01-31 is invented, to show how the software goes on." in out
    assert [line.split("  ")[1] for line in out if "†" in line and line[0] != "†"] == ["Northern Lines †"]
    assert out[-1].startswith("† illustrative: the unit, or what is counted of it, is invented")
    rows = list(csv.DictReader(io.StringIO(run(*WINDOW, "--unit", "TRAM", "--format", "csv")[1])))
    assert [(one["illustrative"], one["simulated"]) for one in rows] == [
        ("†", "simulated"),
        ("", "simulated"),
        ("", "simulated"),
    ]
    before = ("--as-of", "2024-01-31", "--since", "2024-01-01", "--unit", "SOUTH")
    out = run(*before)[1]
    assert "†" not in out
    assert "Simulated" not in out


def test_a_comparison_with_a_day_before_the_founding_is_made_and_said(run):
    """Nobody was there: the growth is none, and no text has to be guessed from a 0."""
    window = ("--as-of", "2024-07-15", "--since", "1999-12-31")
    said = "FED was founded on 2000-01-01: of the days before it there is nobody to compare with."
    status, out, err = run(*window, "--format", "json")
    assert (status, err) == (0, f"{said}\n")
    total = json.loads(out)["total"]
    assert (total["previous"], total["growth_pct"], total["members"]) == (0, None, 62)
    status, out, err = run(*window)
    assert (status, err, said in out.splitlines()) == (0, "", True)
    assert said not in run("--as-of", "2024-07-15", "--since", "2000-01-01")[1]


@pytest.mark.parametrize(
    ("words", "code", "where"),
    [
        (("--as-of", "2024-07-15"), "usage", None),
        ((*WINDOW, "--unit", "MOON"), "not-found", "--unit"),
        ((*WINDOW, "--unit", "\udcff"), "not-found", "--unit"),
        ((*WINDOW, "--unit", ""), "usage", "--unit"),
        ((*WINDOW, "--structure", "later"), "bad-structure", "--structure"),
        ((*WINDOW, "--known-at", "yesterday"), "bad-instant", "--known-at"),
        ((*WINDOW, "--known-at", ""), "usage", "--known-at"),
        ((*WINDOW, "--known-at", "20240205"), "bad-instant", "--known-at"),
        ((*WINDOW, "--known-at", "2024-W05"), "bad-instant", "--known-at"),
        ((*WINDOW, "--known-at", "2024-W05-1"), "bad-instant", "--known-at"),
        ((*WINDOW, "--known-at", "2024-02-05T10:00:00"), "bad-instant", "--known-at"),
        ((*WINDOW, "--known-at", "2024-02-05T10Z"), "bad-instant", "--known-at"),
        ((*WINDOW, "--known-at", "2024-02-05T25:00Z"), "bad-instant", "--known-at"),
        ((*WINDOW, "--known-at", "9999-12-31"), "day-out-of-range", "--known-at"),
        ((*WINDOW, "--known-at", "0001-01-01T00:00+14:00"), "day-out-of-range", "--known-at"),
        ((*WINDOW, "--known-at", "2024-07-16"), "in-the-future", "--known-at"),
        ((*WINDOW, "--form", "json"), "usage", None),
        (("--as-of", "20240715", "--since", "2024-01-01"), "bad-day", "--as-of"),
        (("--as-of", "", "--since", "2024-01-01"), "usage", "--as-of"),
        (("--as-of", " 2024-07-15", "--since", "2024-01-01"), "bad-day", "--as-of"),
        ((*WINDOW, "--known-at", "2024-02-30"), "bad-day", "--known-at"),
        ((*WINDOW, "--known-at", "1999-01-01"), "not-known-yet", "--known-at"),
        (("--as-of", "0000-01-01", "--since", "2024-01-01"), "bad-day", "--as-of"),
        (("--as-of", "10000-01-01", "--since", "2024-01-01"), "bad-day", "--as-of"),
        (("--as-of", "0001-01-01", "--since", "0001-01-01"), "day-out-of-range", "--as-of"),
        (("--as-of", "9999-12-31", "--since", "2024-01-01"), "day-out-of-range", "--as-of"),
        (("--as-of", "2024-07-15", "--since", "2024-13-01"), "bad-day", "--since"),
        (("--as-of", "2024-07-15", "--since", "１９９９-01-01"), "bad-day", "--since"),
        (("--as-of", "2024-07-15", "--since", "\udcff"), "bad-day", "--since"),
        (("--as-of", "2024-07-15", "--since", "2024-07-16"), "backwards", "--since"),
        (("--as-of", "2024-07-16", "--since", "2024-01-01"), "in-the-future", "--as-of"),
        (("--as-of", "1999-12-31", "--since", "1999-01-01"), "before-founding", "--as-of"),
    ],
)
def test_it_refuses_in_one_sentence_with_exit_2_and_an_error_for_programs(run, words, code, where):
    status, out, err = run(*words, "--format", "json")
    error = json.loads(out)["error"]
    assert (status, error["code"], error["where"]) == (2, code, where)
    assert err.count("\n") == 1
    assert err.endswith(".\n")
    assert "Traceback" not in err
    status, out, _ = run(*words)
    assert (status, out) == (2, "")


def test_whoever_errs_in_the_code_of_a_unit_is_told_the_nearest(run):
    said = "There is no unit DEPO; there is, for example: DEPOT"
    assert run(*WINDOW, "--unit", "DEPO")[2].startswith(said)
    # Nothing is near this one: the first there are.
    assert "for example: FED, TRAM, " in run(*WINDOW, "--unit", "XQXQ")[2]


def test_a_format_that_there_is_not_is_refused(run):
    status, out, err = run(*WINDOW, "--format", "yaml")
    assert (status, out) == (2, "")
    assert err == "groundswell report: --format must be json, csv or text.\n"


def test_the_command_says_what_the_page_says(run, world):
    told = json.loads(run(*WINDOW, "--format", "json")[1])
    assert told["total"]["members"] == ask("FED", "15 July 2024").total.members
