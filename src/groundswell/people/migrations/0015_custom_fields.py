"""What units ask of their people besides, and the answers under each person's key, which follow her home."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import groundswell.access.secrets
from groundswell.access.operations import (
    BY_STRUCTURE_UNIT,
    BY_WRITE_UNIT,
    EVERYTHING,
    KNOWN,
    RowSecurity,
    Trailed,
)
from groundswell.people.operations import FollowsHome

KEPT = f"""{EVERYTHING} or person_id = (select scope_person())
  or unit_id in (select unnest(scope_contact_units()))"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0014_gatherings"),
        ("structure", "0005_changes_defended"),
    ]

    operations = [
        migrations.CreateModel(
            name="CustomField",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(db_index=False, max_length=40)),
                ("label", models.CharField(max_length=80)),
                ("type", models.CharField(max_length=8)),
                (
                    "options",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), default=list, size=None
                    ),
                ),
                ("position", models.SmallIntegerField(default=0)),
                ("ended_on", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="structure.unit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CustomValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", groundswell.access.secrets.EncryptedText()),
                ("changed_at", models.DateTimeField()),
                (
                    "field",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.customfield"
                    ),
                ),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="structure.unit"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="customfield",
            constraint=models.CheckConstraint(
                condition=models.Q(("type__in", ("text", "number", "yesno", "day", "choice", "choices"))),
                name="people_customfield_type",
            ),
        ),
        migrations.AddConstraint(
            model_name="customfield",
            constraint=models.CheckConstraint(
                condition=models.Q(("label", ""), _negated=True), name="people_customfield_has_a_label"
            ),
        ),
        migrations.AddConstraint(
            model_name="customfield",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("options__len__gte", 1), ("type__in", ("choice", "choices"))),
                    models.Q(models.Q(("type__in", ("choice", "choices")), _negated=True), ("options", [])),
                    _connector="OR",
                ),
                name="people_customfield_has_something_to_choose",
            ),
        ),
        migrations.AddConstraint(
            model_name="customfield",
            constraint=models.UniqueConstraint(fields=("unit", "key"), name="people_customfield_once"),
        ),
        migrations.AddConstraint(
            model_name="customvalue",
            constraint=models.UniqueConstraint(fields=("person", "field"), name="people_customvalue_once"),
        ),
        FollowsHome("people_customvalue"),
        RowSecurity("people_customvalue", read=KEPT, write=BY_WRITE_UNIT),
        # What is asked is no secret: a branch reads what the units above it ask.
        RowSecurity("people_customfield", read=KNOWN, write=BY_STRUCTURE_UNIT, delete=EVERYTHING),
        Trailed("people_customvalue", person="person_id"),
        Trailed("people_customfield"),
    ]
