"""Django's migrations, each with its record in one transaction; imported where Django is set up."""

import contextlib
from collections.abc import Iterator
from typing import Any

from django.core.management.commands import migrate
from django.db import transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState


class Whole(MigrationExecutor):
    """Writes down that a migration was applied in the transaction in which it was.

    Django does so afterwards where it has kept indexes and foreign keys for the end. Whoever is killed in
    between has a table that is there and a migration that is not, which no later one gets past.
    """

    def apply_migration(
        self, state: ProjectState, migration: Migration, *more: Any, **how: Any
    ) -> ProjectState:
        """Run a migration forwards and record it, both or neither."""
        if not migration.atomic:
            return super().apply_migration(state, migration, *more, **how)
        with transaction.atomic(using=self.connection.alias):
            return super().apply_migration(state, migration, *more, **how)


@contextlib.contextmanager
def whole() -> Iterator[None]:
    """Let the command `migrate` of Django apply each migration whole while the block runs."""
    migrate.MigrationExecutor = Whole  # type: ignore[attr-defined]  # the command has no other way to be told
    try:
        yield
    finally:
        migrate.MigrationExecutor = MigrationExecutor  # type: ignore[attr-defined]  # as it was
