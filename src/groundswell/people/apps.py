"""The room's Django configuration."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Room `people`."""

    name = "groundswell.people"
    label = "people"

    def ready(self) -> None:
        """Hang what this room knows into the rooms below."""
        from groundswell.access import personal as registry
        from groundswell.people import personal
        from groundswell.people.queries import refuse_members_from
        from groundswell.structure import hooks

        hooks.before_dissolving.append(refuse_members_from)
        registry.register(*personal.TABLES)
        registry.mention(personal.MENTIONS)
