"""The room's Django configuration."""

from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    """Room `protection`."""

    name = "groundswell.protection"
    label = "protection"
