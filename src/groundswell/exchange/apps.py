"""The room's Django configuration."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Room `exchange`."""

    name = "groundswell.exchange"
    label = "exchange"
