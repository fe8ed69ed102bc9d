"""Breaches and the steps taken: the data protection officer writes, the auditor reads, nothing is removed."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from groundswell.access.operations import EVERYTHING, RowSecurity, Trailed

READERS = f"{EVERYTHING} or unit_id in (select unnest(scope_reach('{{dpo,auditor}}', false)))"
OFFICERS = f"{EVERYTHING} or unit_id in (select unnest(scope_reach('{{dpo}}', false)))"
# What is closed stays as it was when it was closed.
STAYS = """
create function protection_breach_stays() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    if exists (select from protection_breachstep s where s.breach_id = old.id and s.step = 'close') then
        raise exception using errcode = '23514', constraint = 'protection_breach_stays',
            message = 'a breach that is closed stays as it is';
    end if;
    return new;
end $$;
revoke execute on function protection_breach_stays() from public;
create trigger gs_stays before update on protection_breach
    for each row execute function protection_breach_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0017_read_by_ranges"),
        ("protection", "0004_ages"),
        ("structure", "0007_periods_written_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="Breach",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.TextField()),
                ("ways", models.TextField(blank=True, db_default="", default="")),
                ("consequences", models.TextField(blank=True, db_default="", default="")),
                ("measures", models.TextField(blank=True, db_default="", default="")),
                ("found_at", models.DateTimeField()),
                ("readable_from", models.DateTimeField()),
                ("readable_until", models.DateTimeField(null=True)),
                (
                    "places",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                (
                    "accounts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("opened_by", models.BigIntegerField(null=True)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="structure.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BreachStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step", models.CharField(max_length=10)),
                ("needed", models.BooleanField()),
                ("words", models.TextField(blank=True, db_default="", default="")),
                ("done_at", models.DateTimeField()),
                ("done_by", models.BigIntegerField(null=True)),
                (
                    "breach",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="protection.breach",
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
            model_name="breach",
            constraint=models.CheckConstraint(
                condition=models.Q(("what", ""), _negated=True), name="protection_breach_says_what"
            ),
        ),
        migrations.AddConstraint(
            model_name="breach",
            constraint=models.CheckConstraint(
                condition=models.Q(("places__len__gte", 1)), name="protection_breach_touches_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="breach",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("readable_until__isnull", True),
                    ("readable_until__gte", models.F("readable_from")),
                    _connector="OR",
                ),
                name="protection_breach_ends_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="breachstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("step__in", ("contain", "assess", "authority", "persons", "close"))),
                name="protection_breachstep_step",
            ),
        ),
        migrations.AddConstraint(
            model_name="breachstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("needed", True), models.Q(("words", ""), _negated=True), _connector="OR"),
                name="protection_breachstep_says_why_not",
            ),
        ),
        migrations.AddConstraint(
            model_name="breachstep",
            constraint=models.UniqueConstraint(fields=("breach", "step"), name="protection_breachstep_once"),
        ),
        migrations.RunSQL(
            STAYS, "drop trigger gs_stays on protection_breach; drop function protection_breach_stays();"
        ),
        RowSecurity("protection_breach", read=READERS, insert=OFFICERS, update=OFFICERS),
        RowSecurity("protection_breachstep", read=READERS, insert=OFFICERS),
        Trailed("protection_breach"),
        Trailed("protection_breachstep"),
    ]
