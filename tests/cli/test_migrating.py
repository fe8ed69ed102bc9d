"""A migration is applied and written down, or neither: who is killed in between leaves no half of it."""

import pytest
from django.core.management.commands import migrate
from django.db import connections, migrations, models
from django.db.migrations.executor import MigrationExecutor

from groundswell.cli.migrating import Whole, whole

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


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
