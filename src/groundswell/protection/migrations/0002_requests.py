"""Requests about data: hers to make and see, her data protection officer's to answer."""

import django.db.models.deletion
from django.db import migrations, models

import groundswell.access.secrets
from groundswell.access.operations import EVERYTHING, RowSecurity, Trailed
from groundswell.people.operations import FollowsHome

OFFICERS = f"{EVERYTHING} or unit_id in (select unnest(scope_protection_units()))"
HERS = f"{OFFICERS} or person_id = (select scope_person())"
# Organisers and secretaries propose in somebody's name.
PROPOSED = f"{HERS} or unit_id in (select unnest(scope_contact_units()))"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0013_holds"),
        ("protection", "0001_leaving_before_erasing"),
        ("structure", "0005_changes_defended"),
    ]

    operations = [
        migrations.CreateModel(
            name="DataRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=8)),
                ("words", groundswell.access.secrets.EncryptedText(null=True)),
                ("asked_at", models.DateTimeField()),
                ("asked_by", models.BigIntegerField(null=True)),
                ("due_on", models.DateField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.BigIntegerField(null=True)),
                ("decision", models.CharField(blank=True, db_default="", default="", max_length=8)),
                ("reason", models.CharField(blank=True, db_default="", default="", max_length=200)),
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="structure.unit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("decided_at__isnull", True)),
                        fields=["unit", "due_on"],
                        name="protection_datarequest_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("copy", "correct", "erase"))),
                        name="protection_datarequest_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decision", "")),
                            models.Q(("decided_at__isnull", False), ("decision__in", ("granted", "refused"))),
                            _connector="OR",
                        ),
                        name="protection_datarequest_decided_or_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decision", "refused"), ("reason", ""), _negated=True),
                        name="protection_datarequest_refusal_says_why",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at__isnull", True)),
                        fields=("person", "kind"),
                        name="protection_datarequest_one_open",
                    ),
                ],
            },
        ),
        FollowsHome("protection_datarequest"),
        RowSecurity(
            "protection_datarequest", read=PROPOSED, insert=PROPOSED, update=OFFICERS, delete=EVERYTHING
        ),
        Trailed("protection_datarequest", person="person_id"),
    ]
