"""The room's Django configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Room `accounts`."""

    name = "groundswell.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Declare what this room's tables hold of persons."""
        from groundswell.access import personal as registry
        from groundswell.accounts import personal

        registry.register(*personal.TABLES)
