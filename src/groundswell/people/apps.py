"""The room's Django configuration."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Room `people`."""

    name = "groundswell.people"
    label = "people"

    def ready(self) -> None:
        """Hang what this room knows into the rooms below."""
        from groundswell.access import personal as registry
        from groundswell.access import slots as of_all
        from groundswell.people import (
            asked,
            custompages,
            filters,
            gatherpages,
            keptfilter,
            personal,
            rulepages,
            units,
        )
        from groundswell.people import slots as own_slots
        from groundswell.people.actions import splitting
        from groundswell.people.queries import last_met, refuse_members_from
        from groundswell.structure import hooks, slots

        hooks.before_dissolving.append(refuse_members_from)
        telling = (asked.what_waits, rulepages.what_waits, gatherpages.what_waits)
        of_all.what_waits.extend(telling)
        registry.register(*personal.TABLES)
        registry.mention(personal.MENTIONS)
        hooks.before_undoing.append(splitting.refuse_when_people_came)
        hooks.when_splitting.append(splitting.go_over)
        hooks.when_undoing.append(splitting.come_back)
        hooks.before_protecting.append(units.refuse_known_people)
        slots.members_of.append(units.members_to_choose)
        slots.preview_lines.append(units.unanswered)
        hooks.last_met.append(last_met)
        filters.list_filters.append(keptfilter.KEPT)
        slots.unit_panels.extend((units.people_panel, gatherpages.unit_panel))
        slots.proposal_ways.append(gatherpages.way_to_a_meeting)
        own_slots.person_panels.append(custompages.person_panel)
        own_slots.person_panels.append(gatherpages.person_panel)
        own_slots.person_happened.append(gatherpages.happened)
