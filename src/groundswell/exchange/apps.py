"""The room's Django configuration."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Room `exchange`."""

    name = "groundswell.exchange"
    label = "exchange"

    def ready(self) -> None:
        """Declare what the room holds of persons, and hang in what may be done with lists."""
        from groundswell.access import personal as registry
        from groundswell.access import slots as of_all
        from groundswell.exchange import doings, personal, waits
        from groundswell.exchange.actions import forget_person
        from groundswell.people import hooks, slots

        of_all.what_waits.append(waits.what_waits)
        slots.list_doings.append(doings.of_lists)
        hooks.when_erasing.append(forget_person)
        registry.register(*personal.TABLES)
        registry.mention(personal.MENTIONS)
