"""No page asks a question that only a look at every person could answer.

Every query of a crawl is planned again with sequential scans all but forbidden: where the plan still has
one over a table that grows with people, no index could serve the query, at any size. Nor may a subplan
gather all the rows of such a table to look one up among them, as `id in (select …)` beside an `or` does.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from browsing import signed_in
from django.db import connection, transaction
from test_crawler import crawl

from groundswell.access import personal

ASKING = ("select", "with")
ONE_BY_ONE = (
    "select id from structure_unit u where protected or (select true from people_person p where p.id = u.id)"
)
CONDITIONS = {"Index Cond", "Recheck Cond", "TID Cond"}


def growing() -> set[str]:
    """Return the tables that have a row for each person, or more."""
    return {one.table for one in personal.tables()} | {"people_person", "access_trail", "structure_movement"}


class Watch:
    """Plans each new query once more, and keeps what was scanned whole by which query."""

    def __init__(self) -> None:
        self.tables = growing()
        self.known: set[str] = set()
        self.scans: dict[str, set[str]] = {}
        self.within = False

    def __call__(self, execute, sql, params, many, context):
        text = sql if isinstance(sql, str) else ""
        if not self.within and text.lower().lstrip("( ").startswith(ASKING) and text not in self.known:
            self.known.add(text)
            self.within = True
            try:
                self._plan(text, params)
            finally:
                self.within = False
        return execute(sql, params, many, context)

    def _plan(self, text: str, params) -> None:
        with connection.cursor() as cursor:
            cursor.execute("set local enable_seqscan = off")
            cursor.execute(f"explain (format json) {text}", params)
            (answer,) = cursor.fetchone()
            cursor.execute("set local enable_seqscan = on")
        plans = json.loads(answer) if isinstance(answer, str) else answer
        for node, gathered in nodes(plans[0]["Plan"]):
            whole = node["Node Type"] == "Seq Scan" or (gathered and not node.keys() & CONDITIONS)
            if whole and node.get("Relation Name") in self.tables:
                self.scans.setdefault(node["Relation Name"], set()).add(text)


def nodes(plan: dict, *, gathered: bool = False) -> Iterator[tuple[dict, bool]]:
    """Yield the nodes of a plan, and whether each lies in a subplan, which may run for every row."""
    gathered = gathered or plan.get("Parent Relationship") == "SubPlan"
    yield plan, gathered
    for below in plan.get("Plans", ()):
        yield from nodes(below, gathered=gathered)


@contextmanager
def watched() -> Iterator[Watch]:
    watch = Watch()
    with connection.execute_wrapper(watch):
        yield watch


@pytest.mark.drill
@pytest.mark.parametrize("who", ["bela", "organiser", "treasurer", "dpo", "auditor"])
def test_no_page_looks_at_every_person(furnished, who):
    """A sample in each run: what the secretary of `test_every_form.py` meets on her way."""
    with transaction.atomic(), watched() as watch:
        crawl(signed_in(furnished, who), furnished)
    assert len(watch.known) > 80
    assert watch.scans == {}


@pytest.mark.parametrize(
    ("asked", "noticed"),
    [
        ("select count(*) from people_person where pronoun <> ''", True),
        ("select id from people_person where id = 7", False),
        (
            "select id from structure_unit u where protected or id in (select unit_id from people_person)",
            True,
        ),
        (ONE_BY_ONE, False),
    ],
)
def test_a_query_that_looks_at_every_person_is_noticed(db, asked, noticed):
    with watched() as watch, connection.cursor() as cursor:
        cursor.execute(asked)
    assert (set(watch.scans), len(watch.known)) == ({"people_person"} if noticed else set(), 1)
