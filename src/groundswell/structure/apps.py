"""The room's Django configuration."""

from django.apps import AppConfig


class StructureConfig(AppConfig):
    """Room `structure`."""

    name = "groundswell.structure"
    label = "structure"

    def ready(self) -> None:
        """Say of the columns that lead to an account what they are; tell what waits."""
        from django.utils.translation import gettext_lazy as _

        from groundswell.access import personal, slots
        from groundswell.structure import waits

        slots.what_waits.append(waits.what_waits)
        personal.mention(
            {
                "structure_change.account_id": _("the account that changed the structure, as a number"),
                "structure_preparation.account_id": _("the account that prepared a change, as a number"),
            }
        )
