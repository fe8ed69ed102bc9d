"""Who agreed to what: purposes, the words of each version, and consents, which follow a person home."""

import django.db.models.deletion
from django.db import migrations, models

from groundswell.access.operations import EVERYTHING, KNOWN, RowSecurity, Trailed
from groundswell.people.operations import FollowsHome

# What every organisation starts with; its sections add their own.
SHIPPED = """
insert into protection_purpose (code, label, recorded_at) values
    ('newsletter', 'Newsletter', now()),
    ('photographs', 'Photographs', now()),
    ('directory', 'Directory of the branch', now()),
    ('phone', 'Contact by phone', now());
"""
# A consent is to words of the same purpose, whatever writes it.
SAME_PURPOSE = """
alter table protection_consenttext add constraint protection_consenttext_of_purpose unique (id, purpose_id);
alter table protection_consent add constraint protection_consent_to_words_of_its_purpose
    foreign key (text_id, purpose_id) references protection_consenttext (id, purpose_id);
"""
NOT_THE_SAME = """
alter table protection_consent drop constraint protection_consent_to_words_of_its_purpose;
alter table protection_consenttext drop constraint protection_consenttext_of_purpose;
"""
# What was agreed to stays as it was said; the one change is that it is withdrawn, once.
STAYS = """
create function protection_consent_stays() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    if (new.purpose_id, new.text_id, new.given_at, new.how, new.given_by)
            is distinct from (old.purpose_id, old.text_id, old.given_at, old.how, old.given_by)
       or old.withdrawn_at is not null
          and (new.withdrawn_at, new.withdrawn_by) is distinct from (old.withdrawn_at, old.withdrawn_by) then
        raise exception using errcode = '23514', constraint = 'protection_consent_stays',
            message = 'a consent is withdrawn or stays, it is never rewritten';
    end if;
    return new;
end $$;
revoke execute on function protection_consent_stays() from public;
create trigger gs_stays before update on protection_consent
    for each row execute function protection_consent_stays();
"""

SECRETARIES = f"{EVERYTHING} or unit_id in (select unnest(scope_reach('{{secretary}}', true)))"
# As with ways to reach her: those who may know them, and she herself.
KEPT = f"""{EVERYTHING} or person_id = (select scope_person())
  or unit_id in (select unnest(scope_contact_units()))"""
SEEN = f"{KEPT} or person_id in (select unnest(scope_contact_guests()))"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0017_read_by_ranges"),
        ("protection", "0002_requests"),
        ("structure", "0007_periods_written_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="Purpose",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(db_collation="C", max_length=40, unique=True)),
                ("label", models.CharField(max_length=80)),
                ("ended_on", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField()),
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
        ),
        migrations.CreateModel(
            name="ConsentText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("language", models.CharField(max_length=20)),
                ("words", models.TextField()),
                ("valid_from", models.DateTimeField()),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="structure.unit",
                    ),
                ),
                (
                    "purpose",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="protection.purpose"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("given_at", models.DateTimeField()),
                ("how", models.CharField(max_length=8)),
                ("given_by", models.BigIntegerField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_by", models.BigIntegerField(null=True)),
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
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="protection.consenttext",
                    ),
                ),
                (
                    "purpose",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="protection.purpose"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="purpose",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[a-z0-9][a-z0-9_-]*$")), name="protection_purpose_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="purpose",
            constraint=models.CheckConstraint(
                condition=models.Q(("label", ""), _negated=True), name="protection_purpose_has_a_label"
            ),
        ),
        migrations.AddConstraint(
            model_name="consenttext",
            constraint=models.CheckConstraint(
                condition=models.Q(("words", ""), _negated=True), name="protection_consenttext_has_words"
            ),
        ),
        migrations.AddConstraint(
            model_name="consenttext",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="protection_consenttext_counts_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="consenttext",
            constraint=models.UniqueConstraint(
                fields=("unit", "purpose", "number", "language"), name="protection_consenttext_once"
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(fields=["person", "purpose"], name="protection_consent_of_person"),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(("how__in", ("form", "paper", "import", "said"))),
                name="protection_consent_how",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                    models.Q(("withdrawn_at__gte", models.F("given_at")), ("withdrawn_at__isnull", False)),
                    _connector="OR",
                ),
                name="protection_consent_withdrawn_after_it_was_given",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("person", "text"),
                name="protection_consent_one_open",
            ),
        ),
        migrations.RunSQL(SAME_PURPOSE, NOT_THE_SAME),
        migrations.RunSQL(
            STAYS,
            "drop trigger gs_stays on protection_consent; drop function protection_consent_stays();",
        ),
        migrations.RunSQL(SHIPPED, migrations.RunSQL.noop),
        FollowsHome("protection_consent"),
        # What is asked, and in which words, is no secret; the words are never changed and never removed.
        RowSecurity(
            "protection_purpose", read=KNOWN, insert=SECRETARIES, update=SECRETARIES, delete=EVERYTHING
        ),
        RowSecurity("protection_consenttext", read=KNOWN, insert=SECRETARIES),
        RowSecurity("protection_consent", read=SEEN, insert=KEPT, update=KEPT, delete=EVERYTHING),
        Trailed("protection_purpose"),
        Trailed("protection_consenttext"),
        Trailed("protection_consent", person="person_id"),
    ]
