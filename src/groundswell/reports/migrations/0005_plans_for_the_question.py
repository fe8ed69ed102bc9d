"""Plan each question of figures for its own arrays.

After five calls PL/pgSQL plans once for arrays of any length, guesses ten elements, and walks thousands of
units one by one: a report of five years took seconds instead of milliseconds.
"""

from django.db import migrations

FUNCTIONS = (
    "figures_by_month(bigint[], bigint[], bigint[], date, date, date[], timestamptz)",
    "figures_of_sections(bigint[], bigint[], bigint[], bigint[], bigint[], date, date, date[])",
    "figures_of_units(bigint[], bigint[], bigint[], date, date, date[])",
    "figures_by_day(bigint[], bigint[], bigint[], date, date, timestamptz)",
    "figures_of_special(bigint[], bigint[], date, timestamptz)",
    "figures_of_days(bigint[], bigint[], bigint[], date[], timestamptz)",
)


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_days_of_months")]
    operations = [
        migrations.RunSQL(
            f"alter function {function} set plan_cache_mode = force_custom_plan",
            f"alter function {function} reset plan_cache_mode",
        )
        for function in FUNCTIONS
    ]
