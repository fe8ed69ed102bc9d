"""Why a change could not be done on its day is kept in each language; of earlier ones in the one it was said in."""

from django.db import migrations, models

BY_LANGUAGE = """
alter table structure_preparation alter column refusal type jsonb
using case refusal when '' then '{}'::jsonb else jsonb_build_object('', refusal) end
"""


class Migration(migrations.Migration):
    """A sentence for each language instead of one."""

    dependencies = [("structure", "0013_where_a_merged_unit_goes_on")]

    operations = [
        migrations.RunSQL(
            BY_LANGUAGE,
            state_operations=[
                migrations.AlterField("preparation", "refusal", models.JSONField(blank=True, default=dict))
            ],
        )
    ]
