"""Who sees what, asked of the database itself."""

import datetime as dt

import pytest
from small_world import ask, column, give_office, withdraw_offices

from groundswell.access import gate, scope

EVERYBODY = {"anna", "bert", "clara", "gustav", "ines", "sofia", "olga", "theo", "dana", "august"}


def seen(world):
    return world.people(column("select id from people_person"))


def reach(world, function):
    return world.names(column(f"select {function}()")[0])


def test_nobody_sees_no_person_no_unit_and_no_mandate(world):
    with scope.nobody():
        assert seen(world) == set()
        assert column("select id from structure_unit") == []
        assert column("select id from accounts_mandate") == []
        assert column("select id from people_membership") == []
        assert ask("select scope_known(), scope_all(), scope_person(), scope_units()") == [
            (False, False, None, [])
        ]


def test_a_secret_that_no_session_has_sees_nothing(world):
    with scope.session("guessed"):
        assert seen(world) == set()
        assert column("select scope_known()") == [False]


def test_the_operator_sees_everybody(world):
    with scope.operator():
        assert seen(world) == EVERYBODY
        assert ask("select scope_known(), scope_all(), scope_person(), scope_account()") == [
            (True, True, None, None)
        ]


def test_the_worker_has_the_operators_reach_under_a_secret_of_its_own(world):
    assert gate.secret_of("worker") != gate.secret_of("operator")
    with scope.worker():
        assert seen(world) == EVERYBODY
        assert column("select (scope_session()).kind") == ["worker"]


def test_the_international_secretary_has_figures_everywhere_and_no_names_but_her_own(world):
    with scope.session(world.signed_in("ines")):
        assert reach(world, "scope_figures") == {"INT", "S", "R", "A", "B", "T", "C"}
        assert reach(world, "scope_units") == set()
        assert seen(world) == {"ines"}


def test_a_section_secretary_sees_the_names_of_her_section_and_not_of_the_other(world):
    with scope.session(world.signed_in("sofia")):
        assert reach(world, "scope_units") == {"S", "R", "A", "B"}
        assert reach(world, "scope_write_units") == {"S", "R", "A", "B"}
        assert reach(world, "scope_structure_units") == {"S", "R", "A", "B"}
        # gustav lives in the other section and is a guest in hers
        assert seen(world) == EVERYBODY - {"clara", "august"}


def test_a_branch_organiser_sees_her_branch_and_its_guest_and_changes_no_structure(world):
    with scope.session(world.signed_in("olga")):
        assert reach(world, "scope_units") == {"A"}
        assert reach(world, "scope_figures") == {"A"}
        assert reach(world, "scope_structure_units") == set()
        assert seen(world) == {"anna", "olga", "gustav"}


def test_a_treasurer_sees_her_region_and_writes_no_person(world):
    with scope.session(world.signed_in("theo")):
        assert reach(world, "scope_units") == {"R", "A", "B"}
        assert reach(world, "scope_write_units") == set()
        assert seen(world) == {"theo", "anna", "bert", "olga", "gustav"}


def test_a_member_sees_her_own_record_and_the_tree(world):
    with scope.session(world.signed_in("anna")):
        assert seen(world) == {"anna"}
        assert column("select scope_person()") == [world.person["anna"]]
        assert world.names(column("select id from structure_unit")) == {"INT", "S", "R", "A", "B", "T", "C"}
        assert reach(world, "scope_figures") == set()


def test_a_guest_sees_her_own_record_and_not_the_branch_she_visits(world):
    with scope.session(world.signed_in("gustav")):
        assert seen(world) == {"gustav"}


def test_an_organiser_changes_a_member_of_her_branch_and_not_one_of_the_next(world):
    with scope.session(world.signed_in("olga")):
        changed = "update people_person set town = 'x' where id = %s returning id"
        assert column(changed, world.person["anna"]) == [world.person["anna"]]
        assert column(changed, world.person["bert"]) == []


def test_a_treasurer_changes_nobody_she_sees(world):
    with scope.session(world.signed_in("theo")):
        assert (
            column("update people_person set town = 'x' where id <> %s returning id", world.person["theo"])
            == []
        )


