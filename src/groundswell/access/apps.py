"""The room's Django configuration."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import pre_migrate


class AccessConfig(AppConfig):
    """Room `access`."""

    name = "groundswell.access"
    label = "access"

    def ready(self) -> None:
        """Let every migration run with the gate's keys in place."""
        pre_migrate.connect(prepare, sender=self)


def prepare(*, using: str, **_: Any) -> None:
    """Before migrations: the gate's keys of today, and the operator's scope."""
    from groundswell.access import gate

    gate.prepare_migrations(connections[using])
