"""What each event of a member's life does to the report: the table of events, row by row.

Figures are (members, previous, joined, left, moved in, moved out).
"""

import pytest

from groundswell.access.actor import OPERATOR
from groundswell.people import actions as people
from groundswell.reports import drilldown
from groundswell.reports.drilldown import drill
from groundswell.structure import actions as structure
from stage import NOW, YEAR, ask, known, newcomer, own, row, sql
from world import at, day

NOTHING = (0, 0, 0, 0)


def test_who_joins_counts_from_that_day_and_is_a_joining_of_that_day(world):
    assert own("DEPOT", "3 May 2024", "2 May 2024") == (5, 4, 1, 0, 0, 0)
    assert own("DEPOT", "2 May 2024", "1 May 2024") == (4, 4, *NOTHING)


def test_who_leaves_on_a_day_counts_up_to_the_day_before(world):
    assert own("DEPOT", "9 May 2024", "8 May 2024") == (4, 5, 0, 1, 0, 0)
    assert own("DEPOT", "8 May 2024", "7 May 2024") == (5, 5, *NOTHING)


def test_who_joined_and_left_inside_the_window_counts_in_both(world):
    brief = newcomer(world, "DEPOT", "3 June 2024")
    people.leave(brief, day=day("20 June 2024"), actor=OPERATOR, at=NOW)
    assert own("DEPOT", "30 June 2024", "31 May 2024") == (4, 4, 1, 1, 0, 0)
    assert own("DEPOT", "30 June 2024", "10 June 2024") == (4, 5, 0, 1, 0, 0)


def test_who_rejoins_joins_again(world):
    assert own("LINE4", "31 December 2023", "1 January 2023") == (1, 2, 0, 1, 0, 0)
    assert own("LINE4", "31 March 2024", "31 December 2023") == (2, 1, 1, 0, 0, 0)


def test_a_candidate_does_not_count_until_she_is_a_member_and_joins_on_that_day(world):
    assert own("LINE4", "1 April 2024", "31 March 2024") == (2, 2, *NOTHING)
    assert own("LINE4", "1 June 2024", "31 May 2024") == (5, 4, 1, 0, 0, 0)


def test_a_candidate_counts_where_the_section_has_made_that_its_rule(world):
    sql(
        "insert into people_countingrule (section_id, kind_id, counts) values (%s, 'candidate', true)",
        world.unit["TRAM"].pk,
    )
    newcomer(world, "HILL", "10 July 2024", kind="candidate")
    newcomer(world, "PIER", "10 July 2024", kind="candidate")
    assert own("HILL", "10 July 2024", "9 July 2024") == (2, 1, 1, 0, 0, 0)
    assert own("PIER", "10 July 2024", "9 July 2024") == (2, 2, *NOTHING)


def test_a_supporter_never_counts(world):
    assert own("HILL", "1 April 2024", "31 March 2024") == (2, 2, *NOTHING)


def test_a_transfer_to_another_section_moves_out_here_and_in_there_on_the_day_of_acceptance(world):
    assert row("FED", "TRAM", "12 May 2024", "11 May 2024") == (9, 10, 0, 0, 0, 1)
    assert row("FED", "FERRY", "12 May 2024", "11 May 2024") == (5, 4, 0, 0, 1, 0)
    assert row("FED", "total", "12 May 2024", "11 May 2024") == (54, 54, 0, 0, 1, 1)
    assert row("FED", "TRAM", "11 May 2024", "10 May 2024") == (10, 10, *NOTHING)


def test_a_transfer_inside_a_section_moves_nothing_in_its_row_and_shows_in_its_branches(world):
    assert row("FED", "TRAM", "15 April 2024", "14 April 2024") == (9, 9, *NOTHING)
    assert row("TRAM", "NORTH", "15 April 2024", "14 April 2024") == (7, 7, *NOTHING)
    assert row("NORTH", "DEPOT", "15 April 2024", "14 April 2024") == (4, 5, 0, 0, 0, 1)
    assert row("NORTH", "LINE4", "15 April 2024", "14 April 2024") == (3, 2, 0, 0, 1, 0)


def test_a_guest_is_not_counted_in_her_guest_branch_and_is_counted_at_home(world):
    assert own("PIER", "1 April 2024", "31 March 2024") == (2, 2, *NOTHING)
    before = own("DEPOT", "31 March 2024", "30 March 2024")[0]
    assert own("DEPOT", "1 April 2024", "31 March 2024")[0] == before == 5


