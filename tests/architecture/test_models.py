"""What every table keeps to: keys point down, persons are found again, names are words of the glossary."""

import re

import house
import pytest
from django.apps import apps
from django.db import connection, models
from django.urls import resolve

# Every column that leads to a person, and what erasing, exporting and merging her will do with it.
# Issue 3 brings the handlers (hooks of `people`) and takes the place of these sentences; until then a
# column that is not listed fails here, so that none is forgotten.
PERSON_COLUMNS = {
    "access_session.account_id": "issue 3: erasure and merging end her sessions",
    "access_trail.account_id": "stays: who acted, as a number; it leads to nobody once the account is gone",
    "access_trailpayload.person_id": "trail_erase takes the payload away; export reads it (issue 3)",
    "accounts_account.person_id": "issue 3: erasure deletes the account, merging asks which one stays",
    "accounts_mandate.given_by": "stays: an account's number",
    "accounts_mandate.person_id": "stays as a pseudonym, offices are on record; export lists it",
    "accounts_signinlink.account_id": "goes with the account",
    "keys.personkey.person_id": "keys_erase deletes the key: her sealed cells become unreadable",
    "people_membership.person_id": "stays as a pseudonym, figures stay; export lists it, merging withdraws",
    "people_movement.person_id": "stays as a pseudonym: written by triggers alone, never changed",
    "people_person.id": "issue 3: erasure deletes the row; export is the row; merging keeps one",
    "people_return.signed_by": "a name as text, in the organisation's record: issue 3 decides how long",
    "people_transfer.person_id": "stays as a pseudonym; export lists it",
    "reports_target.declared_by": "the name of a body, not of a person",
}
COLUMNS = """
select c.oid::regclass::text || '.' || a.attname
from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
  and n.nspname not like 'pg\\_%%' and n.nspname <> 'information_schema'
  and c.relname !~ '^(procrastinate|django|auth)_'
  and (a.attname ~ '(person|account|user)' or a.attname ~ '_by$'
       or c.relname || '.' || a.attname = 'people_person.id')
  and a.attname !~ 'account_.*_at$'
"""
KEYS = """
select conrelid::regclass::text, confrelid::regclass::text, confdeltype::text
from pg_constraint where contype = 'f'
"""


def asked(statement: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [])
        return cursor.fetchall()


def models_of_the_house() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("groundswell.")]


def room_of_table(table: str) -> str:
    return table.rpartition(".")[2].partition("_")[0]


def test_no_foreign_key_points_up():
    upwards = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in models_of_the_house()
        for field in model._meta.get_fields()
        if field.is_relation
        and field.concrete
        and field.related_model.__module__.startswith("groundswell.")
        and house.level(field.related_model._meta.app_label) > house.level(model._meta.app_label)
    ]
    assert upwards == []


def test_no_foreign_key_of_the_database_points_up_and_none_deletes_rows_behind_row_security(db):
    keys = [key for key in asked(KEYS) if room_of_table(key[0]) in house.rooms()]
    assert len(keys) > 20
    rooms = set(house.rooms())
    upwards = [
        (table, other)
        for table, other, _ in keys
        if room_of_table(other) in rooms
        and house.level(room_of_table(other)) > house.level(room_of_table(table))
    ]
    cascades = [(table, other) for table, other, deletes in keys if deletes not in {"a", "r"}]
    assert (upwards, cascades) == ([], [])


def test_rows_of_units_and_persons_are_never_deleted_by_cascade():
    cascading = [
        f"{model._meta.label}.{field.name}"
        for model in models_of_the_house()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.related_model._meta.label in {"structure.Unit", "people.Person"}
        and field.remote_field.on_delete is models.CASCADE
    ]
    assert cascading == []


def test_every_column_that_leads_to_a_person_says_what_becomes_of_it(db):
    assert sorted(name for (name,) in asked(COLUMNS)) == sorted(PERSON_COLUMNS)


def test_every_key_of_a_person_is_among_them_whatever_it_is_called():
    keys = {
        f"{model._meta.db_table}.{field.column}"
        for model in models_of_the_house()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model._meta.label == "people.Person"
    }
    assert "people_membership.person_id" in keys
    assert keys - set(PERSON_COLUMNS) == set()


@pytest.mark.parametrize("model", models_of_the_house(), ids=lambda model: model._meta.label)
def test_every_model_names_its_rows_and_says_what_it_is(model):
    assert model.__str__ is not models.Model.__str__
    assert model.__doc__
    assert not model.__doc__.startswith(f"{model.__name__}(")


def test_a_row_that_names_a_page_of_its_own_has_one():
    rows = [model(pk=1) for model in models_of_the_house() if hasattr(model, "get_absolute_url")]
    for row in rows:
        if hasattr(row, "code"):
            row.code = "INT"
        assert resolve(row.get_absolute_url()).func
    assert [type(row).__name__ for row in rows] == ["Unit"]


def test_migrations_are_named_by_hand():
    names = [
        path.rsplit("/", 1)[-1]
        for path in house.code()
        if "/migrations/" in path and not path.endswith("__init__.py")
    ]
    assert len(names) > 10
    assert [
        name for name in names if not re.fullmatch(r"\d{4}_[a-z][a-z_]+\.py", name) or "_auto_" in name
    ] == []


def test_every_table_with_a_key_to_a_unit_or_a_person_is_bound_whatever_its_columns_are_called(db):
    """Besides access.architecture, which asks for columns named unit_id and person_id."""
    bound = {
        table for (table,) in asked("select oid::regclass::text from pg_class where relforcerowsecurity")
    }
    named = {table for table, other, _ in asked(KEYS) if other in {"structure_unit", "people_person"}}
    named |= {column.rpartition(".")[0] for column in PERSON_COLUMNS}
    # Closed to gs_app altogether, or found before any scope is known (access.architecture.UNBOUND).
    apart = {"access_session", "accounts_account", "accounts_signinlink"}
    assert named - bound - apart == set()
    assert len(named & bound) > 12


def test_the_role_of_the_application_owns_nothing_and_is_bound_by_row_security(db):
    assert asked("select current_user::text") == [("gs_app",)]
    assert asked(
        "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user"
    ) == [(False, False, False, False)]
    owned = """select count(*) from pg_class where relnamespace = 'public'::regnamespace
               and relowner = (select oid from pg_roles where rolname = current_user)"""
    assert asked(owned) == [(0,)]
    truncates = "select count(*) from pg_class where relkind = 'r' and has_table_privilege(oid, 'truncate')"
    assert asked(truncates) == [(0,)]


def test_no_definer_function_leaves_its_search_path_to_the_caller(db):
    definers = """select p.proname, exists (
        select from unnest(p.proconfig) c where c ~ '^search_path=.*pg_temp"?$')
        from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef"""
    found = asked(definers)
    assert len(found) > 20
    assert [name for name, bound in found if not bound] == []
