"""The room's Django configuration."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Room `reports`."""

    name = "groundswell.reports"
    label = "reports"
