"""Who sees which rows of the rooms' tables, asked of the database itself as the application's role."""

import pytest
from django.db import ProgrammingError, transaction

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.accounts.queries import actor_of
from groundswell.democracy import actions as democracy
from groundswell.reports import actions as reports
from groundswell.reports.queries import report
from stage import NOW, ask, figures, signed_in, sql
from world import TODAY, day

TRAM_ROLL = "ada bela chidi dana emre femi hana jonas kaya lio mara noor pavel rosa"
TRAM = {*TRAM_ROLL.split()}
FERRY = {"gita", "ines", "olga", "quinn", "sven"}
TABLES = (
    "structure_kind",
    "structure_unit",
    "structure_unitname",
    "structure_unitkind",
    "structure_unitparent",
    "structure_unitevent",
    "people_membershipkind",
    "people_person",
    "people_membership",
    "people_transfer",
    "people_movement",
    "people_rollup",
    "people_sectionrollup",
    "people_counting",
    "people_return",
    "accounts_mandate",
    "democracy_body",
    "democracy_resolution",
    "reports_threshold",
    "reports_target",
    "reports_frozen",
)


@pytest.fixture
def full(world):
    """Let there be a row in every table."""
    body = democracy.found_body(
        world.unit["FED"], names={"en": "Executive"}, founded_on=day("1 January 2020"), actor=OPERATOR
    )
    democracy.enter_resolution(
        body,
        titles={"en": "Grow"},
        kind="motion",
        result="carried",
        day=day("1 July 2024"),
        actor=OPERATOR,
        at=NOW,
    )
    reports.set_thresholds([10], actor=OPERATOR)
    for unit in ("FED", "TRAM", "FERRY"):
        reports.declare_target(
            world.unit[unit],
            figure="members",
            value=100,
            by=day("1 January 2026"),
            declared_on=day("1 July 2024"),
            declared_by="Executive",
            actor=OPERATOR,
            at=NOW,
        )
    sql(
        "insert into reports_frozen"
        " (unit_id, as_of, since, known_at, structure, body, digest, published, made_at)"
        " select id, '2024-07-01', '2024-01-01', now(), 'then', '{}', '', false, now() from structure_unit"
        " where code in ('FED', 'TRAM', 'FERRY')"
    )
    return world


def names(world, statement="select id from people_person"):
    by_key = {person.pk: who for who, person in world.person.items()}
    return {by_key[key] for (key,) in sql(statement)}


def codes(world, table, column="unit_id"):
    by_key = {unit.pk: code for code, unit in world.unit.items()}
    return {by_key[key] for (key,) in sql(f"select distinct {column} from {table}")}


@pytest.mark.parametrize("table", TABLES)
def test_nobody_sees_a_row_and_the_operator_sees_some(full, table):
    assert sql(f"select 1 from {table} limit 1") == [(1,)]
    for secret in ("", "guessed"):
        with scope.session(secret):
            assert sql(f"select 1 from {table} limit 1") == []


@pytest.mark.parametrize("table", TABLES)
def test_nobody_writes_a_row(full, table):
    column = {
        "structure_kind": "position",
        "people_membershipkind": "counts",
        "reports_threshold": "members",
    }.get(table, "id")
    if table in {"people_movement", "people_rollup", "people_sectionrollup"}:
        return
    with scope.nobody():
        assert sql(f"update {table} set {column} = {column} returning 1") == []


def test_a_secretary_sees_the_people_of_her_union_and_not_the_others(full):
    with signed_in(full, "bela"):
        assert names(full) == TRAM
        assert codes(full, "people_membership") == {"DEPOT", "LINE4", "HILL"}
        assert codes(full, "people_movement") == {"DEPOT", "LINE4", "HILL"}
        assert names(full, "select distinct person_id from people_membership") == TRAM - {"pavel"} | {"gita"}
    with signed_in(full, "sven"):
        # A guest of hers is seen as a person, not her membership at home.
        assert names(full) == FERRY | {"femi"}
        assert codes(full, "people_membership") == {"PIER", "DOCK"}


def test_the_federations_secretary_sees_every_figure_and_no_name_but_her_own(full):
    with signed_in(full, "ines") as ines:
        assert names(full) == {"ines"}
        assert names(full, "select person_id from people_membership") == {"ines"}
        assert names(full, "select person_id from people_movement") == {"ines"}
        assert codes(full, "people_rollup") == {"DEPOT", "LINE4", "HILL", "PIER", "DOCK", "BUS"}
        seen = report(ines, unit_code="FED", as_of=TODAY, since=day("1 January 2024"))
    assert figures(seen.total) == figures(ask("FED", "15 July 2024").total) == (62, 51, 14, 3, 1, 1)


def test_a_branch_organiser_sees_her_branch_and_its_figures(full):
    with signed_in(full, "ada"):
        assert names(full) == {"ada", "bela", "chidi", "dana", "femi", "pavel"}
        assert codes(full, "people_rollup") == {"DEPOT"}


