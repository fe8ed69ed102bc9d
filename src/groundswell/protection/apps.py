"""The room's Django configuration."""

from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    """Room `protection`."""

    name = "groundswell.protection"
    label = "protection"

    def ready(self) -> None:
        """Declare what the room holds of persons; hang its panels and doings into a person's page."""
        from groundswell.access import personal as registry
        from groundswell.access import slots as of_all
        from groundswell.people import filters, hooks, slots
        from groundswell.protection import (
            consentpages,
            holdpages,
            listfilter,
            outlook,
            pages,
            personal,
            queries,
            rules,
            waits,
        )

        registry.register(*personal.TABLES)
        registry.mention(personal.MENTIONS)
        of_all.what_waits.append(waits.what_waits)
        filters.list_filters.append(listfilter.AGREED)
        slots.person_doings.append(pages.doings)
        slots.list_rules.append(pages.list_rules)
        slots.rules_foreseen.append(outlook.by_other_rules)
        slots.person_panels.append(holdpages.person_panel)
        slots.person_panels.append(consentpages.person_panel)
        slots.person_happened.append(consentpages.happened)
        hooks.minimum_age.append(lambda unit: queries.minimum_age(unit, rules.ENTRY).years)
