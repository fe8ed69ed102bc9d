"""An auditor sees figures of her reach and no names; whom she draws comes in by `protection` (decision 0688)."""

from django.db import migrations

from groundswell.access.operations import Definer


class Migration(migrations.Migration):
    dependencies = [("access", "0009_numbers_of_a_person")]
    operations = [
        Definer(
            "scope_units()",
            returns="bigint[]",
            body="begin return scope_reach('{organiser,secretary,treasurer,dpo}', true); end",
            again=True,
        ),
    ]
