"""The room's Django configuration."""

from django.apps import AppConfig


class DemocracyConfig(AppConfig):
    """Room `democracy`."""

    name = "groundswell.democracy"
    label = "democracy"
