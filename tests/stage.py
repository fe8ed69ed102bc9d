"""What tests of several rooms ask of the cast of `world.py`; `stagehands.py` holds the fixtures."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import connection

import world as play
from groundswell.access import scope
from groundswell.access.actor import OPERATOR, Actor
from groundswell.accounts.queries import actor_of
from groundswell.people import actions as people
from groundswell.people.models import Membership, Person
from groundswell.reports.queries import Line, Report, report
from world import World, day

YEAR = "1 January 2024"
NOW = dt.datetime.combine(play.TODAY, dt.time(12), dt.UTC)
FIGURES = ("members", "previous", "joined", "left", "moved_in", "moved_out")


def figures(line: Line) -> tuple[int, ...]:
    """Return members, previous, joined, left, moved in and moved out of a row."""
    return tuple(getattr(line, name) for name in FIGURES)


def ask(unit: str, as_of: str, since: str = YEAR, **more: Any) -> Report:
    """Make the operator's report of a unit over (since, as_of]."""
    return report(OPERATOR, unit_code=unit, as_of=day(as_of), since=day(since), **more)


def row(unit: str, code: str, as_of: str, since: str = YEAR, **more: Any) -> tuple[int, ...]:
    """Return the figures of one row; `total` is the whole, a unit's own code its direct members."""
    made = ask(unit, as_of, since, **more)
    if code == "total":
        return figures(made.total)
    (line,) = (one for one in made.lines if one.code == code)
    return figures(line)


def own(code: str, as_of: str, since: str = YEAR, **more: Any) -> tuple[int, ...]:
    """Return the figures of a unit's own report as a whole."""
    return row(code, "total", as_of, since, **more)


def known(text: str) -> dt.datetime:
    """Return the last moment (UTC) of the day written "3 May 2024"."""
    return dt.datetime.combine(day(text), dt.time.max, dt.UTC)


def sql(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Run a statement as the role of the application, in the scope that is taken up; return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return list(cursor.fetchall()) if cursor.description else []


def judge_now() -> None:
    """Judge the deferred constraints, as COMMIT does."""
    sql("set constraints all immediate")
    sql("set constraints all deferred")


def actor(world: World, who: str) -> Actor:
    """Return one of the cast as she acts, with the offices she holds today."""
    return actor_of(world.account[who])


@contextlib.contextmanager
def signed_in(world: World, who: str) -> Iterator[Actor]:
    """Act as one of the cast: row security knows her, and nobody else."""
    acting = actor(world, who)
    with scope.session(world.signed_in(who)):
        yield acting


def newcomer(world: World, unit: str, first: str, recorded: dt.datetime = NOW, **more: Any) -> Membership:
    """Let somebody new join a unit on a day."""
    return people.join(
        somebody(world, unit), unit=world.unit[unit], day=day(first), actor=OPERATOR, at=recorded, **more
    )


def somebody(world: World, unit: str) -> Person:
    """Write down a person whom a unit knows."""
    return people.add_person(world.unit[unit], name="Nia New", actor=OPERATOR, at=NOW)


def field(world, unit, label, kind="text", options=()):
    return people.add_field(world.unit[unit], label=label, kind=kind, options=options, actor=OPERATOR, at=NOW)


def own_fields(world):
    """Let the union ask for a trade, and the depot for what else there is."""
    return {
        "trade": field(world, "TRAM", "Trade", "choice", ["driver", "fitter"]),
        "shifts": field(world, "DEPOT", "Shifts", "choices", ["early", "late", "night"]),
        "years": field(world, "DEPOT", "Years here", "number"),
        "steward": field(world, "DEPOT", "Shop steward", "yesno"),
        "trained": field(world, "DEPOT", "Trained on", "day"),
        "words": field(world, "DEPOT", "Brings along"),
    }
