"""Persons and memberships are read by `scope_named()`, which says it when everything may be read."""

from django.db import migrations

# `coalesce` keeps the planner's guess at a half.
NAMED = "coalesce((select scope_named()) @> unit_id, false)"
EVERYTHING = "(select scope_all())"
MORE = {
    "people_person": "id = (select scope_person()) or coalesce((select scope_comers()) @> id, false)",
    "people_membership": (
        "person_id = (select scope_person()) or coalesce((select scope_askers()) @> person_id, false)"
    ),
}


class Migration(migrations.Migration):
    dependencies = [("people", "0019_words_in_order"), ("structure", "0008_everything_is_a_range")]
    operations = [
        migrations.RunSQL(
            f"alter policy gs_read on {table} using ({NAMED} or {more})",
            f"alter policy gs_read on {table} using ({EVERYTHING} or {NAMED} or {more})",
        )
        for table, more in MORE.items()
    ]
