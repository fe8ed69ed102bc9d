"""Rows that decide how far a session sees: an injection under that very session may not write them."""

import pytest
from django.db import DatabaseError, transaction
from small_world import ask, column

from groundswell.access import scope

INSERT_MANDATE = (
    "insert into accounts_mandate (valid, recorded, office, person_id, unit_id)"
    " values ('[2024-01-01,)', '[2024-01-01,)', 'secretary', %s, %s)"
)


def refused(statement: str, *parameters: object) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        ask(statement, *parameters)
    return caught.value.__cause__.sqlstate


def test_a_member_puts_nobody_else_behind_her_account_and_takes_no_other(world):
    sofia = world.person["sofia"]
    before = column("select password from accounts_account order by id")
    with scope.session(world.signed_in("anna")):
        mine, hers = world.account["anna"], world.account["sofia"]
        assert refused("update accounts_account set person_id = %s where id = %s", sofia, mine) == "42501"
        assert refused("update accounts_account set password = 'known' where id = %s", hers) == "42501"
        assert refused("update accounts_account set email = 'eve@example.org' where id = %s", hers) == "42501"
        insert = (
            "insert into accounts_account (email, password, person_id, is_active, created_at)"
            " values ('eve@example.org', 'known', %s, true, now())"
        )
        assert refused(insert, sofia) == "42501"
        link = "insert into accounts_signinlink (digest, account_id, expires_at)"
        assert refused(f"{link} values (sha256('x'), %s, now())", hers) == "42501"
        ask("update accounts_account set last_login = now() where id = %s", mine)
    assert column("select password from accounts_account order by id") == before


def test_a_secretary_gives_herself_no_mandate_by_injection_also_within_her_reach(world):
    with scope.session(world.signed_in("ines")):
        assert refused(INSERT_MANDATE, world.person["ines"], world.unit["S"]) == "42501"
        assert refused("update accounts_mandate set unit_id = %s", world.unit["S"]) == "42501"
        assert refused("update accounts_mandate set valid = '[2020-01-01,)'") == "42501"
        assert world.people(column("select id from people_person")) == {"ines"}


def test_a_secretary_bends_no_path_and_opens_no_names(world):
    with scope.session(world.signed_in("sofia")):
        assert refused("update structure_unit set path = '/' where id = %s", world.unit["S"]) == "23514"
        assert column("select name from people_person where name = 'clara'") == []
    with scope.session(world.signed_in("ines")):
        assert refused("update structure_unit set holds_names = true where code = 'INT'") == "42501"
        assert world.people(column("select id from people_person")) == {"ines"}
