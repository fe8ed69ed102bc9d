"""Every line called fulfilled has a page that shows it, a command that prints it, a test that holds it."""

import argparse
import ast
import datetime as dt
import functools
import html
import importlib
import re
import shlex
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client, override_settings

import testbase
from groundswell.cli import report as report_command
from groundswell.cli import typed
from groundswell.cli.main import COMMANDS
from groundswell.exchange.scenario import source
from groundswell.exchange.scenario.load import SignIn

FULFILLED = [line for line in source.lines() if line.state == source.FULFILLED]


@pytest.fixture(scope="module")
def read(loaded: tuple[SignIn, ...], django_db_blocker: Any) -> Iterator[Callable[[str], str]]:
    """Return a function: an address -> what the international secretary reads there, asked for once."""
    client = Client()
    first = loaded[0]

    @functools.cache
    def page(address: str) -> str:
        answer = client.get(address)
        assert answer.status_code == 200
        return text_of(answer.content)

    with django_db_blocker.unblock(), override_settings(SIMULATED_AFTER=dt.date(2024, 1, 31)):
        answer = client.post("/accounts/login/", {"email": first.email, "password": first.password})
        assert (first.office, first.unit, answer.status_code) == ("secretary", "INT", 302)
        yield page


def text_of(page: bytes) -> str:
    """Return what a person reads: no tags, no drawings, blanks of every width as one."""
    plain = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", page.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", plain)))


@functools.cache
def printed(command: str) -> str:
    """Return what the command line prints, its options parsed as the command parses them."""
    program, word, *options = shlex.split(command)
    assert program == "groundswell"
    module = importlib.import_module(COMMANDS[word][0])
    assert module is report_command
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    asked = parser.parse_args(options)
    days = (typed.day(asked.as_of, "--as-of"), typed.day(asked.since, "--since"))
    shown, _aside = report_command._made(asked, *days, None)
    return shown


def test_the_source_has_its_43_lines_and_no_proof_without_a_line() -> None:
    found = source.lines()
    assert len(found) == 43
    assert len({line.id for line in found}) == 43
    assert {line.id for line in FULFILLED} == set(source.PROOFS)
    assert {line.state for line in found} == {source.FULFILLED, source.NOT_YET}


def test_a_line_that_is_not_there_yet_claims_nothing() -> None:
    for line in source.lines():
        if line.state == source.NOT_YET:
            assert (line.page, line.command, line.test) == ("", "", "")
            assert 1 <= line.row <= 18


def test_what_comes_with_later_issues_is_not_claimed() -> None:
    states = {line.id: line.state for line in source.lines()}
    later = ("F11", "F12", "F13", "F14", "F15", "I02", "I03", "I04", "I05", "D03", "P01", "P14", "P17")
    assert {states[one] for one in later} == {source.NOT_YET}


@pytest.mark.parametrize("line", FULFILLED, ids=lambda line: line.id)
def test_the_page_of_a_fulfilled_line_shows_it(line: source.SourceLine, read: Callable[[str], str]) -> None:
    shown = read(line.page)
    for wanted in source.PROOFS[line.id].shows:
        assert wanted in shown


@pytest.mark.parametrize("line", FULFILLED, ids=lambda line: line.id)
def test_the_command_of_a_fulfilled_line_prints_it(
    line: source.SourceLine, loaded: tuple[SignIn, ...], django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        output = printed(line.command)
    for wanted in source.PROOFS[line.id].prints:
        assert wanted in output


@pytest.mark.parametrize("line", FULFILLED, ids=lambda line: line.id)
def test_the_test_of_a_fulfilled_line_exists(line: source.SourceLine) -> None:
    file, _, name = line.test.partition("::")
    tree = ast.parse((testbase.CHECKOUT / file).read_text("utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_page_of_the_source_is_public_in_the_demo_and_counts_the_lines(
    loaded: tuple[SignIn, ...], django_db_blocker: Any, settings: Any
) -> None:
    settings.DEMO = True
    with django_db_blocker.unblock():
        answer = Client().get("/source/")
    assert answer.status_code == 200
    assert f"{len(FULFILLED)} of 43 lines fulfilled." in text_of(answer.content)


def test_outside_the_demo_there_is_no_page_of_the_source(
    loaded: tuple[SignIn, ...], django_db_blocker: Any, settings: Any
) -> None:
    settings.DEMO = False
    with django_db_blocker.unblock():
        assert Client().get("/source/").status_code == 404


def test_the_document_is_what_the_command_writes() -> None:
    written = (testbase.CHECKOUT / "docs" / "source.md").read_text("utf-8")
    assert written == source.as_markdown()


# What stands on a page of the demo with its mark, and beside it what a source gives and has none.
_OF_THE_YEAR = "as_of=2024-01-31&since=2023-01-31"
MARKED = {
    "/units/?on=2024-01-31": ("Britain † section", "Italy section", "Tendency † international"),
    "/units/GB-LONDON-CENTRAL/?on=2024-01-31": ("London Central † Thirty", "Members † "),
    "/units/promotion/?on=2024-01-31": ("Netherlands † section", "Ireland section"),
    "/units/proposals/": (" † It has ",),
    f"/report/?{_OF_THE_YEAR}": (
        "Britain † section 768",
        "Italy section 412",
        "Total † 4 330",
        "Members † 6",
    ),
    f"/report/?{_OF_THE_YEAR}&unit=IT": ("Rome Centro † branch", "Total 412", "Members 515"),
    f"/report/?{_OF_THE_YEAR}&unit=PK": ("a year ago. †", "Total † 500"),
    f"/report/drill/?{_OF_THE_YEAR}&row=IT&figure=joined": ("Rome Centro † ", "147 joined Italy after"),
    f"/report/drill/?{_OF_THE_YEAR}&row=PK&figure=joined": ("up to 31 January 2024. †",),
    "/map/?as_of=2024-01-31": ("6 030 members in 25 countries. †", "Pakistan † section 560", "Italy section"),
}


@pytest.mark.parametrize("page", MARKED)
def test_what_no_source_gives_carries_its_mark_and_what_one_gives_does_not(
    page: str, read: Callable[[str], str]
) -> None:
    shown = read(page)
    for wanted in (*MARKED[page], "† illustrative: the unit, or what is counted of it, is invented"):
        assert wanted in shown


@pytest.mark.parametrize(
    "address",
    [
        *("/units/?on=", "/units/GB/?on=", "/units/promotion/?on="),
        *("/report/?as_of=", "/report/drill/?as_of=", "/map/?as_of="),
    ],
)
def test_what_lies_after_the_last_published_day_is_called_simulated(
    address: str, read: Callable[[str], str]
) -> None:
    pages = [read(address + day) for day in ("2024-01-31", "2024-02-01")]
    assert ["What lies after 31 January 2024 is invented" in page for page in pages] == [False, True]
    assert re.search(r"Today is 15 June 2024 \([A-Z][a-z]+/[A-Z][a-z]+\)\. Simulated\.", pages[0])