def test_a_member_sees_herself_and_no_figure_of_the_tables(full):
    with signed_in(full, "chidi"):
        assert names(full) == {"chidi"}
        assert names(full, "select person_id from people_membership") == {"chidi"}
        assert names(full, "select person_id from people_movement") == {"chidi"}
        for table in ("people_rollup", "people_sectionrollup", "people_return", "people_counting"):
            assert sql(f"select 1 from {table}") == []
        assert sql("select 1 from reports_target") == sql("select 1 from reports_frozen") == []
        assert sql("select 1 from accounts_mandate") == []
        assert len(sql("select 1 from structure_unit")) == 11


def test_a_guest_sees_herself_at_home_and_away_and_nobody_of_where_she_is_a_guest(full):
    with signed_in(full, "femi"):
        assert names(full) == {"femi"}
        assert codes(full, "people_membership") == {"DEPOT", "PIER"}


def test_targets_frozen_reports_returns_and_mandates_are_seen_in_reach(full):
    with signed_in(full, "bela"):
        assert codes(full, "reports_target") == codes(full, "reports_frozen") == {"TRAM"}
        assert sql("select 1 from people_return") == []
        assert names(full, "select person_id from accounts_mandate") == {"ada", "bela", "jonas"}
    with signed_in(full, "ines"):
        assert codes(full, "reports_target") == {"FED", "TRAM", "FERRY"}
        assert codes(full, "people_return") == {"BUS"}


@pytest.mark.parametrize(
    "call",
    [
        "figures_by_month(array[{unit}], array[1], '{{}}', '2024-01-01', '2024-07-01', '{{}}', null)",
        "figures_of_special('{{}}', array[{unit}], '2024-07-15', null)",
    ],
)
def test_figures_leave_the_database_only_for_whoever_may_see_them(full, call):
    asked = "select count(*) from " + call.format(unit=full.unit["PIER"].pk)
    assert sql(asked)[0][0] > 0
    with signed_in(full, "sven"):
        assert sql(asked)[0][0] > 0
    for who in ("bela", "chidi"):
        with (
            signed_in(full, who),
            pytest.raises(ProgrammingError, match="not within reach"),
            transaction.atomic(),
        ):
            sql(asked)


def test_figures_of_a_section_out_of_reach_are_not_had_by_naming_it_as_a_row(full):
    asked = (
        "select sum(members), sum(joined) from figures_by_month(array_fill(%s, array[90]),"
        " array_fill(%s, array[90]), '{}', '2024-01-01', '2024-07-01', '{}', null) where members > 0"
    )
    tram, ferry, label = full.unit["TRAM"].pk, full.unit["FERRY"].pk, 0
    with signed_in(full, "bela"):
        assert sql(asked, tram, ferry) == sql(asked, tram, label)
    with signed_in(full, "sven"):
        assert sql(asked, ferry, ferry) != sql(asked, ferry, label)


@pytest.mark.parametrize("units", ["null", "array[null]", "array[{unit}, null]"])
def test_figures_of_no_unit_or_of_a_unit_that_is_null_are_refused(full, units):
    asked = f"select figures_require({units.format(unit=full.unit['TRAM'].pk)}::bigint[])"
    with (
        signed_in(full, "bela"),
        pytest.raises(ProgrammingError, match="not within reach"),
        transaction.atomic(),
    ):
        sql(asked)


@pytest.mark.parametrize(
    ("who", "statement", "written"),
    [
        ("bela", "update people_person set town = 'x' where name = 'Ada Amber' returning 1", True),
        ("bela", "update people_person set town = 'x' where name = 'Inés Ivy' returning 1", False),
        ("sven", "update people_person set town = 'x' where name = 'Femi Fern' returning 1", False),
        ("ines", "update people_person set town = 'x' where name = 'Ada Amber' returning 1", False),
        ("jonas", "update people_person set town = 'x' where name = 'Ada Amber' returning 1", False),
        ("bela", "update structure_unit set town = 'x' where code = 'HILL' returning 1", True),
        ("bela", "update structure_unit set town = 'x' where code = 'PIER' returning 1", False),
        ("bela", "update structure_unit set town = 'x' where code = 'FED' returning 1", False),
        ("ada", "update structure_unit set town = 'x' where code = 'DEPOT' returning 1", False),
        ("ines", "update democracy_body set elected = false returning 1", True),
        ("bela", "update democracy_body set elected = false returning 1", False),
        ("ines", "update reports_threshold set members = 11 returning 1", False),
        ("ines", "update structure_kind set position = position + 10 returning 1", True),
        ("bela", "update structure_kind set position = position + 10 returning 1", False),
        ("ines", "update people_membershipkind set counts = true returning 1", False),
    ],
)
def test_rows_are_written_in_reach_and_not_beyond(full, who, statement, written):
    with signed_in(full, who):
        assert (sql(statement) != []) == written


def test_a_person_is_not_pushed_out_of_reach_into_a_union_one_does_not_hold(full):
    moved = "update people_person set unit_id = %s where name = 'Ada Amber'"
    with signed_in(full, "bela"):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            sql(moved, full.unit["PIER"].pk)
        sql(moved, full.unit["HILL"].pk)


def test_an_ended_mandate_shows_no_name_at_the_next_question(full):
    secret = full.signed_in("bela")
    accounts.end_mandate(full.mandate["bela"], day=TODAY, actor=OPERATOR, at=NOW)
    with scope.session(secret):
        assert names(full) == {"bela"}
        assert actor_of(full.account["bela"]).mandates == ()
