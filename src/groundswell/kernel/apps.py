"""The room's Django configuration."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Room `kernel`."""

    name = "groundswell.kernel"
    label = "kernel"
