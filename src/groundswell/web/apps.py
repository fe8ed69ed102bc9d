"""The room's Django configuration."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Room `web`."""

    name = "groundswell.web"
    label = "web"
