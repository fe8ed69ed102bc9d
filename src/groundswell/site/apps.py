"""The room's Django configuration."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Room `site`."""

    name = "groundswell.site"
    label = "site"
