"""Whoever is a member by now reads the figures of her own; the whole has its name from its first morning."""

from django.db import migrations

from groundswell.access.operations import Reworded


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0012_a_member_of_a_merged_branch"),
        ("kernel", "0002_days_where_units_lie"),
    ]
    operations = [
        Reworded(name, old="valid @> org_today()", new="valid @> org_latest_day()")
        for name in ("figures_of_own", "published_organisation")
    ]