def test_rights_end_the_moment_a_mandate_ends_in_organisation_time(world):
    with scope.operator():
        withdraw_offices(world.person["olga"])
        today = column("select org_today()")[0]
        give_office(world.person["olga"], "organiser", world.unit["A"], until=today + dt.timedelta(days=1))
    secret = world.signed_in("olga")
    with scope.session(secret):
        assert seen(world) == {"anna", "olga", "gustav"}
    with scope.operator():
        ask("update kernel_clock set ahead = ahead + interval '1 day'")
    with scope.session(secret):
        assert seen(world) == {"olga"}


def test_a_mandate_that_begins_tomorrow_shows_nothing_today(world):
    with scope.operator():
        withdraw_offices(world.person["sofia"])
        ask(
            "insert into accounts_mandate (valid, recorded, office, person_id, unit_id) values"
            " (daterange(org_today() + 1, null), tstzrange(org_now(), null), 'secretary', %s, %s)",
            world.person["sofia"],
            world.unit["S"],
        )
    with scope.session(world.signed_in("sofia")):
        assert seen(world) == {"sofia"}


def test_a_mandate_that_was_withdrawn_shows_nothing(world):
    with scope.operator():
        withdraw_offices(world.person["sofia"])
    with scope.session(world.signed_in("sofia")):
        assert seen(world) == {"sofia"}


def test_an_account_that_was_closed_sees_nothing_at_its_next_question(world):
    secret = world.signed_in("sofia")
    with scope.session(secret):
        assert "anna" in seen(world)
    with scope.operator():
        ask("update accounts_account set is_active = false where id = %s", world.account["sofia"])
    with scope.session(secret):
        assert seen(world) == set()
        assert column("select scope_known()") == [False]


def test_a_branch_that_moves_to_another_section_is_seen_from_there(world):
    with scope.operator():
        path = "".join(f"/{world.unit[code]}" for code in ("INT", "T", "B")) + "/"
        ask("update structure_unit set path = %s where id = %s", path, world.unit["B"])
        # An auditor sees nobody; a treasurer of that section does.
        ask(
            "insert into accounts_mandate (person_id, unit_id, office, valid, recorded)"
            " select person_id, unit_id, 'treasurer', valid, recorded from accounts_mandate"
            " where person_id = %s",
            world.person["august"],
        )
    with scope.session(world.signed_in("sofia")):
        assert "bert" not in seen(world)
    with scope.session(world.signed_in("august")):
        assert "bert" in seen(world)


def test_a_unit_whose_number_begins_like_another_is_not_below_it(world):
    # /1/2/ and /1/20/: the range of paths must end at the slash.
    section = world.unit["S"]
    with scope.operator():
        ask(
            "insert into structure_unit (id, code, path, kind_id, holds_names, country, town,"
            " locale, languages,"
            " currency, time_zone, protected, illustrative, founded_on)"
            " select id * 10, 'LIKE-S', left(path, -1) || '0/', kind_id, true, '', '', 'en', '{}',"
            " 'EUR', 'UTC',"
            " false, false, founded_on from structure_unit where id = %s",
            section,
        )
        assert column("select path from structure_unit where code = 'LIKE-S'")[0].endswith(f"/{section}0/")
    with scope.session(world.signed_in("sofia")):
        assert section * 10 not in column("select scope_units()")[0]
        assert section in column("select scope_units()")[0]


def test_the_scope_goes_back_to_what_it_was_after_a_block(world):
    with scope.session(world.signed_in("olga")):
        with scope.operator():
            assert seen(world) == EVERYBODY
        assert seen(world) == {"anna", "olga", "gustav"}


def test_a_scope_is_refused_outside_a_transaction(transactional_db):
    from django.db.transaction import TransactionManagementError

    with pytest.raises(TransactionManagementError, match="inside a transaction"):
        scope.take_up("anything")


def test_each_scope_function_is_resolved_once_in_a_statement(world):
    with scope.session(world.signed_in("sofia")):
        plan = "\n".join(
            column("explain (analyze, costs off, timing off, summary off) select * from people_person")
        )
    # The offices’, her own and whoever comes: each asked once, none for each row.
    assert plan.count("\n  InitPlan ") == 3
    assert "SubPlan" not in plan
