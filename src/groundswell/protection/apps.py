"""The room's Django configuration."""

from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    """Room `protection`."""

    name = "groundswell.protection"
    label = "protection"

    def ready(self) -> None:
        """Declare what the room holds of persons; offer a person's copy and erasure on her page."""
        from groundswell.access import personal as registry
        from groundswell.people import slots
        from groundswell.protection import pages, personal

        registry.register(*personal.TABLES)
        slots.person_doings.append(pages.doings)
