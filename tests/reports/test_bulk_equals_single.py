"""What is loaded in bulk is what the single actions would have made: the same report after both."""

import datetime as dt

from groundswell.access.actor import OPERATOR
from groundswell.people import actions as people
from groundswell.people.models import Membership
from groundswell.structure import actions as structure
from stage import ask, figures, known, sql
from world import at, day

TWINS = {"S": "SINGLE", "B": "BULK"}


def found(world):
    for prefix, code in TWINS.items():
        new = [
            structure.NewUnit(code, {"en": code.title()}, "section", "FED", day("1 January 2020")),
            structure.NewUnit(f"{prefix}-1", {"en": "One"}, "branch", code, day("1 January 2020")),
            structure.NewUnit(f"{prefix}-2", {"en": "Two"}, "branch", code, day("1 January 2020")),
        ]
        world.unit.update(structure.found_units(new, actor=OPERATOR, at=at("1 January 2020")))


def singly(world):
    one, two = world.unit["S-1"], world.unit["S-2"]
    stay, leaver, mover, guest, candidate = (
        people.add_person(one, name=f"Person {number}", actor=OPERATOR, at=at("1 May 2024"))
        for number in range(5)
    )
    for person in (stay, leaver, mover, guest):
        people.join(person, unit=one, day=day("1 May 2024"), actor=OPERATOR, at=at("1 May 2024"))
    people.join(
        candidate, unit=one, day=day("1 May 2024"), actor=OPERATOR, at=at("1 May 2024"), kind="candidate"
    )
    people.be_guest(guest, unit=two, day=day("1 June 2024"), actor=OPERATOR, at=at("1 June 2024"))
    people.leave(
        Membership.objects.get(person=leaver), day=day("1 June 2024"), actor=OPERATOR, at=at("10 June 2024")
    )
    people.transfer(
        Membership.objects.get(person=mover),
        to=two,
        day=day("5 June 2024"),
        actor=OPERATOR,
        at=at("5 June 2024"),
    )


def in_bulk(world):
    one, two = world.unit["B-1"].pk, world.unit["B-2"].pk
    keys = people.load_people(
        [people.NewPerson(str(number), one, f"Person {number}", at("1 May 2024")) for number in range(5)],
        actor=OPERATOR,
    )
    stay, leaver, mover, guest, candidate = (keys[str(number)] for number in range(5))
    first = {"unit_id": one, "start": day("1 May 2024"), "recorded_at": at("1 May 2024")}
    fifth = day("5 June 2024")
    rows = [
        people.NewMembership(person_id=stay, **first),
        people.NewMembership(
            person_id=leaver, until=day("1 June 2024"), ended_at=at("10 June 2024"), **first
        ),
        people.NewMembership(
            person_id=mover,
            until=fifth,
            ended_at=at("5 June 2024"),
            exit_flow="move_out",
            exit_other_id=two,
            exit_transfer_key="t",
            **first,
        ),
        people.NewMembership(
            person_id=mover,
            unit_id=two,
            start=fifth,
            recorded_at=at("5 June 2024"),
            entry_flow="move_in",
            entry_other_id=one,
            entry_transfer_key="t",
        ),
        people.NewMembership(person_id=guest, **first),
        people.NewMembership(
            person_id=guest, unit_id=two, start=day("1 June 2024"), recorded_at=at("1 June 2024"), home=False
        ),
        people.NewMembership(person_id=candidate, kind="candidate", **first),
    ]
    assert people.load_memberships(rows, actor=OPERATOR) == 7


def told(code, since, as_of, **more):
    made = ask(code, as_of, since, **more)
    return figures(made.total), [figures(line) for line in sorted(made.lines, key=lambda line: line.code)]


def steps(prefix):
    """Return the movements of a twin without what numbers its rows."""
    return sorted(
        sql(
            "select right(u.code, 1), right(o.code, 1), m.day, m.delta, m.flow, m.kind, m.home, m.counts,"
            " m.transfer_id is not null, m.reverses_id, m.origin, m.recorded_at"
            " from people_movement m join structure_unit u on u.id = m.unit_id"
            " left join structure_unit o on o.id = m.other_id where u.code like %s",
            f"{prefix}-_",
        ),
        key=str,
    )


def test_a_load_and_the_single_steps_leave_the_same_movements_and_the_same_report(world):
    found(world)
    singly(world)
    in_bulk(world)
    assert steps("S") == steps("B")
    assert len(steps("S")) == 9
    windows = ("30 April 2024", "15 July 2024"), ("1 May 2024", "4 June 2024"), ("4 June 2024", "5 June 2024")
    for window in windows:
        for moment in (None, known("2 June 2024"), known("10 June 2024")):
            single, bulk = (told(code, *window, known_at=moment) for code in ("SINGLE", "BULK"))
            assert single == bulk
    assert told("SINGLE", "30 April 2024", "15 July 2024")[0] == (3, 0, 4, 1, 1, 1)


def test_a_transfer_of_a_load_is_one_transfer_with_both_its_ends(world):
    found(world)
    in_bulk(world)
    assert sql(
        "select f.code, t.code, a.accepted_on"
        " from people_transfer a join structure_unit f on f.id = a.from_unit_id"
        " join structure_unit t on t.id = a.unit_id where f.code like 'B-_'"
    ) == [("B-1", "B-2", dt.date(2024, 6, 5))]
    assert sql(
        "select count(distinct transfer_id) from people_movement m join structure_unit u on u.id = m.unit_id"
        " where u.code like 'B-_' and transfer_id is not null"
    ) == [(1,)]
