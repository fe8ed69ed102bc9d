"""The room's Django configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Room `accounts`."""

    name = "groundswell.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Declare what this room's tables hold of persons; let mandates end with their unit."""
        from groundswell.access import personal as registry
        from groundswell.accounts import personal, units
        from groundswell.accounts.actions import ending
        from groundswell.structure import hooks, slots

        registry.register(*personal.TABLES)
        hooks.when_ending.append(ending.end_with_unit)
        hooks.when_undoing.append(ending.hold_again)
        hooks.without_treasurer.append(units.without_treasurer)
        slots.preview_lines.append(units.mandates_affected)
