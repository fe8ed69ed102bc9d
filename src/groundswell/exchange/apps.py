"""The room's Django configuration."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Room `exchange`."""

    name = "groundswell.exchange"
    label = "exchange"

    def ready(self) -> None:
        """Declare what the room holds of persons."""
        from groundswell.access import personal as registry
        from groundswell.exchange import personal

        registry.register(*personal.TABLES)
        registry.mention(personal.MENTIONS)
