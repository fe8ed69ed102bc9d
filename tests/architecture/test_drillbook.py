"""What the drills told stands in the results, one row for each, and nothing that was not run is changed."""

from types import SimpleNamespace

import pytest
from bench import run

from drillbook import Drillbook

KILLS = "tests/concurrency/test_kill.py::test_a_kill_loses_nothing"
FORMS = "tests/doors/test_forms.py::test_no_string_breaks_a_form"


def case(name, *, passed=True, seconds=1.0, when="call", **figures):
    return SimpleNamespace(
        nodeid=name,
        when=when,
        passed=passed,
        failed=not passed,
        duration=seconds,
        user_properties=list(figures.items()),
    )


@pytest.fixture
def results(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "RESULTS", tmp_path / "RESULTS.md")
    run.put("pages", "## Pages\n\n24 ms")
    return run.RESULTS


def told(*cases, cut_short=()):
    book = Drillbook()
    to_run = list(dict.fromkeys([*(one.nodeid for one in cases), *cut_short]))
    book.pytest_collection_finish(SimpleNamespace(items=[SimpleNamespace(nodeid=one) for one in to_run]))
    for one in cases:
        book.pytest_runtest_logreport(one)
    book.pytest_sessionfinish()


def rows(results) -> list[list[str]]:
    lines = [line for line in results.read_text().splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")][:5] for line in lines[1:]]


def test_cases_are_one_row_with_their_figures_added_up_and_what_failed_is_said(results):
    told(
        case(KILLS, rounds=100, lost=0),
        case(f"{FORMS}[bela]", thrown=1_000, who="bela"),
        case(f"{FORMS}[hana]", thrown=500, who="hana", passed=False),
        case(f"{FORMS}[ada]", when="setup"),
        case(f"{FORMS}[ines]", when="setup", passed=False),
        cut_short=[f"{FORMS}[olga]", "tests/doors/test_forms.py::test_that_was_not_reached"],
    )
    assert rows(results) == [
        ["a kill loses nothing", "`tests/concurrency/test_kill.py`", "rounds 100; lost 0", "1 of 1", "1"],
        ["no string breaks a form", "`tests/doors/test_forms.py`", "thrown 1,500; who hana", "1 of 5", "3"],
    ]
    assert "24 ms" in results.read_text()


def test_a_drill_that_does_not_run_keeps_its_row_and_one_that_does_gets_a_new_one(results):
    told(case(KILLS, rounds=100), case(FORMS, thrown=7))
    told(case(KILLS, rounds=12, seconds=0.5))
    assert [row[2] for row in rows(results)] == ["rounds 12", "thrown 7"]
    before = results.read_text()
    told()
    assert results.read_text() == before
