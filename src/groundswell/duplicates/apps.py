"""The room's Django configuration."""

from django.apps import AppConfig


class DuplicatesConfig(AppConfig):
    """Room `duplicates`."""

    name = "groundswell.duplicates"
    label = "duplicates"

    def ready(self) -> None:
        """Declare what the room holds of persons; offer the comparison on a person's page and on the list."""
        from groundswell.access import personal as registry
        from groundswell.access import slots as of_all
        from groundswell.duplicates import pages, personal
        from groundswell.people import slots

        registry.register(*personal.TABLES)
        registry.mention(personal.MENTIONS)
        of_all.what_waits.append(pages.what_waits)
        slots.person_doings.append(pages.doings)
        slots.person_happened.append(pages.happened)
        slots.list_doings.append(pages.list_doings)