def test_a_joining_entered_late_is_absent_as_known_before_and_present_as_known_after(world):
    assert own("LINE4", "31 May 2024", "30 April 2024", known_at=known("31 May 2024")) == (3, 3, *NOTHING)
    assert own("LINE4", "31 May 2024", "30 April 2024", known_at=known("1 June 2024")) == (4, 3, 1, 0, 0, 0)
    assert own("LINE4", "31 May 2024", "30 April 2024") == (4, 3, 1, 0, 0, 0)


def test_the_moment_of_knowledge_is_inclusive(world):
    moment = at("1 June 2024")
    assert own("LINE4", "31 May 2024", "30 April 2024", known_at=moment)[0] == 4
    before = moment.replace(hour=11, minute=59, second=59, microsecond=999999)
    assert own("LINE4", "31 May 2024", "30 April 2024", known_at=before)[0] == 3


def test_a_wrong_entry_found_lowers_joined_and_does_not_raise_left(world):
    assert own("HILL", "15 March 2024", "29 February 2024", known_at=known("1 July 2024")) == (
        3,
        2,
        1,
        0,
        0,
        0,
    )
    assert own("HILL", "15 March 2024", "29 February 2024", known_at=known("2 July 2024")) == (2, 2, *NOTHING)
    assert own("HILL", "15 July 2024", "30 June 2024") == (1, 1, *NOTHING)


def test_a_joining_day_put_right_counts_on_the_right_day(world):
    january = ("31 January 2024", "1 January 2024")
    assert own("HILL", *january, known_at=known("9 March 2024")) == (1, 1, *NOTHING)
    assert own("HILL", *january, known_at=known("10 March 2024")) == (2, 1, 1, 0, 0, 0)
    assert own("HILL", "29 February 2024", "31 January 2024") == (2, 2, *NOTHING)


def test_a_branch_that_changes_its_section_takes_its_members_along_without_a_movement(world):
    before = sql("select count(*) from people_movement")
    structure.move_unit(
        world.unit["HILL"], parent=world.unit["FERRY"], day=day("1 July 2024"), actor=OPERATOR, at=NOW
    )
    assert row("FED", "TRAM", "15 July 2024", "15 June 2024") == (9, 10, 0, 0, 0, 1)
    assert row("FED", "FERRY", "15 July 2024", "15 June 2024") == (6, 5, 0, 0, 1, 0)
    assert row("FED", "TRAM", "30 June 2024", "15 June 2024") == (10, 10, *NOTHING)
    assert own("HILL", "15 July 2024", "15 June 2024") == (1, 1, *NOTHING)
    assert sql("select count(*) from people_movement") == before


def test_whoever_was_transferred_into_a_moved_branch_is_not_counted_twice(world):
    moved = newcomer(world, "DEPOT", "5 June 2024")
    people.transfer(moved, to=world.unit["HILL"], day=day("20 June 2024"), actor=OPERATOR, at=NOW)
    structure.move_unit(
        world.unit["HILL"], parent=world.unit["FERRY"], day=day("1 July 2024"), actor=OPERATOR, at=NOW
    )
    # In June a move inside the section, in July two members cross its boundary with their branch.
    assert row("FED", "TRAM", "15 July 2024", "31 May 2024") == (9, 9, 2, 0, 0, 2)
    assert row("FED", "FERRY", "15 July 2024", "31 May 2024") == (7, 5, 0, 0, 2, 0)


@pytest.mark.parametrize("happens", ["promoted", "renamed", "founded anew"])
def test_a_unit_that_is_promoted_renamed_or_founded_anew_moves_nobody(world, happens):
    unit, change = world.unit["BUS"], {"day": day("10 July 2024"), "actor": OPERATOR, "at": NOW}
    before = sql("select count(*) from people_movement"), row("FED", "BUS", "15 July 2024")
    if happens == "promoted":
        structure.promote_unit(unit, kind="group", **change)
    elif happens == "renamed":
        structure.rename_unit(unit, names={"en": "Coach Crews"}, **change)
    else:
        structure.found_anew(unit, names={"en": "The New Busworkers"}, **change)
    assert (sql("select count(*) from people_movement"), row("FED", "BUS", "15 July 2024")) == before
    (line,) = (one for one in ask("FED", "15 July 2024").lines if one.code == "BUS")
    shown = {"promoted": line.kind, "renamed": line.name, "founded anew": line.name}[happens]
    assert shown in {"group", "Coach Crews", "The New Busworkers"}


