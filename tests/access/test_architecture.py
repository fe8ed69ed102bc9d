"""The database of the house as the migrations leave it."""

from groundswell.access.architecture import UNBOUND, unprotected_tables


def test_every_table_with_a_unit_or_a_person_has_row_security_enabled_forced_and_a_policy(db):
    assert unprotected_tables() == []


def test_what_row_security_leaves_out_is_a_list_of_one():
    assert UNBOUND == {"public.accounts_account": "sign-in"}
