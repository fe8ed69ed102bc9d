"""The room's Django configuration."""

from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class AccessConfig(AppConfig):
    """Room `access`."""

    name = "groundswell.access"
    label = "access"

    def ready(self) -> None:
        """Let every migration run with the gate's keys in place; declare what is held of persons here."""
        from groundswell.access import held, personal

        # Django tells of migrations only to apps with models of their own, which this room has not.
        kernel = apps.get_app_config("kernel")
        pre_migrate.connect(prepare, sender=kernel)
        post_migrate.connect(personal.mirror, sender=kernel)
        personal.register(*held.TABLES)
        personal.mention(held.MENTIONS)


def prepare(*, using: str, **_: Any) -> None:
    """Before migrations: the gate's keys of today, and the operator's scope."""
    from groundswell.access import gate

    gate.prepare_migrations(connections[using])
