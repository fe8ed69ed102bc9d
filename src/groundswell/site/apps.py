"""The room's Django configuration."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Room `site`."""

    name = "groundswell.site"
    label = "site"

    def ready(self) -> None:
        """Hang the pages of problems into `access`, and the report's figures into the page of a unit."""
        from groundswell.access import hooks
        from groundswell.democracy import units
        from groundswell.reports import members, panels
        from groundswell.site import pages, trail
        from groundswell.structure import hooks as structure
        from groundswell.structure import slots
        from groundswell.web import problems

        hooks.answers.append(problems.of_exception)
        # The figures are the answer at the top of a unit's page; what other rooms know follows.
        slots.unit_heads.append(panels.unit_figures)
        slots.members_open.append(panels.members_href)
        slots.outline_panels.append(pages.published_of)
        structure.row_nouns.append(trail.noun_of)
        structure.members_in.append(members.members_in)
        structure.with_elected_committee.append(units.with_elected_committee)
