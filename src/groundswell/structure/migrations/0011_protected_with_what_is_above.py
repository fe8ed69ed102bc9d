"""What lies in a protected unit says so of itself.

A branch founded before its region was protected, or split off within it, did not: lists showed its people by
their whole names, and let them go out. The owner writes past row security here, which binds it otherwise.
"""

from django.db import migrations

SHELTER = """
alter table structure_unit no force row level security;
update structure_unit inner_one set protected = true
where not protected and exists (
  select from structure_unit above where above.protected and starts_with(inner_one.path, above.path));
alter table structure_unit force row level security;
"""


class Migration(migrations.Migration):
    dependencies = [("structure", "0010_outline_of_a_unit")]
    operations = [migrations.RunSQL(SHELTER, migrations.RunSQL.noop)]
