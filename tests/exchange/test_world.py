"""The tests' own world counts as its data says: figures worked out by hand, not by the code."""

import datetime as dt

from groundswell.access.actor import OPERATOR
from groundswell.kernel import clock
from groundswell.reports.queries import Line, report
from world import TODAY, World

SINCE, AS_OF = dt.date(2023, 12, 31), dt.date(2024, 6, 30)


def lines(unit: str, as_of: dt.date = AS_OF, known: dt.date | None = None) -> dict[str, Line]:
    made = report(
        OPERATOR,
        unit_code=unit,
        as_of=as_of,
        since=min(SINCE, as_of),
        known_at=clock.end_of(known) if known else None,
    )
    return {line.code: line for line in made.lines}


def figures(line: Line) -> tuple[int, ...]:
    return (line.previous, line.joined, line.left, line.moved_in, line.moved_out, line.members)


def test_the_half_year_of_the_federation_is_what_the_cast_did(world: World) -> None:
    found = {code: figures(line) for code, line in lines("FED").items()}
    # Joined the tram: chidi, emre again, kaya, mara accepted, rosa; lio never was. Left: dana.
    assert found == {
        "BUS": (40, 9, 2, 0, 0, 47),
        "TRAM": (7, 5, 1, 0, 1, 10),
        "FERRY": (4, 0, 0, 1, 0, 5),
    }
    assert figures(lines("TRAM")["NORTH"]) == (6, 4, 1, 0, 0, 9)
    assert figures(lines("TRAM")["SOUTH"]) == (1, 1, 0, 0, 1, 1)
    assert figures(lines("NORTH")["DEPOT"]) == (5, 1, 1, 0, 1, 4)
    assert figures(lines("NORTH")["LINE4"]) == (1, 3, 0, 1, 0, 5)
    assert figures(lines("FERRY")["PIER"]) == (2, 0, 0, 0, 0, 2)
    assert figures(lines("FERRY")["DOCK"]) == (2, 0, 0, 1, 0, 3)


def test_names_and_kinds_are_those_of_the_day(world: World) -> None:
    before, after = lines("FED", dt.date(2024, 4, 30)), lines("FED")
    assert (before["FERRY"].name, after["FERRY"].name) == ("Ferry Crews' Union", "Sailors' Union")
    assert (before["BUS"].kind, after["BUS"].kind) == ("group", "section")


def test_what_was_entered_late_or_wrongly_is_as_it_was_known(world: World) -> None:
    day = dt.date(2024, 5, 31)
    # Kaya was entered on 1 June, Lio was withdrawn on 2 July.
    for known, (north, south) in {
        day: (7, 2),
        dt.date(2024, 6, 1): (8, 2),
        dt.date(2024, 7, 2): (8, 1),
    }.items():
        found = lines("TRAM", day, known)
        assert (found["NORTH"].members, found["SOUTH"].members) == (north, south)


def test_today_is_the_worlds_day(world: World) -> None:
    assert clock.today() == TODAY
