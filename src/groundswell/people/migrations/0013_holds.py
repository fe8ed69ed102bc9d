"""Holds: what keeps a person from being erased; hers to know of, the data protection officer's to place."""

import django.db.models.deletion
from django.db import migrations, models

from groundswell.access.operations import EVERYTHING, RowSecurity, Trailed
from groundswell.people.operations import FollowsHome

OFFICERS = f"{EVERYTHING} or unit_id in (select unnest(scope_protection_units()))"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0012_sums_by_section"),
        ("structure", "0005_changes_defended"),
    ]

    operations = [
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account_id", models.BigIntegerField(null=True)),
                ("why", models.CharField(max_length=200)),
                ("placed_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="structure.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("why", ""), _negated=True), name="people_hold_says_why"
                    )
                ],
            },
        ),
        FollowsHome("people_hold"),
        RowSecurity("people_hold", read=f"{OFFICERS} or person_id = (select scope_person())", write=OFFICERS),
        Trailed("people_hold", person="person_id"),
    ]
