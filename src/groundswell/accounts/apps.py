"""The room's Django configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Room `accounts`."""

    name = "groundswell.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Declare what this room's tables hold of persons; let mandates end with their unit."""
        from allauth.account.signals import user_logged_in
        from allauth.mfa.models import Authenticator
        from django.db.models import signals

        from groundswell.access import personal as registry
        from groundswell.access import slots as of_all
        from groundswell.accounts import holding, personal, units, vouching, waits
        from groundswell.accounts.actions import ending, signed_in, stay_for_the_office
        from groundswell.people import hooks as people_hooks
        from groundswell.people import slots as people_slots
        from groundswell.structure import hooks, slots

        registry.register(*personal.TABLES)
        signals.pre_save.connect(vouching.vouch_for, sender=Authenticator)
        signals.post_save.connect(vouching.factor_saved, sender=Authenticator)
        signals.post_delete.connect(vouching.factor_deleted, sender=Authenticator)
        user_logged_in.connect(signed_in)
        hooks.when_ending.append(ending.end_with_unit)
        hooks.when_undoing.append(ending.hold_again)
        hooks.without_treasurer.append(units.without_treasurer)
        of_all.what_waits.append(waits.what_waits)
        slots.unit_panels.append(holding.unit_panel)
        people_slots.person_panels.append(holding.undecided_panel)
        people_slots.person_panels.append(holding.person_panel)
        people_slots.person_doings.append(holding.invitations)
        people_slots.person_happened.append(holding.happened)
        people_hooks.before_leaving.append(stay_for_the_office)
        people_hooks.when_leaving.append(ending.end_with_membership)
        people_hooks.when_moving.append(ending.end_where_they_are_gone)
        slots.preview_lines.append(units.mandates_affected)
        slots.proposal_ways.append(holding.way_to_a_treasurer)