def test_an_absorbed_branch_counts_where_it_lies_and_so_do_its_later_leavers(world):
    structure.merge_units(
        world.unit["DOCK"], into=world.unit["PIER"], day=day("1 July 2024"), actor=OPERATOR, at=NOW
    )
    people.leave(world.membership["quinn"], day=day("10 July 2024"), actor=OPERATOR, at=NOW)
    assert row("FERRY", "PIER", "15 July 2024", "30 June 2024") == (4, 2, 0, 1, 3, 0)
    assert row("FERRY", "DOCK", "15 July 2024", "30 June 2024") == (0, 3, 0, 0, 0, 3)
    assert row("FED", "FERRY", "15 July 2024", "30 June 2024") == (4, 5, 0, 1, 0, 0)
    # Its own report says what its row above says, and today's structure knows nobody in it on any day.
    assert own("DOCK", "15 July 2024", "30 June 2024") == (0, 3, 0, 0, 0, 3)
    assert own("DOCK", "15 July 2024", "1 July 2024") == own("DOCK", "15 July 2024", structure_of="now")
    assert own("DOCK", "15 July 2024", structure_of="now") == (0, 0, *NOTHING)
    assert own("DOCK", "15 July 2024", "30 June 2024", known_at=known("14 July 2024")) == (3, 3, *NOTHING)
    window = {"unit_code": "DOCK", "as_of": day("15 July 2024"), "since": day("30 June 2024")}
    assert [drill(OPERATOR, figure=one, **window).number for one in ("members", "moved_out")] == [0, 3]


def test_an_absorbed_branch_is_listed_in_the_window_of_its_end_and_not_in_the_next(world):
    structure.merge_units(
        world.unit["DOCK"], into=world.unit["PIER"], day=day("1 July 2024"), actor=OPERATOR, at=NOW
    )
    listed = {line.code for line in ask("FERRY", "1 July 2024", "30 June 2024").lines}
    assert listed == {"PIER", "DOCK"}
    assert {line.code for line in ask("FERRY", "2 July 2024", "1 July 2024").lines} == {"PIER"}


def test_an_erased_person_leaves_the_figures_as_they_were_and_no_name(world):
    named = drill(
        OPERATOR, unit_code="DEPOT", as_of=day("15 July 2024"), since=day(YEAR), figure="members"
    ).entries
    assert {entry.person for entry in named} == {"Ada Amber", "Béla Birch", "Chidi Cove", "Femi Fern"}
    # The number of a person without a row, as an erasure leaves it.
    sql(
        "insert into people_membership (person_id, unit_id, kind_id, home, entry_flow, exit_flow, reason,"
        " valid, recorded) values (987654321, %s, 'member', true, 'entry', 'exit', '',"
        " daterange('2024-07-01', null), tstzrange(%s, null))",
        world.unit["DEPOT"].pk,
        NOW,
    )
    assert own("DEPOT", "15 July 2024", "30 June 2024") == (5, 4, 1, 0, 0, 0)
    opened = drill(
        OPERATOR, unit_code="DEPOT", as_of=day("15 July 2024"), since=day("30 June 2024"), figure="joined"
    )
    assert [(entry.person_id, entry.person) for entry in opened.entries] == [(None, None)]
    assert opened.number == 1


def test_every_row_of_every_report_adds_up_and_the_rows_make_the_total(world):
    for unit in ("FED", "TRAM", "NORTH", "FERRY", "BUS", "DEPOT"):
        made = ask(unit, "15 July 2024")
        for line in (*made.lines, made.total):
            assert line.members == line.previous + line.joined - line.left + line.moved_in - line.moved_out, (
                unit,
                line.code,
            )
        assert made.total.members == sum(line.members for line in made.lines)


def test_those_directly_in_a_unit_have_a_course_of_their_own_beside_that_of_the_whole(world):
    newcomer(world, "TRAM", "10 June 2024")
    made = ask("TRAM", "30 June 2024", "31 May 2024")
    assert [value for _day, value in made.series["direct"]] == [0, 1]
    assert [value for _day, value in made.series["TRAM"]] == [made.total.previous, made.total.members]


def test_a_list_of_names_that_was_cut_before_those_that_count_says_so(world, monkeypatch):
    monkeypatch.setattr(drilldown, "MOST_NAMES", 1)
    for to, on in (("LINE4", "2 July 2024"), ("LINE4", "3 July 2024"), ("HILL", "4 July 2024")):
        moved = newcomer(world, "DEPOT", "1 July 2024")
        people.transfer(moved, to=world.unit[to], day=day(on), actor=OPERATOR, at=NOW)
    window = {"unit_code": "TRAM", "as_of": day("15 July 2024"), "since": day("30 June 2024")}
    opened = drilldown.drill(OPERATOR, figure="moved_in", **window)
    assert (opened.number, opened.entries, opened.entries_cut) == (1, (), True)
    assert drilldown.drill(OPERATOR, figure="moved_in", row_code="SOUTH", **window).entries_cut is False
