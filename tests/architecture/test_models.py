"""What every table keeps to: keys point down, persons are found again, names are words of the glossary."""

import re

import house
from django.apps import apps
from django.db import connection, models
from django.urls import resolve

from groundswell.access import personal

# `access.personal` says of each what erasing, handing out and merging does with it; this finds them.
COLUMNS = """
select c.oid::regclass::text || '.' || a.attname
from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
  and n.nspname not like 'pg\\_%%' and n.nspname <> 'information_schema'
  and c.relname !~ '^(procrastinate|django|auth)_' and c.relname <> 'access_personal'
  and (a.attname ~ '(person|account|user)' or a.attname ~ '_by$'
       or c.relname || '.' || a.attname = 'people_person.id')
  and a.attname !~ 'account_.*_at$'
"""
EVERY_COLUMN = """
select c.oid::regclass::text || '.' || a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
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


def said_of_persons() -> set[str]:
    """Return every column for which somebody said what becomes of it."""
    said = set(personal.mentions())
    for one in personal.tables():
        said |= {f"{one.table}.{column}" for column in (one.person, *one.fields)}
    return said


def test_every_column_that_leads_to_a_person_says_what_becomes_of_it(db):
    assert sorted({name for (name,) in asked(COLUMNS)} - said_of_persons()) == []


def test_what_is_said_of_persons_is_said_of_columns_that_are_there(db):
    there = {name for (name,) in asked(EVERY_COLUMN)}
    assert sorted(said_of_persons() - there) == []
    for one in personal.tables():
        for column in (*one.sealed, *one.withheld, *one.blanks):
            assert f"{one.table}.{column}" in there


def test_every_field_of_a_table_of_persons_says_what_it_is(db):
    """A new column without an entry fails here: the record of processing is written from these."""
    silent = []
    for one in personal.tables():
        columns = {
            name.rpartition(".")[2] for (name,) in asked(EVERY_COLUMN) if name.rpartition(".")[0] == one.table
        }
        known = {one.person, *personal.MACHINERY, *(column for column in columns if one.words(column))}
        silent += [f"{one.table}.{column}" for column in columns - known]
    assert sorted(silent) == []


def test_the_database_holds_the_same_declarations_for_its_own_functions(db):
    columns = "table_name, owner_column, coalesce(via_table, ''), erase, merge"
    assert asked(f"select {columns} from access_personal order by place") == [
        (one.table, one.person, one.via, one.erase, one.merge) for one in personal.tables()
    ]


def test_what_the_trail_keeps_of_a_table_of_persons_goes_with_the_person(db):
    """A trigger that does not name the person would leave her row in the trail for good."""
    bodies = dict(asked("select proname::text, prosrc from pg_proc where proname like 'trail\\_%%'"))
    trailed = [one for one in personal.tables() if f"trail_{one.table}" in bodies]
    assert len(trailed) > 4
    for one in trailed:
        assert f"n.{one.person}, o.{one.person}) as person_id" in bodies[f"trail_{one.table}"], one.table


def test_every_key_of_a_person_is_among_them_whatever_it_is_called():
    keys = {
        f"{model._meta.db_table}.{field.column}"
        for model in models_of_the_house()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model._meta.label == "people.Person"
    }
    assert "people_membership.person_id" in keys
    assert keys - said_of_persons() == set()


def test_every_model_names_its_rows_and_says_what_it_is():
    for model in models_of_the_house():
        assert model.__str__ is not models.Model.__str__, model
        assert model.__doc__, model
        assert not model.__doc__.startswith(f"{model.__name__}("), model


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
    named |= {one.table for one in personal.tables()}
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
