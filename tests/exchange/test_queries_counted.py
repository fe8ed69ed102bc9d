"""Pages of lists ask as many questions of three rows as of one."""

import files
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from test_exporting import taken
from test_import_pages import Browser, chosen

from groundswell.access.actor import OPERATOR
from groundswell.exchange import actions
from groundswell.exchange.exporting import rows
from groundswell.exchange.models import Release
from groundswell.people import actions as people
from stage import NOW

HEADER = ("Name", "E-Mail", "Trade")


@pytest.fixture
def asked(world):
    """Let the union ask for a trade."""
    said = {"kind": "choice", "options": ["driver", "fitter"], "actor": OPERATOR, "at": NOW}
    return people.add_field(world.unit["TRAM"], label="Trade", **said)


@pytest.fixture
def browser_of(world):
    def of(who):
        client = Browser(headers={"accept-language": "en"})
        client.force_login(world.account[who])
        return client

    return of


def row(number: int) -> tuple[str, ...]:
    word = "abcdefg"[number] * 4
    return (f"Zoe{word} Zinc{word}", f"{word}@example.org", "fitter")


def batch_of(tmp_path, world, count, *more, by=OPERATOR):
    path = files.written(tmp_path, files.text(rows=[*map(row, range(count)), *more], header=HEADER))
    said = {"unit": world.unit["DEPOT"], "wanted": actions.Wanted(), "actor": by, "at": NOW}
    return actions.stage(path, name="l", **said)


def taken_in(batch):
    actions.start(batch, actor=OPERATOR)
    while actions.run_chunk(batch, at=NOW):
        pass
    return actions.finish(batch, actor=OPERATOR, at=NOW)


def counted(browser, address) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(address).status_code == 200
    return len(seen)


def test_the_list_of_imports(world, asked, browser_of, tmp_path):
    ada, counts = browser_of("ada"), []
    for more in (1, 2):
        for _one in range(more):
            batch_of(tmp_path, world, 1)
        counts.append(counted(ada, "/lists/import/"))
    assert counts[0] == counts[1] <= 15


def test_the_page_of_an_upload(world, asked, browser_of):
    ada = browser_of("ada")
    counts = [counted(ada, chosen(ada, *map(row, range(count)), header=HEADER).url) for count in (1, 3)]
    assert counts[0] == counts[1] <= 18


def test_the_preview_of_every_row(world, asked, browser_of, tmp_path):
    ada = browser_of("ada")
    known = ("Chidi Cove", "", "driver")
    counts = [
        counted(ada, f"/lists/import/{batch_of(tmp_path, world, count, known).pk}/") for count in (1, 5)
    ]
    assert counts[0] == counts[1] <= 33


def test_the_page_of_what_became_of_a_list(world, asked, browser_of, tmp_path):
    ada, done, undone = browser_of("ada"), [], []
    for count in (1, 3):
        # Of one name and another town and mail: doubtful; without a name: refused.
        extra = [("", "x@example.org", ""), ("Chidi Cove", "new@example.org", "")] * count
        batch = taken_in(batch_of(tmp_path, world, count, *extra))
        done.append(counted(ada, f"/lists/import/{batch.pk}/"))
        actions.undo(batch, actor=OPERATOR, at=NOW)
        undone.append(counted(ada, f"/lists/import/{batch.pk}/"))
    assert done[0] == done[1] <= 19
    assert undone[0] == undone[1] <= 19


def test_the_larger_lists(world, browser_of, monkeypatch):
    monkeypatch.setattr(rows, "ALONE", 0)
    ada, counts = browser_of("ada"), []
    for more in (1, 2):
        for _one in range(more):
            taken(ada)
        counts.append(counted(ada, "/lists/export/larger/"))
    assert Release.objects.count() == 3
    assert counts[0] == counts[1] <= 14
