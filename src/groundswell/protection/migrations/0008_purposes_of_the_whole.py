"""The secretary of the top unit, which holds no names, lets all sections ask for consent to something more."""

from django.db import migrations

WRITERS = """(select scope_all()) or unit_id in (select unnest((select scope_reach('{secretary}', true))))"""
AT_THE_TOP = """ or (unit_id = (select top.id from structure_unit top order by top.path limit 1)
  and unit_id in (select unnest((select scope_structure_units()))))"""
POLICIES = """
alter policy gs_insert on protection_purpose with check ({0});
alter policy gs_update on protection_purpose using ({0}) with check ({0});
"""


class Migration(migrations.Migration):
    dependencies = [("protection", "0007_samples")]
    operations = [migrations.RunSQL(POLICIES.format(WRITERS + AT_THE_TOP), POLICIES.format(WRITERS))]
