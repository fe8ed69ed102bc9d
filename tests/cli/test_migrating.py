"""A migration is applied and written down, or neither: who is killed in between leaves no half of it."""

import psycopg
import pytest
from django.core.management.commands import migrate
from django.db import connections, migrations, models
from django.db.migrations.executor import MigrationExecutor

from groundswell.cli.mending import switch_on
from groundswell.cli.migrating import Whole, whole
from groundswell.ground import checks

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

GUARDS = """
select tgrelid::regclass::text, pg_get_triggerdef(oid), tgenabled::text from pg_trigger where not tgisinternal
union all
select oid::regclass::text, relrowsecurity::text, relforcerowsecurity::text from pg_class where relkind = 'r'
order by 1, 2
"""


class Killed(Exception):  # noqa: N818 - what happens
    """Something ends the process."""


class Adds(migrations.Migration):
    """A column with an index, which Django keeps for the end."""

    dependencies = [("structure", "0001_tables")]
    operations = [
        migrations.CreateModel(
            "passing",
            [("id", models.BigAutoField(primary_key=True)), ("word", models.TextField(db_index=True))],
        )
    ]


def applied(kind, monkeypatch):
    """Apply a migration with an executor that is killed before it writes it down; whether a table is left."""
    owner = connections["owner"]
    executor = kind(owner)
    monkeypatch.setattr(executor, "record_migration", lambda _: (_ for _ in ()).throw(Killed))
    state = executor.loader.project_state([])
    with pytest.raises(Killed):
        executor.apply_migration(state, Adds("9999_passing", "structure"))
    return "structure_passing" in owner.introspection.table_names()


def test_who_is_killed_before_a_migration_is_written_down_leaves_nothing_of_it(monkeypatch):
    assert applied(MigrationExecutor, monkeypatch)  # as Django has it
    connections["owner"].cursor().execute("drop table structure_passing")
    assert not applied(Whole, monkeypatch)


def test_the_command_is_told_for_as_long_as_it_runs():
    with whole():
        assert migrate.MigrationExecutor is Whole
    assert migrate.MigrationExecutor is MigrationExecutor


@pytest.mark.parametrize(
    ("off", "told"),
    [
        ("alter table people_note disable row level security", {"people_note"}),
        ("alter table people_note no force row level security", {"people_note"}),
        ("alter table people_note disable trigger all", {"people_note"}),
        ("alter table people_membership disable trigger people_membership_made", {"people_membership"}),
        ("drop trigger gs_trail_update on people_note", {"people_note"}),
    ],
)
def test_what_guards_the_rows_is_missed_when_it_is_off_and_put_back_by_migrating(
    cluster, database_name, off, told
):
    with psycopg.connect(**cluster.superuser(database_name)) as superuser:
        assert (checks.unguarded_tables(superuser), checks.silenced(superuser)) == ([], [])
        before = superuser.execute(GUARDS).fetchall()
        superuser.execute(off)
        assert {*checks.unguarded_tables(superuser), *checks.silenced(superuser)} == told
        assert set(switch_on(superuser, superuser=True)) == told
        assert superuser.execute(GUARDS).fetchall() == before
        assert switch_on(superuser, superuser=True) == []
        superuser.rollback()


def test_the_owner_puts_back_what_is_hers_and_a_rule_that_is_gone_is_still_told(cluster, database_name):
    with psycopg.connect(**cluster.parameters("gs_owner", database_name)) as owner:
        owner.execute("drop trigger gs_trail_insert on people_note")
        owner.execute("alter table people_note no force row level security")
        assert switch_on(owner, superuser=False) == ["people_note"]
        owner.execute("drop trigger people_membership_made on people_membership")
        assert switch_on(owner, superuser=False) == checks.silenced(owner) == ["people_membership_made"]
        owner.rollback()
