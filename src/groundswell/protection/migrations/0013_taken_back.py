"""A person takes back what she asked about her own data, as long as nobody answered it (decision 0866)."""

from django.db import migrations, models

OFFICERS = "(select scope_all()) or unit_id in (select unnest((select scope_protection_units())))"
HERS = "person_id = (select scope_person())"
TAKES_BACK = f"""
drop policy gs_update on protection_datarequest;
create policy gs_update on protection_datarequest for update
  using ({OFFICERS} or ({HERS} and decided_at is null))
  with check ({OFFICERS} or ({HERS} and decision = 'withdrawn'));
"""
OFFICERS_ALONE = f"""
drop policy gs_update on protection_datarequest;
create policy gs_update on protection_datarequest for update using ({OFFICERS}) with check ({OFFICERS});
"""


class Migration(migrations.Migration):
    dependencies = [("protection", "0012_directory_of_a_merged_branch")]
    operations = [
        migrations.RemoveConstraint("datarequest", "protection_datarequest_decided_or_open"),
        migrations.AlterField(
            "datarequest",
            "decision",
            models.CharField(blank=True, db_default="", default="", max_length=9),
        ),
        migrations.AddConstraint(
            "datarequest",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decision", "")),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decision__in", ("granted", "refused", "withdrawn")),
                    ),
                    _connector="OR",
                ),
                name="protection_datarequest_decided_or_open",
            ),
        ),
        migrations.RunSQL(TAKES_BACK, OFFICERS_ALONE),
    ]
