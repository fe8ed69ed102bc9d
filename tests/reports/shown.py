"""What a report shows besides its figures, held against the ledger: names, milestones, what opens."""

import datetime as dt

from groundswell.access.actor import OPERATOR
from groundswell.reports.drilldown import drill
from stage import sql

# Before any day that a walk may choose.
LONG_AGO = dt.date(2000, 1, 1)


def thresholds_are_passed_on_their_days(ledger, made, thresholds, *, today):
    expected = ledger.passings(made.unit.code, made.since, made.as_of, thresholds, made.known_at, today=today)
    codes = {line.code for line in made.lines if line.kind != "direct"}
    assert {(one.unit_code, one.threshold): one.on for one in made.milestones} == {
        (made.unit.code if row == "whole" else row, threshold): day
        for (row, threshold), day in expected.items()
        if row == "whole" or row in codes
    }


def a_figure_opens_to_its_number(made, line, figure):
    shown = drill(
        OPERATOR,
        unit_code=made.unit.code,
        as_of=made.as_of,
        since=made.since,
        known_at=made.known_at,
        structure_of=made.structure,
        row_code=line.code,
        figure=figure,
        direct=line.kind == "direct",
    )
    assert shown.number == getattr(line, figure), figure
    if figure not in {"moved_in", "moved_out"}:
        assert abs(sum(entry.number for entry in shown.entries)) == shown.number, figure
    for part in shown.parts[:1]:
        a_part_opens_to_its_number(made, line, figure, part)


def a_part_opens_to_its_number(made, line, figure, part):
    """Open what one unit adds to a figure: its days add up to it, its years end with it."""
    shown = drill(
        OPERATOR,
        unit_code=made.unit.code,
        as_of=made.as_of,
        since=made.since,
        known_at=made.known_at,
        structure_of=made.structure,
        row_code=line.code,
        figure=figure,
        direct=line.kind == "direct",
        part_code=part.code,
    )
    assert shown.number == part.number, (figure, part)
    if figure in {"members", "previous"}:
        last = shown.years[-1]
        assert last.members == part.number, (figure, part)
        gained = sum(one.joined - one.left + one.moved_in - one.moved_out for one in shown.years)
        assert gained == part.number, (figure, part)
    else:
        assert sum(one.number for one in shown.days) == part.number, (figure, part)


def each_unit_reaches_what_lies_below_it():
    """Compare the ranges by which names are read with the tree."""
    assert sql("select structure_reach_wrong()") == []


def names_are_of_the_day(ledger, made, day):
    """Each row bears the name and the kind of that day; today's structure those believed today."""
    beliefs = ledger.now if made.structure == "now" else ledger.known_at(made.known_at)
    for line in made.lines:
        if line.kind == "direct":
            continue
        for periods, shown in ((beliefs.names, line.name), (beliefs.kinds, line.kind)):
            begun = [value for start, _, value in periods[line.code] if start <= max(day, LONG_AGO)]
            assert shown == begun[-1], line.code
