"""The room's Django configuration."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Room `people`."""

    name = "groundswell.people"
    label = "people"
