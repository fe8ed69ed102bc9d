"""The room's Django configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Room `accounts`."""

    name = "groundswell.accounts"
    label = "accounts"
