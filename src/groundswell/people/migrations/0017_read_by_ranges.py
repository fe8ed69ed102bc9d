"""Persons and memberships are read by ranges of units (structure 0006), and persons by name from end to end."""

from django.db import migrations, models

# `coalesce` keeps the planner's guess at a half, as for the look-up in a hash that stood here before.
NAMED = "(select scope_all()) or coalesce((select scope_named()) @> unit_id, false)"
POLICIES = {
    "people_person": f"{NAMED} or id = (select scope_person()) or id in (select unnest((select scope_guests())))",
    "people_membership": f"{NAMED} or person_id = (select scope_person())",
}


class Migration(migrations.Migration):
    dependencies = [("people", "0016_saved_views"), ("structure", "0006_reach_in_ranges")]
    operations = [
        *(
            migrations.RunSQL(f"alter policy gs_read on {table} using ({condition})", migrations.RunSQL.noop)
            for table, condition in POLICIES.items()
        ),
        migrations.AddIndex("person", models.Index(fields=["sort_key", "id"], name="people_person_sorted")),
    ]
