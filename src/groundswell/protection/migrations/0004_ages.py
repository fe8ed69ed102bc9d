"""How old somebody must be, by country and by what it is about; what the laws say is shipped."""

import django.db.models.deletion
from django.db import migrations, models

from groundswell.access.operations import EVERYTHING, RowSecurity, Trailed

# Agreeing by oneself (GDPR art. 8): country, years, where the law says so.
ROWS = """
insert into protection_minimumage (country, purpose, years, source, set_at) values
    ('AT', 'consent', 14, 'Austria: Datenschutzgesetz, § 4(4)', now()),
    ('BE', 'consent', 13, 'Belgium: Act of 30 July 2018, art. 7', now()),
    ('BG', 'consent', 14, 'Bulgaria: Personal Data Protection Act, art. 25c', now()),
    ('CA', 'consent', 13, 'Canada: guidance of the Privacy Commissioner on consent', now()),
    ('CH', 'consent', 16, 'Switzerland: no age in the law; that of the GDPR is taken', now()),
    ('CY', 'consent', 14, 'Cyprus: Law 125(I)/2018, section 8', now()),
    ('CZ', 'consent', 15, 'Czechia: Act 110/2019, § 7', now()),
    ('DE', 'consent', 16, 'Germany: GDPR art. 8(1), no other age in the law', now()),
    ('DK', 'consent', 15, 'Denmark: Databeskyttelsesloven, § 6(2), as changed in 2024', now()),
    ('EE', 'consent', 13, 'Estonia: Personal Data Protection Act, § 8', now()),
    ('ES', 'consent', 14, 'Spain: Ley Orgánica 3/2018, art. 7', now()),
    ('FI', 'consent', 13, 'Finland: Data Protection Act 1050/2018, § 5', now()),
    ('FR', 'consent', 15, 'France: Loi Informatique et Libertés, art. 45', now()),
    ('GB', 'consent', 13, 'United Kingdom: UK GDPR art. 8, Data Protection Act 2018', now()),
    ('GR', 'consent', 15, 'Greece: Law 4624/2019, art. 21', now()),
    ('HR', 'consent', 16, 'Croatia: GDPR art. 8(1), no other age in the law', now()),
    ('HU', 'consent', 16, 'Hungary: GDPR art. 8(1), no other age in the law', now()),
    ('IE', 'consent', 16, 'Ireland: Data Protection Act 2018, section 31', now()),
    ('IS', 'consent', 13, 'Iceland: Act 90/2018, art. 10', now()),
    ('IT', 'consent', 14, 'Italy: Codice in materia di protezione dei dati personali, art. 2-quinquies', now()),
    ('LT', 'consent', 14, 'Lithuania: Law on the Legal Protection of Personal Data, art. 6', now()),
    ('LU', 'consent', 16, 'Luxembourg: GDPR art. 8(1), no other age in the law', now()),
    ('LV', 'consent', 13, 'Latvia: Personal Data Processing Law, section 33', now()),
    ('MT', 'consent', 13, 'Malta: Subsidiary Legislation 586.11', now()),
    ('NL', 'consent', 16, 'Netherlands: GDPR art. 8(1), no other age in the law', now()),
    ('NO', 'consent', 13, 'Norway: Personopplysningsloven, § 5', now()),
    ('PL', 'consent', 16, 'Poland: GDPR art. 8(1), no other age in the law', now()),
    ('PT', 'consent', 13, 'Portugal: Lei 58/2019, art. 16', now()),
    ('RO', 'consent', 16, 'Romania: GDPR art. 8(1), no other age in the law', now()),
    ('SE', 'consent', 13, 'Sweden: Lag 2018:218, chapter 2, § 4', now()),
    ('SI', 'consent', 15, 'Slovenia: ZVOP-2, art. 8', now()),
    ('SK', 'consent', 16, 'Slovakia: Act 18/2018, § 15', now()),
    ('US', 'consent', 13, 'United States: Children’s Online Privacy Protection Act (under 13)', now());
"""
SETTERS = f"{EVERYTHING} or unit_id in (select unnest(scope_reach('{{secretary,dpo}}', true)))"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0017_read_by_ranges"),
        ("protection", "0003_consents"),
        ("structure", "0007_periods_written_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="MinimumAge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("country", models.CharField(max_length=2)),
                ("purpose", models.CharField(max_length=8)),
                ("years", models.PositiveSmallIntegerField()),
                ("source", models.CharField(blank=True, default="", max_length=200)),
                ("set_at", models.DateTimeField()),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="structure.unit",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="minimumage",
            constraint=models.CheckConstraint(
                condition=models.Q(("country__regex", "^[A-Z]{2}$")), name="protection_minimumage_country"
            ),
        ),
        migrations.AddConstraint(
            model_name="minimumage",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", ("entry", "consent"))),
                name="protection_minimumage_purpose",
            ),
        ),
        migrations.AddConstraint(
            model_name="minimumage",
            constraint=models.CheckConstraint(
                condition=models.Q(("years__range", (10, 21))), name="protection_minimumage_within_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="minimumage",
            constraint=models.UniqueConstraint(
                fields=("unit", "country", "purpose"), name="protection_minimumage_once", nulls_distinct=False
            ),
        ),
        migrations.RunSQL(ROWS, migrations.RunSQL.noop),
        # A form that somebody signed out fills in asks for it as well.
        RowSecurity("protection_minimumage", read="true", insert=SETTERS, update=SETTERS, delete=EVERYTHING),
        Trailed("protection_minimumage"),
    ]
