"""Lists of people that somebody keeps: hers alone."""

import django.db.models.deletion
from django.db import migrations, models

from groundswell.access.operations import EVERYTHING, RowSecurity, Trailed

OWN = f"{EVERYTHING} or person_id = (select scope_person())"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0015_custom_fields"),
        ("structure", "0005_changes_defended"),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("status", models.CharField(blank=True, default="", max_length=40)),
                ("town", models.CharField(blank=True, default="", max_length=120)),
                ("tag", models.CharField(blank=True, default="", max_length=60)),
                ("recorded_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="structure.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="people_savedview_has_a_name"
                    ),
                    models.UniqueConstraint(fields=("person", "name"), name="people_savedview_once"),
                ],
            },
        ),
        RowSecurity("people_savedview", read=OWN, write=OWN),
        Trailed("people_savedview", person="person_id"),
    ]
