"""The room's Django configuration."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Room `reports`."""

    name = "groundswell.reports"
    label = "reports"

    def ready(self) -> None:
        """Say of the columns that name somebody what they are."""
        from django.utils.translation import gettext_lazy as _

        from groundswell.access import personal

        personal.mention({"reports_target.declared_by": _("the name of a body, not of a person")})
