"""The room's Django configuration."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Room `site`."""

    name = "groundswell.site"
    label = "site"

    def ready(self) -> None:
        """Hang the pages of problems into `access`, and the report's figures into the page of a unit."""
        from groundswell.access import hooks
        from groundswell.reports import panels
        from groundswell.structure import slots
        from groundswell.web import problems

        hooks.answers.append(problems.of_exception)
        slots.unit_panels.append(panels.unit_figures)
