"""Who may see how people are reached: three offices of a unit that holds names, not its treasurer or auditor."""

from django.db import migrations

from groundswell.access.operations import Definer


class Migration(migrations.Migration):
    dependencies = [("access", "0006_erasing_and_handing_out")]
    operations = [
        Definer(
            "scope_contact_units()",
            returns="bigint[]",
            body="begin return scope_reach('{organiser,secretary,dpo}', true); end",
        ),
        # Notes for the circle of those who decide, and for those who protect.
        Definer(
            "scope_deciding_units()",
            returns="bigint[]",
            body="begin return scope_reach('{secretary,dpo}', true); end",
        ),
        Definer(
            "scope_protection_units()",
            returns="bigint[]",
            body="begin return scope_reach('{dpo}', true); end",
        ),
    ]
