"""Periods of names, kinds and parents are written once, like memberships (decision 0006)."""

from django.db import migrations

from groundswell.access.operations import WrittenOnce


class Migration(migrations.Migration):
    dependencies = [("structure", "0006_reach_in_ranges"), ("kernel", "0001_clock")]
    operations = [
        WrittenOnce(f"structure_{table}", closing=("closing_id",))
        for table in ("unitname", "unitkind", "unitparent")
    ]
