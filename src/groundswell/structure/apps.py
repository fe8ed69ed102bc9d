"""The room's Django configuration."""

from django.apps import AppConfig


class StructureConfig(AppConfig):
    """Room `structure`."""

    name = "groundswell.structure"
    label = "structure"
