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
from stage import ask
from world import at

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
    assert (members(moment), members("2024-06-01T11:59:59"), members("2024-06-01T13:59:59+02:00")) == (
        4,
        3,
        3,
    )


def test_the_table_of_values_has_a_line_for_each_row_and_the_total(run):
    status, out, _ = run(*WINDOW, "--unit", "TRAM", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert status == 0
    assert [(one["code"], one["kind"], one["members"]) for one in rows] == [
        ("NORTH", "region", "9"),
        ("SOUTH", "region", "1"),
        ("TRAM", "total", "10"),
    ]


def test_the_text_begins_with_what_was_asked_and_ends_with_the_total(run):
    status, out, _ = run(*WINDOW, "--unit", "TRAM", "--structure", "now")
    assert status == 0
    assert out.startswith("Tramworkers' Union (TRAM): 2024-01-01 to 2024-07-15, known at now, structure now")
    assert "Total" in out


@pytest.mark.parametrize(
    ("words", "code", "where"),
    [
        (("--as-of", "2024-07-15"), "usage", None),
        ((*WINDOW, "--unit", "MOON"), "not-found", "--unit"),
        ((*WINDOW, "--unit", "\udcff"), "not-found", "--unit"),
        ((*WINDOW, "--unit", ""), "not-found", "--unit"),
        ((*WINDOW, "--structure", "later"), "bad-structure", "--structure"),
        ((*WINDOW, "--known-at", "yesterday"), "bad-instant", "--known-at"),
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


def test_a_format_that_there_is_not_is_refused(run):
    status, out, err = run(*WINDOW, "--format", "yaml")
    assert (status, out) == (2, "")
    assert err == "groundswell report: --format must be json, csv or text.\n"


def test_the_command_says_what_the_page_says(run, world):
    told = json.loads(run(*WINDOW, "--format", "json")[1])
    assert told["total"]["members"] == ask("FED", "15 July 2024").total.members
